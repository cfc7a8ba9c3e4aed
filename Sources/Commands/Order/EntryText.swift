import Ledger
import OrderFlow
import Orders
import SinkKit

/// A journal entry in a sentence.
struct EntryText {
    let time: ShopTime
    /// The order's documents, as the ledger numbers them.
    let documents: [DocumentRow]

    func describe(_ event: JournalEvent) -> String {
        switch event {
        case .listedOffline: return "the shop listed it as an order that was placed elsewhere, and not among the others"
        case .read(let reading):
            // Of what can't be used, nothing but its state is kept.
            guard reading.faults.isEmpty else {
                return "read from the shop: \(reading.state.rawValue), with \(reading.faults.count.counted("fault"))"
            }
            return "read from the shop: \(reading.state.rawValue), payment \(reading.payment?.rawValue ?? "none given"), "
                + "\(reading.lines.count.counted("line")) to push"
        case .verdict(let verdict):
            // What a remote said ends as it likes.
            let end = verdict.sentence.hasSuffix(".") ? "" : "."
            return "\(verdict.standing.styled), \(verdict.reason.rawValue): \(verdict.sentence)"
                + (verdict.until.map { "\(end) Looked at again at \(time.text($0))." } ?? "")
        case .createIntended(let intent):
            return "create attempt \(intent.attempt) is about to be sent to the ERP"
                + (intent.generation > 1 ? " under key \(intent.generation)" : "")
        case .createEnded(let attempt, let end): return Self.describe(end, attempt: attempt)
        case .interrupted(let attempt): return "whoever sent create attempt \(attempt) is gone; its outcome isn't known"
        case .attemptBegun(let attempt): return "the sink is about to do '\(attempt)'"
        case .attemptEnded(let attempt, let end): return "'\(attempt)': \(Self.describe(end))"
        case .draftKept: return "the ERP's draft counts as its order as it is, because the shop shows it as processed"
        case .sought(.found(let receipt)) where receipt.state == .draft:
            return "asked the ERP: it has the order as a draft, \(receipt.erpOrderNumber)"
        case .sought(.found(let receipt)): return "asked the ERP: it has the order, as \(receipt.erpOrderNumber)"
        case .sought(.absent): return "asked the ERP: it has no such order"
        case .wrote(let steps, let reading):
            return "told the shop: \(steps.map(\.rawValue).joined(separator: ", ")); it now shows \(reading.state.rawValue), "
                + "ERP number \(reading.erpOrderNumber ?? "none"), shipment \(reading.shipment?.rawValue ?? "none given")"
        case .codesStored(let names): return "the ERP handed out \(Self.count(names)), which the ledger keeps sealed"
        case .codesRevealed(let by, let reason): return "\(by) looked at its codes: \(reason)"
        case .failed(let failure):
            // Waiting for an answer is no failure; what may have had an effect is looked at again, and not always tried again.
            let isWaiting = failure.activity == "poll" && failure.failureClass == .throttled
            let what = isWaiting ? "asked the ERP" : "\(failure.activity) failed (\(failure.failureClass.rawValue))"
            let again = isWaiting ? "asked again" : failure.failureClass == .unknown ? "looked at again" : "tried again"
            return "\(what): \(failure.message)" + (failure.retryAt.map { "; \(again) at \(time.text($0))" } ?? "")
        case .restored(let restoration):
            return "the ledger was rebuilt; what happened after the entry before isn't known"
                + (restoration.doubt.map { ", and \($0)" } ?? "")
        case .shipped(let known):
            let ids = known.shipments.map(\.id).joined(separator: ", ")
            return "asked the ERP: "
                + (known.shipments.isEmpty ? "nothing was sent out yet" : "sent out so far: shipments \(ids)")
                + (known.isCancelled ? "; its order is cancelled" : "")
        case .documentRendered(let record):
            return "made \(name(record.ordinal)): \(record.kind.rawValue) \(record.number), about \(record.cause.words)"
        case .documentImpossible(let cause, let faults):
            return "no document about \(cause.words) can be made: " + faults.map(\.description).joined(separator: "; ")
        case .documentSending(let ordinal): return "\(name(ordinal)) is about to be sent"
        case .documentEnded(let ordinal, let end): return "\(name(ordinal)): \(Self.describe(end))"
        case .cancelAsked: return "the ERP is about to be asked to cancel its order"
        case .cancelEnded(let end): return "asked the ERP to cancel its order: \(describe(end))"
        case .message(let entry): return "a message of the ERP's (\(entry.name.message)): \(Self.describe(entry.effect))"
        case .person(let decision):
            var said = "'\(decision.name)'"
            if case .resend(let ordinal) = decision.kind { said += " of \(name(ordinal))" }
            return "\(decision.by) said \(said): \(decision.reason)"
        }
    }

