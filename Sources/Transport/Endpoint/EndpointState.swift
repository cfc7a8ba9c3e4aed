import Synchronization

/// What an endpoint must remember from one process to the next: cron starts a new one each time.
package struct EndpointState: Sendable, Equatable, Codable {
    package var circuit: CircuitBreaker
    package var retryBudget: RetryBudget
    /// `SlidingLogLimiter.log`, in milliseconds since 1970; empty without a rate limit.
    package var limiterLog: [Int64]
    /// Until when the remote asked to be left alone, in milliseconds since 1970, where that is longer than a call waits.
    package var throttledUntil: Int64?

    package init(
        circuit: CircuitBreaker = CircuitBreaker(), retryBudget: RetryBudget = RetryBudget(), limiterLog: [Int64] = [],
        throttledUntil: Int64? = nil
    ) {
        self.circuit = circuit
        self.retryBudget = retryBudget
        self.limiterLog = limiterLog
        self.throttledUntil = throttledUntil
    }
}

/// Where endpoints keep their state; the ledgers implement it.
package protocol EndpointStateStore: Sendable {
    /// The state saved last under `origin`; `nil` when there is none.
    func load(origin: String) async throws -> EndpointState?

    /// Replaces the state under `origin`. Called when a circuit changes and when an endpoint is closed, not per request.
    func save(_ state: EndpointState, origin: String) async throws
}

/// Keeps states as long as it lives.
package final class InMemoryEndpointStateStore: EndpointStateStore {
    private let states = Mutex<[String: EndpointState]>([:])

    package init() {}

    package func load(origin: String) -> EndpointState? {
        states.withLock { $0[origin] }
    }

    package func save(_ state: EndpointState, origin: String) {
        states.withLock { $0[origin] = state }
    }
}
