import Orders
import SinkKit

/// How large what a sink hands over may be. It stands in the order's journal, of which every entry is read again whole, and what no reader
/// takes would make the order, and the ledger's own checks, fail for ever: it is refused where it comes in.
enum JournalLimit {
    /// A receipt of 5,000 lines has half a megabyte.
    static let receiptBytesMax = 1 << 20
    static let shipmentsBytesMax = 4 << 20
    static let ticketBytesMax = 64 << 10
    /// Of one attempt.
    static let evidenceBytesMax = 64 << 10
    static let attemptNameBytesMax = 1 << 10
    /// Of a message for people; the rest of a longer one is left out.
    static let messageCharactersMax = 4_000
    /// Of a refusal; how many more there were is said in their place.
    static let faultsMax = 1_000

    /// What is wrong with an answer, with what to do about it; `nil`: it can be journalled.
    static func complaint(_ answer: SinkAnswer) -> String? {
        switch answer {
        case .accepted(let receipt): complaint(receipt)
        case .pending(let ticket):
            excess(ticket.text.utf8.count, ticketBytesMax, "the ERP's ticket", "a ticket should only name what is asked for")
        case .rejected: nil
        }
    }

    static func complaint(_ receipt: SinkReceipt) -> String? {
        let name = receipt.erpOrderNumber.prefix(80)
        return excess(
            bytes(receipt.json), receiptBytesMax, "the receipt of ERP order '\(name)'",
            "its lines should have short messages, and there should be one for each line pushed")
    }

    static func complaint(_ shipments: SinkShipments) -> String? {
        excess(bytes(shipments.json), shipmentsBytesMax, "what the ERP tells of shipments", "is it that of one order only?")
    }

    static func complaint(_ evidence: JSONObject, of attempt: SinkAttemptName) -> String? {
        excess(
            bytes(evidence), evidenceBytesMax, "the evidence of '\(attempt)'",
            "it should hold no more than what names the call's effect, such as a number")
    }

    private static func bytes(_ object: JSONObject) -> Int { JSONValue.object(object).serialized().count }

    private static func excess(_ count: Int, _ most: Int, _ what: String, _ remedy: String) -> String? {
        guard count > most else { return nil }
        return
            "\(what) has \(count) bytes, more than the \(most) that the journal takes, and wasn't kept: \(remedy); mend the sink"
    }

    // MARK: Shortening

    static func shortened(_ message: String) -> String {
        let kept = message.prefix(messageCharactersMax)
        return kept.endIndex == message.endIndex ? message : "\(kept)… (\(message.count) characters)"
    }

    static func shortened(_ faults: [SinkFault]) -> [SinkFault] {
        let kept = faults.prefix(faultsMax).map { SinkFault(path: shortened($0.path), message: shortened($0.message)) }
        let rest = faults.count - kept.count
        return rest == 0 ? kept : kept + [SinkFault(message: "\(rest) more faults, which are left out here")]
    }

    static func shortened(_ end: SinkAttemptEnd) -> SinkAttemptEnd {
        switch end {
        case .finished: end
        case .notApplied(let message): .notApplied(shortened(message))
        case .unknown(let message): .unknown(shortened(message))
        }
    }
}