    /// As `crossdock document show` knows it; a ledger without its row has lost it.
    private func name(_ ordinal: Int) -> String {
        documents.first { $0.record.ordinal == ordinal }.map { "document \($0.id)" } ?? "the order's document no. \(ordinal)"
    }

    private static func describe(_ end: DocumentEnd) -> String {
        switch end {
        case .sent: "its receiver took it"
        case .acknowledged: "its receiver says that it has it"
        case .refused(let why): "refused; \(why)"
        case .notSent(let why): "not sent; \(why)"
        case .unknown(let why): "whether it arrived isn't known; \(why)"
        }
    }

    private func describe(_ end: CancelEnd) -> String {
        switch end {
        case .cancelled: "cancelled"
        case .refused(let why): "refused; \(why)"
        case .notApplied(let why): "not done; \(why)"
        case .unknown(let why, let until): "the outcome isn't known; \(why); a message is waited for until \(time.text(until))"
        }
    }

    private static func describe(_ end: SinkAttemptEnd) -> String {
        switch end {
        case .finished: "done"
        case .notApplied(let why): "had no effect; \(why)"
        case .unknown(let why): "the outcome isn't known; \(why)"
        }
    }

    private static func describe(_ effect: MessageEntry.Effect) -> String {
        switch effect {
        case .answered(.accepted(let receipt)): "it accepted the order as \(receipt.erpOrderNumber)"
        case .answered(.pending(let ticket)): "it works on the order, ticket \(ticket.text)"
        case .answered(.rejected(let faults)): "it refused the order; " + faults.map(\.description).joined(separator: "; ")
        // No message says these.
        case .answered(let end): describe(end, attempt: 0)
        case .cancelled(let why): why.isEmpty ? "it cancelled its order" : "it cancelled its order; \(why)"
        case .cancelRefused(let why): "it doesn't cancel its order; \(why)"
        case .contradicted(let objection): objection.sentence
        }
    }

    private static func describe(_ end: CreateEnd, attempt: Int) -> String {
        let name = attempt == 0 ? "before anything was sent" : "create attempt \(attempt)"
        switch end {
        case .accepted(let receipt): return "\(name): the ERP accepted it as \(receipt.erpOrderNumber)"
        case .pending(let ticket): return "\(name): the ERP works on it, ticket \(ticket.text)"
        case .rejected(let faults): return "\(name): refused; " + faults.map(\.description).joined(separator: "; ")
        case .lacking(let lack):
            return "\(name): it lacks what the ERP needs; " + lack.faults.map(\.description).joined(separator: "; ")
        case .notApplied(let why): return "\(name): had no effect; \(why)"
        case .unknown(let why): return "\(name): the outcome isn't known; \(why)"
        }
    }
}

extension EntryText {
    /// `12 codes for 2 lines`
    fileprivate static func count(_ names: [CodeName]) -> String {
        let lines = Set(names.map(\.lineKey)).count
        return "\(names.count.counted("code")) for \(lines.counted("line"))"
    }
}
