package import Logging
import Synchronization

/// One remote: sends calls below a base URL with its credentials, within its rate limit, retry budget and circuit.
package final class Endpoint: Sendable {
    package struct Settings: Sendable {
        package var base: BaseURL
        /// What people call the remote, such as `shop 'webshop'`: for messages, and to tell several remotes of one origin apart.
        package var name: String?
        package var rateLimit: RateLimit?
        package var call: CallMachine.Settings
        package var circuit: CircuitBreaker.Settings
        package var deadlines: HTTPDeadlines
        package var responseBytesMax: Int

        package init(
            base: BaseURL, name: String? = nil, rateLimit: RateLimit? = nil, call: CallMachine.Settings = .init(),
            circuit: CircuitBreaker.Settings = .init(),
            deadlines: HTTPDeadlines = HTTPDeadlines(), responseBytesMax: Int = HTTPRequest.responseBytesMaxDefault
        ) {
            self.base = base
            self.name = name
            self.rateLimit = rateLimit
            self.call = call
            self.circuit = circuit
            self.deadlines = deadlines
            self.responseBytesMax = responseBytesMax
        }
    }

    /// The limit as the remote states it; margins are the limiter's business.
    package struct RateLimit: Sendable, Equatable {
        package var requests: Int
        package var period: Duration
        /// What it is counted for, where all processes on one ledger keep to it together; `nil`: each for itself.
        package var sharedAccount: String?

        package init(requests: Int, per period: Duration, sharedAccount: String? = nil) {
            self.requests = requests
            self.period = period
            self.sharedAccount = sharedAccount
        }
    }

    /// What an endpoint works with; tests replace any of it.
    package struct Surroundings: Sendable {
        package var exchange: any HTTPExchange
        package var store: any EndpointStateStore
        /// Where shared rate limits are kept; `nil`: this process is alone.
        package var places: (any SharedPlaceStore)?
        package var timekeeper: any Timekeeper
        package var random: any RandomSource
        package var logger: Logger

        package init(
            exchange: any HTTPExchange, store: any EndpointStateStore = InMemoryEndpointStateStore(),
            places: (any SharedPlaceStore)? = nil,
            timekeeper: any Timekeeper = SystemTimekeeper(), random: any RandomSource = SystemRandomSource(),
            logger: Logger = Logger(label: "crossdock.transport")
        ) {
            self.exchange = exchange
            self.store = store
            self.places = places
            self.timekeeper = timekeeper
            self.random = random
            self.logger = logger
        }
    }

    struct State {
        var circuit = CircuitBreaker()
        var retryBudget = RetryBudget()
        /// Of an endpoint that was asked for longer than a call waits.
        var throttledUntil: Int64?
        var isLoaded = false
    }

    package let counters = EndpointCounters()
    let settings: Settings
    let surroundings: Surroundings
    let authorizer: any Authorizer
    let rateGate: RateGate?
    let state = Mutex(State())
    let storeTurns = TurnGate()

    package init(_ settings: Settings, authorizer: any Authorizer = FixedAuthorizer.none, surroundings: Surroundings) {
        self.settings = settings
        self.authorizer = authorizer
        self.surroundings = surroundings
        rateGate = settings.rateLimit.map { limit in
            let shared = limit.sharedAccount.flatMap { account in
                surroundings.places.map {
                    SharedLimit(store: $0, account: account, inFlightMax: Self.inFlightMax(settings.deadlines))
                }
            }
            return RateGate(
                SlidingLogLimiter(requests: limit.requests, per: limit.period), timekeeper: surroundings.timekeeper,
                shared: shared)
        }
    }

    /// A request ends by its deadline; what it takes to notice is added.
    private static func inFlightMax(_ deadlines: HTTPDeadlines) -> Int64 {
        (deadlines.connect + deadlines.total).wholeMilliseconds + 5000
    }

    package var origin: Origin { settings.base.origin }

    /// How long a call may take that states nothing else.
    package var deadlines: HTTPDeadlines { settings.deadlines }

    /// Sends `call`, again where that is safe and useful, and returns the answer, whatever its status but 429, and 401 to credentials.
    ///
    /// A call that is not repeatable is sent again only when it is certain that nothing was written, or after a 401.
    ///
    /// - Throws: `EndpointError`; its effect covers all attempts.
    package func send(_ call: EndpointCall) async throws(EndpointError) -> HTTPResponse {
        do throws(EndpointError) { return try await answer(to: call) } catch { throw named(error) }
    }

    private func answer(to call: EndpointCall) async throws(EndpointError) -> HTTPResponse {
        await loadStateOnce()
        var machine = CallMachine(call, settings.call)
        var request = try request(of: call)
        let began = surroundings.timekeeper.millisecondsSince1970
        let latestEnd = call.timeLimit.map { began + $0.wholeMilliseconds }
        let latestStart = [call.startLimit.map { began + $0.wholeMilliseconds }, latestEnd].compactMap(\.self).min()
        state.withLock { $0.retryBudget.deposit() }
        if let until = circuitRefusal() { throw circuitOpen(until, call) }
        try refuseWhileThrottled(call)
        while true {
            let authorization = try await authorize(machine, call)
            let action = try await attempt(request, authorization, &machine, call, latestStart: latestStart)
            switch action {
            case .finish(let outcome):
                return try Self.answer(outcome)
            case .renew(let outcome):
                guard await authorizer.invalidate(authorization) else { return try Self.answer(outcome) }
            case .retry(let milliseconds, let outcome):
                guard !isTooLate(latestStart, after: milliseconds), mayRetry() else { return try Self.answer(outcome) }
                do { try await surroundings.timekeeper.sleep(milliseconds: milliseconds) } catch {
                    throw .cancelled(machine.effect, call.title)
                }
                if circuitRefusal() != nil { return try Self.answer(outcome) }
                if let latestEnd {
                    let left = Duration.milliseconds(latestEnd - surroundings.timekeeper.millisecondsSince1970)
                    guard left > .zero else { return try Self.answer(outcome) }
                    request.deadlines.shorten(to: left)
                }
                counters.countRetry()
            }
        }
    }

    /// Has credentials fetched where there are none yet; nothing is sent to the remote itself.
    ///
    /// - Throws: `EndpointError` with effect `.notSent`.
    package func authenticate() async throws(EndpointError) {
        do throws(EndpointError) { _ = try await authorizer.authorize() } catch { throw named(error) }
    }

    /// Says whose credentials were refused.
    private func named(_ error: EndpointError) -> EndpointError {
        guard case .unauthorized = error.kind, let name = settings.name else { return error }
        var error = error
        error.message += "; they are those of \(name)"
        return error
    }

    /// Saves what the next process must know. The endpoint can be used on.
    package func close() async {
        await saveState()
    }

    private static func answer(_ outcome: CallMachine.Outcome) throws(EndpointError) -> HTTPResponse {
        switch outcome {
        case .answered(let response): return response
        case .failed(let error): throw error
        }
    }
}
