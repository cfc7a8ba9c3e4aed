import SinkKit

/// What became of asking the ERP to cancel its order.
package struct CancelRequest: Sendable, Equatable {
    /// `nil`: whoever asked is gone.
    package var end: CancelEnd?
}

/// Cancelling in the ERP, folded.
extension OrderProgress {
    mutating func beginCancel() {
        cancelRequest = CancelRequest(end: nil)
        cancelsOpen += 1
    }

    mutating func applyCancelEnd(_ end: CancelEnd) {
        switch end {
        case .unknown: break
        case .notApplied, .cancelled, .refused: cancelsOpen = max(0, cancelsOpen - 1)
        }
        // Nothing came of it, so it is as if it hadn't been asked.
        if case .notApplied = end {
            cancelRequest = nil
            return
        }
        cancelRequest = CancelRequest(end: end)
        forgetFailures()
        if end == .cancelled { receipt?.state = .cancelled }
    }

    /// What was asked was about another order of the ERP than the one that counts from now on.
    mutating func forgetCancels() {
        cancelRequest = nil
        cancelsOpen = 0
    }
}
