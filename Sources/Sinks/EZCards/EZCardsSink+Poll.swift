import Orders
package import SinkKit
import Transport

/// From purchases to codes, over as many polls as it takes.
extension EZCardsSink {
    /// So often a transaction may be shown as completed without its codes.
    private static let emptyAnswersMax = 5

    package func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let budget = self.budget(for: context)
        let before = try EZCardsTicket(ticket)
        var progress = before
        var deliverables: [SinkDeliverable] = []
        // What is missing is asked for first: should time run out, what was already handed out is told the next time.
        let places = before.transactions.indices
        do throws(SinkError) {
            for index in places.filter({ !before.transactions[$0].isSettled })
                + places.filter({ before.transactions[$0].isSettled })
            {
                deliverables += try await take(&progress.transactions[index], budget)
            }
        } catch {
            // What came before it is worth keeping; the rest is asked for again.
            guard progress != before, error.code != .conflict else { throw error }
            return pending(progress, deliverables)
        }
        guard progress.isSettled else { return pending(progress, deliverables) }
        var receipt = progress.receipt
        receipt.deliverables = deliverables
        return .accepted(receipt)
    }

    private func pending(_ progress: EZCardsTicket, _ deliverables: [SinkDeliverable]) -> SinkAnswer {
        var ticket = SinkTicket(progress.text)
        ticket.deliverables = deliverables
        return .pending(ticket)
    }

    /// Asks for the codes of one transaction, and for its state where some are missing.
    private func take(
        _ transaction: inout EZCardsTicket.Transaction, _ budget: CallBudget
    ) async throws(SinkError) -> [SinkDeliverable] {
        let codes = try await client.codes(of: transaction.id, budget)
        var deliverables: [SinkDeliverable] = []
        for index in transaction.products.indices {
            deliverables += try take(codes, &transaction.products[index], of: transaction.id)
        }
        if !transaction.isSettled { try settle(&transaction, by: try await client.transaction(transaction.id, budget)) }
        return deliverables
    }

    private func take(
        _ codes: [EZCardsCode], _ product: inout EZCardsTicket.Product, of id: String
    ) throws(SinkError) -> [SinkDeliverable] {
        var deliverables: [SinkDeliverable] = []
        for code in codes where code.sku == product.sku {
            let place = product.stock.firstIndex(of: code.stockID) ?? product.stock.endIndex
            if place == product.stock.endIndex { product.stock.append(code.stockID) }
            guard let (line, unit) = product.unit(place) else {
                throw SinkError(.conflict, "EZ Cards gives more codes of \(product.sku) in transaction \(id) than were ordered")
            }
            deliverables.append(SinkDeliverable(lineKey: line, unit: unit, label: "code", secret: code.redeemCode))
            if let pin = code.pinCode {
                deliverables.append(SinkDeliverable(lineKey: line, unit: unit, label: "pin", secret: pin))
            }
        }
        return deliverables
    }

    /// What is cancelled won't come; what is completed must.
    private func settle(_ transaction: inout EZCardsTicket.Transaction, by shown: EZCardsTransaction) throws(SinkError) {
        for index in transaction.products.indices where !transaction.products[index].isSettled {
            let product = shown.products.first { $0.sku == transaction.products[index].sku }
            if shown.status == .cancelled || product?.status == .cancelled { transaction.products[index].isCancelled = true }
        }
        guard shown.status == .completed, !transaction.isSettled else { return }
        transaction.emptyAnswers += 1
        if transaction.emptyAnswers > Self.emptyAnswersMax {
            throw SinkError(
                .conflict, "EZ Cards shows transaction \(transaction.id) as completed and doesn't give all of its codes")
        }
    }
}

/// A code that is ready.
struct EZCardsCode: Sendable {
    let sku: String
    let stockID: String
    let redeemCode: SinkSecret
    let pinCode: SinkSecret?
}

extension EZCardsClient {
    /// Those that are ready, which asking for them brings on; none on a 404, which says "not yet".
    func codes(of transactionID: String, _ budget: CallBudget) async throws(SinkError) -> [EZCardsCode] {
        let path = "/v2/orders/\(PercentEncoding.encode(transactionID))/codes"
        guard let data = try await ask(path, budget) else { return [] }
        guard let products = data.arrayValue else { throw malformed(path) }
        var codes: [EZCardsCode] = []
        for product in products {
            guard let sku = product["sku"]?.stringValue, let listed = product["codes"]?.arrayValue else { throw malformed(path) }
            for code in listed {
                guard code["status"]?.stringValue != "PROCESSING", let redeemCode = code["redeemCode"]?.ezText else { continue }
                guard let stockID = code["stockId"]?.ezText else { throw malformed(path) }
                if codes.contains(where: { $0.stockID == stockID }) { continue }
                codes.append(
                    EZCardsCode(
                        sku: sku, stockID: stockID, redeemCode: SinkSecret(redeemCode),
                        pinCode: code["pinCode"]?.ezText.map { SinkSecret($0) }))
            }
        }
        return codes
    }

    private func malformed(_ path: String) -> SinkError {
        SinkError(.notApplied, "GET \(path) was answered with codes that have not the documented shape")
    }
}
