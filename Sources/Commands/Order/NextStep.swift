import Ledger
import OrderFlow
import Orders

/// What happens to an order next, and what a person can do about it.
struct NextStep {
    let row: OrderRow
    let documents: [DocumentRow]
    let time: ShopTime
    let now: Timestamp

    var words: String {
        let due = row.state.dueAt.map { $0 <= now ? "with the next run" : "at \(time.text($0)), or with the first run after it" }
        switch row.state.standing {
        case .finished: return "nothing"
        case .dismissed where row.state.reason == .skippedByPerson:
            return "nothing; \(command("rerun")) with a --reason takes it up again"
        case .dismissed: return "nothing, unless the shop changes it"
        case .new, .waiting, .held:
            return due.map { "looked at again \($0)" } ?? "nothing until somebody says \(command("release"))"
        case .quarantined where row.state.lackedWith != nil:
            let release = row.state.reason == .mappingQuestion ? "; or \(command("release"))" : ""
            return "looked at again by itself once the tables, or what the sink requires, are others\(release)"
        case .quarantined: return (due.map { "looked at again \($0)" } ?? "nothing by itself") + "; \(help)"
        }
    }

    /// What a person can do; where a verdict's sentence says so already, what is left to say.
    private var help: String {
        let (release, again, skip) = (command("release"), command("rerun"), command("skip"))
        switch row.state.reason {
        case .documentRefused, .documentUnknown:
            return (blockingDocument.map { "'crossdock document resend \($0.id)' or " } ?? "") + release
        case .malformed, .unknownState: return "mend it in the shop, then \(again)"
        case .totalMismatch: return "mend it in the shop, then \(again); or \(release) to send it as it is"
        case .rejected: return "mend it in the shop or in the ERP, then \(again)"
        case .refusedByShop, .retriesExhausted:
            return "once the remote is put right, \(again) tries again; \(skip) takes the order out"
        case .keyConflict: return "look in the ERP what stands under its key, then \(command("adopt")) or \(again)"
        case .partiallyAccepted: return "\(release) tells the shop what the ERP has; \(skip) leaves the shop as it is"
        case .changedAfterPush: return "put the change into the ERP by hand, then \(release)"
        case .editedMeanwhile: return "look whether the shop's order is as it should be, then \(release)"
        case .cancelledAfterPush: return "put it in order in the ERP, then \(skip)"
        case .numberConflict, .lineNumberConflict, .unexpectedState:
            return "find out which of the two is right; mend it in the shop, then \(again), or \(skip)"
        case .processedElsewhere, .olderThanLedger, .outcomeUnknown, .cancelledInERP, .partlyPushed:
            return "a person's decision, see above"
        case let reason where reason.canBeReleased: return "\(release) or \(again)"
        default: return "\(again) once it is mended"
        }
    }

    private func command(_ name: String) -> String { "'crossdock \(name) \(row.state.reference ?? String(row.key.orderID))'" }

    /// The first that its order waits for; texts for the buyer hold nothing up, nor does what was about an ERP order before this one.
    private var blockingDocument: DocumentRow? {
        documents.first { document in
            guard document.status.state == .refused || document.status.state == .unknown else { return false }
            return switch document.record.cause {
            case .status: false
            case .shipment: true
            case .confirmation(let number), .orderResponse(let number), .codes(let number): number == row.state.erpOrderNumber
            }
        }
    }
}
