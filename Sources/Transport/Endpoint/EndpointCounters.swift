import Synchronization

/// Counts what one endpoint did, from any thread.
package final class EndpointCounters: Sendable {
    package struct Snapshot: Sendable, Equatable {
        /// Requests handed to the exchange, retries included, requests for tokens not.
        package var requestsSent = 0
        package var retries = 0
        /// Requests that had to wait for the rate limit, and how long in all.
        package var limiterWaits = 0
        package var limiterWaitMilliseconds = 0
        /// Answers with status 429.
        package var throttledAnswers = 0
        /// Calls refused without being sent because the circuit was open.
        package var circuitRefusals = 0

        package init() {}
    }

    private let requestsSent = Atomic(0)
    private let retries = Atomic(0)
    private let limiterWaits = Atomic(0)
    private let limiterWaitMilliseconds = Atomic(0)
    private let throttledAnswers = Atomic(0)
    private let circuitRefusals = Atomic(0)

    package init() {}

    package var snapshot: Snapshot {
        var snapshot = Snapshot()
        snapshot.requestsSent = requestsSent.load(ordering: .relaxed)
        snapshot.retries = retries.load(ordering: .relaxed)
        snapshot.limiterWaits = limiterWaits.load(ordering: .relaxed)
        snapshot.limiterWaitMilliseconds = limiterWaitMilliseconds.load(ordering: .relaxed)
        snapshot.throttledAnswers = throttledAnswers.load(ordering: .relaxed)
        snapshot.circuitRefusals = circuitRefusals.load(ordering: .relaxed)
        return snapshot
    }

    func countRequest() { requestsSent.wrappingAdd(1, ordering: .relaxed) }
    func countRetry() { retries.wrappingAdd(1, ordering: .relaxed) }
    func countThrottledAnswer() { throttledAnswers.wrappingAdd(1, ordering: .relaxed) }
    func countCircuitRefusal() { circuitRefusals.wrappingAdd(1, ordering: .relaxed) }

    func countLimiterWait(milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        limiterWaits.wrappingAdd(1, ordering: .relaxed)
        limiterWaitMilliseconds.wrappingAdd(Int(milliseconds), ordering: .relaxed)
    }
}
