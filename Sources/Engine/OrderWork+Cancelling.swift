import OrderFlow
import Orders
import SinkKit

/// The order that the shop cancelled, cancelled in the ERP.
extension OrderWork {
    /// How long a message is waited for that tells what came of it, where the sink doesn't say.
    private static let messageWait: Duration = .seconds(1800)

    mutating func cancel(_ receipt: SinkReceipt) async throws(Interruption) {
        note(.cancelAsked)
        try await flush()
        outcome.writes += 1
        do throws(SinkError) {
            switch try await flow.sink.cancel(receipt, key: key, context) {
            case .cancelled: note(.cancelEnded(.cancelled))
            case .refused(let why): note(.cancelEnded(.refused(JournalLimit.shortened(why))))
            }
        } catch {
            try failedCancel(error)
        }
        try await flush()
    }

    private mutating func failedCancel(_ error: SinkError) throws(Interruption) {
        let message = JournalLimit.shortened(error.message)
        switch error.code {
        // What the ERP holds against it no repeat changes.
        case .conflict: note(.cancelEnded(.refused(message)))
        case .unknownOutcome where flow.sink.capabilities.receivesMessages:
            note(.cancelEnded(.unknown(message, until: surroundings.now + (error.retryAfter ?? Self.messageWait))))
        default:
            // Unknown or not, to ask once more is safe.
            note(.cancelEnded(.notApplied(message)))
            try fail("cancel", error)
        }
    }
}
