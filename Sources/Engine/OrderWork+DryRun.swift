import CloudSuite
import Ledger
import OrderFlow
import Orders
import SinkKit

/// What a dry run does in place of anything that writes.
extension OrderWork {
    /// - Returns: whether the order's story ends here in a dry run; the outcome says with what.
    mutating func previewed(_ decision: Decision) async throws(Interruption) -> Bool {
        switch decision {
        case .create(let attempt):
            guard let prepared = try await prepared(), prepared.faults.isEmpty else { return false }
            if surroundings.validates, let verdict = await objection(to: prepared.order) {
                settle(verdict)
                return true
            }
            preview("create attempt \(attempt) in sink '\(flow.sinkName)'", .object(prepared.order.json))
        case .repeatCreate(let intent):
            preview(
                "create attempt \(intent.attempt) again in sink '\(flow.sinkName)', the stored bytes", .text(intent.payloadDigest)
            )
        case .write(let steps):
            guard let shopOrder else { return false }
            let edit = OrderEdit(steps, receipt: progress.receipt, close: flow.policy.close)
            let verb = edit.needsWholeOrder ? "PUT" : "PATCH"
            preview(
                "\(verb) /api/order/\(claimed.row.key.orderID)/",
                .object(edit.needsWholeOrder ? edit.replacement(for: shopOrder.json) : edit.patch))
        case .poll(let ticket):
            // A sink may go on with a create while it is polled.
            preview("poll of ticket '\(ticket.text)' in sink '\(flow.sinkName)'", .text(ticket.text))
        case .cancel(let receipt):
            preview(
                "cancellation of ERP order \(receipt.erpOrderNumber) in sink '\(flow.sinkName)'", .text(receipt.erpOrderNumber))
        case .rest(let verdict): settle(verdict)
        case .render(let cause):
            // What can't be made is told by the step itself, with its faults.
            guard case .success(let codes) = try await openedCodes(for: cause), let made = try? made(about: cause, codes),
                !made.isEmpty
            else { return false }
            let existing = progress.documents(about: cause)
            for document in made where try await holder(of: document, besides: existing) != nil { return false }
            preview(made)
        case .send(let ordinal):
            guard let (document, _) = try await outgoing(ordinal) else { return false }
            preview([document])
        case .read, .seek, .keepDraft, .recordInterruption, .askShipments, .settle, .recordEvidence, .doubt: return false
        }
        return true
    }

    /// What the sink would refuse the order for; `nil`: nothing, as far as it can tell without making it.
    private func objection(to order: SinkOrder) async -> Verdict? {
        let faults: [SinkFault]
        do throws(SinkError) { faults = try await flow.sink.validate(order, context) } catch {
            return Verdict(.waiting, .retryLater, "What the ERP would refuse can't be found out: \(error.message)")
        }
        if faults.isEmpty { return nil }
        return Verdict(
            .quarantined, .rejected, "The ERP would refuse it: \(faults.count.counted("fault")); nothing was sent.",
            faults: faults)
    }

    private mutating func preview(_ title: String, _ body: JSONValue) { preview(Preview(title: title, body: body)) }

    private mutating func preview(_ documents: [OutgoingDocument]) {
        let shown = documents.map { document in
            document.kind.isSealed
                ? OutgoingDocument(kind: document.kind, number: document.number, bytes: Array("(codes, kept back)".utf8))
                : document
        }
        let names = documents.map { "\($0.kind.rawValue) \($0.number)" }.joined(separator: ", ")
        preview(Preview(title: "\(documents.count == 1 ? "document" : "documents") \(names)", documents: shown))
    }

    private mutating func preview(_ preview: Preview) {
        outcome.preview = preview
        settle(Verdict(.waiting, .listed, "It would go on with: \(preview.title)."))
    }
}
