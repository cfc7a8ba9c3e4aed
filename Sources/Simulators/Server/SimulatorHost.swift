internal import Orders
internal import Synchronization

/// How an answer reaches the client.
enum AnswerDelivery: Sendable {
    case whole(SimulatedResponse)
    /// The connection ends instead.
    case none
    /// The headers of the whole answer and the first half of its body, then the connection ends.
    case half(SimulatedResponse)
}

/// What both simulators share: rate limit, faults, log, counters and the control endpoint, around a surface, under one lock.
final class SimulatorHost<Surface: SimulatedSurface>: Sendable {
    struct State: Sendable {
        var surface: Surface
        var faults: FaultPlan
        var log: RequestLog
        var counts: [String: Int] = [:]
        var busiest = BusiestSecond()
        var window: RateLimitWindow?
        var late: [LateRequest] = []
        var delayed: [Int: DelayedRequest] = [:]
        var lastDelayed = 0
        var date = HTTPDate()
    }

    /// A request whose connection ended before it took effect.
    struct LateRequest: Sendable {
        let dueUnixMicroseconds: Int64
        let request: SimulatedRequest
        let sequence: Int
    }

    /// A request whose connection is still open.
    struct DelayedRequest: Sendable {
        let dueUnixMicroseconds: Int64
        let request: SimulatedRequest
        /// Once it has taken effect.
        var delivery: AnswerDelivery?
    }

    private let state: Mutex<State>
    let clock: SimulatorClock
    private let faultSeed: UInt64

    init(surface: Surface, clock: SimulatorClock, seed: UInt64, logCapacity: Int, rateLimit: RateLimit?) {
        self.clock = clock
        faultSeed = seed
        state = Mutex(
            State(
                surface: surface, faults: FaultPlan(seed: seed), log: RequestLog(capacity: logCapacity),
                window: rateLimit.map(RateLimitWindow.init(limit:))))
    }

    /// The state as of now: whatever was to take effect by now has.
    func withState<Result: Sendable>(_ body: (inout State, Int64) -> Result) -> Result {
        let now = clock.unixMicroseconds()
        return state.withLock { state in
            state.settleLate(until: now)
            return body(&state, now)
        }
    }

    /// Answers a request, with whatever goes wrong on the way.
    func exchange(_ request: SimulatedRequest) async -> AnswerDelivery {
        if request.path.hasPrefix("/_simulator") {
            return .whole(withState { state, now in state.control(request, at: now, seed: faultSeed) })
        }
        let reception = withState { state, now in state.receive(request, at: now) }
        switch reception {
        case .delivered(let delivery): return delivery
        case .delayed(let milliseconds, .before):
            // Whoever asks meanwhile finds it done when it is due, however late this task wakes up.
            let number = withState { state, now in state.delay(request, until: now + Int64(milliseconds) * 1000) }
            try? await Task.sleep(for: .milliseconds(milliseconds))
            return withState { state, now in state.endDelay(number, at: now) }
        case .delayed(let milliseconds, .after):
            let delivery = withState { state, now in state.applied(request, at: now, fault: "delay") }
            try? await Task.sleep(for: .milliseconds(milliseconds))
            return delivery
        }
    }

    func dateHeader() -> String {
        let now = clock.unixMicroseconds()
        return state.withLock { $0.date.text(unixMicroseconds: now) }
    }
}
