import SinkKit

/// What became of asking the ERP to cancel its order.
package struct CancelRequest: Sendable, Equatable {
    /// `nil`: whoever asked is gone.
    package var end: CancelEnd?
}

/// Cancelling in the ERP, folded.
extension OrderProgress {
    mutating func applyCancelEnd(_ end: CancelEnd) {
        // Nothing came of it, so it is as if it hadn't been asked.
        if case .notApplied = end {
            cancelRequest = nil
            return
        }
        cancelRequest = CancelRequest(end: end)
        forgetFailures()
        if end == .cancelled { receipt?.state = .cancelled }
    }

    /// Whether the ERP was asked and what it makes of it isn't known.
    var isCancelling: Bool {
        guard let cancelRequest else { return false }
        return switch cancelRequest.end {
        case nil, .unknown?: true
        case .cancelled?, .refused?, .notApplied?: false
        }
    }
}
