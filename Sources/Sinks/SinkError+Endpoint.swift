import SinkKit
import Transport

extension SinkError {
    /// What a call that brought no answer means.
    ///
    /// - Parameter reads: whether the call changes nothing, so that nothing can have come of it.
    init(_ error: EndpointError, reads: Bool) {
        if !reads, error.effect == .unknown {
            self.init(.unknownOutcome, error.message)
            return
        }
        switch error.kind {
        case .throttled(let milliseconds):
            self.init(.throttled, error.message, retryAfter: milliseconds.map { .milliseconds($0) })
        case .unauthorized: self.init(.unauthorized, error.message)
        case .notSentInTime: self.init(.notSentInTime, error.message)
        case .invalidCall, .transport(.tls): self.init(.misconfigured, error.message)
        default: self.init(error.isOutage ? .unavailable : .notApplied, error.message)
        }
    }
}
