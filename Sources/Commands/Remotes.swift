import Logging
import OrderFlow
import Settings
import Synchronization
import Transport

/// Makes the endpoints, one for each remote, over one libcurl handle for each set of trusted authorities.
final class Remotes: Sendable {
    private struct State {
        var exchanges: [String: any HTTPExchange] = [:]
        var curls: [CurlExchange] = []
        /// By name: flows that share a shop or a sink share its limits and its circuit.
        var endpoints: [String: Endpoint] = [:]
    }

    private let store: any EndpointStateStore
    private let places: (any SharedPlaceStore)?
    private let timekeeper: any Timekeeper
    private let logger: Logger
    private let onlyReads: Bool
    private let interfere: (@Sendable (any HTTPExchange) -> any HTTPExchange)?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - places: where rate limits are kept that processes share; `nil`: there is no other process.
    ///   - onlyReads: nothing that could write is ever sent, whoever asks for it.
    ///   - interfere: what stands between the sinks and the network where they are put to the test.
    init(
        store: any EndpointStateStore, places: (any SharedPlaceStore)? = nil, timekeeper: any Timekeeper, logger: Logger,
        onlyReads: Bool,
        interfere: (@Sendable (any HTTPExchange) -> any HTTPExchange)? = nil
    ) {
        self.store = store
        self.places = places
        self.timekeeper = timekeeper
        self.logger = logger
        self.onlyReads = onlyReads
        self.interfere = interfere
    }

    /// - Parameter concurrency: connections kept open to it.
    /// - Throws: ``CommandFailure`` where the settings can't work.
    func endpoint(_ settings: RemoteSettings, name: String, concurrency: Int) throws -> Endpoint {
        if let known = state.withLock({ $0.endpoints[name] }) { return known }
        let exchange = try exchange(settings.certificateAuthoritiesFile, connections: concurrency)
        let surroundings = Endpoint.Surroundings(
            exchange: exchange, store: store, places: places, timekeeper: timekeeper, logger: logger)
        var endpointSettings = Endpoint.Settings(base: try baseURL(settings.baseURL, name), name: name)
        endpointSettings.rateLimit = settings.rateLimit.map { limit in
            Endpoint.RateLimit(
                requests: limit.requests, per: limit.period, sharedAccount: limit.isShared ? account(settings) : nil)
        }
        endpointSettings.deadlines = HTTPDeadlines(
            connect: settings.connectTimeout, total: settings.totalTimeout, stall: settings.stallTimeout)
        let endpoint = Endpoint(
            endpointSettings, authorizer: try authorizer(settings, name, exchange), surroundings: surroundings)
        state.withLock { $0.endpoints[name] = endpoint }
        return endpoint
    }

    /// Names whom a remote counts requests for: its address and a digest of who asks, which tells nobody the credentials.
    private func account(_ settings: RemoteSettings) -> String {
        let digest = ContentDigest.sha256(Array(settings.credentials.secrets.joined(separator: "\n").utf8))
        return "\(settings.baseURL) \(digest.prefix(12))"
    }

    private func baseURL(_ url: String, _ name: String) throws -> BaseURL {
        do throws(OriginFault) { return try BaseURL(url) } catch {
            throw CommandFailure(.badConfiguration, "\(name): '\(url)' can't be used: \(error.message)")
        }
    }

    private func authorizer(_ settings: RemoteSettings, _ name: String, _ exchange: any HTTPExchange) throws -> any Authorizer {
        switch settings.credentials {
        case .none: return FixedAuthorizer.none
        case .token(let secret): return FixedAuthorizer.token(secret.revealed)
        case .bearer(let secret): return FixedAuthorizer.bearer(secret.revealed)
        case .basic(let user, let password): return FixedAuthorizer.basic(user: user, password: password.revealed)
        case .header(let header, let value): return FixedAuthorizer.header(header, value.revealed)
        case .query(let parameter, let value): return FixedAuthorizer.query(parameter, value.revealed)
        case .session(let session):
            // Logging in changes nothing that a dry run mustn't. The circuit isn't kept, as with tokens.
            let remote = Endpoint(
                Endpoint.Settings(base: try baseURL(settings.baseURL, name)),
                surroundings: Endpoint.Surroundings(
                    exchange: (exchange as? ReadingExchange)?.base ?? exchange, timekeeper: timekeeper, logger: logger))
            return SessionLogin(
                remote: remote, login: SessionLogin.Login(path: session.path, body: Array(session.body.revealed.utf8)),
                timekeeper: timekeeper)
        case .oauth2(let tokenURL, let clientID, let clientSecret, let scope):
            // Asking for a token changes nothing at the remote, though it is a POST.
            let tokenExchange = (exchange as? ReadingExchange)?.base ?? exchange
            // Its circuit isn't kept: the origin may be the API's own, whose state it would overwrite.
            let tokens = Endpoint(
                Endpoint.Settings(base: try baseURL(tokenURL, name)),
                surroundings: Endpoint.Surroundings(exchange: tokenExchange, timekeeper: timekeeper, logger: logger))
            return OAuth2ClientCredentials(
                tokens: tokens,
                client: OAuth2ClientCredentials.Client(identifier: clientID, secret: clientSecret.revealed, scope: scope),
                timekeeper: timekeeper)
        }
    }

    private func exchange(_ authorities: String?, connections: Int) throws -> any HTTPExchange {
        if let known = state.withLock({ $0.exchanges[authorities ?? ""] }) { return known }
        var configuration = CurlExchange.Configuration()
        configuration.certificateAuthoritiesFile = authorities
        configuration.connectionsPerHostMax = max(16, connections)
        configuration.connectionsMax = configuration.connectionsPerHostMax * 4
        configuration.userAgent = "crossdock/\(Version.current)"
        do throws(TransportError) {
            let curl = try CurlExchange(configuration: configuration)
            let exchange: any HTTPExchange = onlyReads ? ReadingExchange(base: curl) : interfere?(curl) ?? curl
            state.withLock { state in
                state.curls.append(curl)
                state.exchanges[authorities ?? ""] = exchange
            }
            return exchange
        } catch { throw CommandFailure(.tryLater, error.description) }
    }

    /// Requests sent so far, over all remotes.
    var requestsSent: Int { state.withLock { $0.endpoints }.values.reduce(0) { $0 + $1.counters.snapshot.requestsSent } }

    /// Where the work between two answers belongs: the thread that takes the answers in. `nil` before any remote was made.
    var executor: (any TaskExecutor)? { state.withLock { $0.curls.first?.executor } }

    func close() async {
        let (endpoints, curls) = state.withLock { ($0.endpoints, $0.curls) }
        for endpoint in endpoints.values { await endpoint.close() }
        for curl in curls { await curl.shutdown() }
    }
}

/// Refuses to send what could write: the last line of defence of a dry run.
private struct ReadingExchange: HTTPExchange {
    let base: any HTTPExchange

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard request.onlyReads else {
            throw TransportError(.invalidRequest, .notSent, "\(request.title): a dry run sends nothing that writes")
        }
        return try await base.perform(request)
    }
}
