import CloudSuite
import Logging
import OrderFlow
import Orders
import Simulators
import TestSupport
import Testing
import Transport

/// The bundled shop on a loopback port, and a client that reaches it as the command's does: libcurl, endpoint, credentials.
struct ShopUnderTest: Sendable {
    let simulator: CloudSuiteSimulator
    let endpoint: Endpoint
    let client: CloudSuiteClient

    enum Credentials { case token, oauth }

    struct Options {
        var orders = 0
        var hasFixtures = false
        var pageLimit = 50
        var credentials = Credentials.token
        /// 1: what a single request meets is what the caller gets.
        var attemptsMax = 1
        var timekeeper: any Timekeeper = StandingTimekeeper()
        /// Stands between endpoint and libcurl.
        var wrap: (any HTTPExchange) -> any HTTPExchange = { $0 }
        var configure: (inout CloudSuiteConfiguration) -> Void = { _ in }
        var configureClient: (inout CloudSuiteClient.Settings) -> Void = { _ in }
    }

    /// Runs `body` with a shop that is gone afterwards.
    static func running<Result>(
        _ adjust: (inout Options) -> Void = { _ in }, _ body: (ShopUnderTest) async throws -> Result
    ) async throws -> Result {
        var options = Options()
        adjust(&options)
        var configuration = CloudSuiteConfiguration()
        configuration.orders = options.orders
        configuration.fixtures = options.hasFixtures ? ProjectFolder.cloudsuiteFixtures : nil
        configuration.legacyToken = "legacy"
        options.configure(&configuration)
        let simulator = try CloudSuiteSimulator(configuration: configuration)
        let url = try await simulator.start()
        let curl = try CurlExchange()
        let shop = try ShopUnderTest(simulator, url, curl, options)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(shop)) } catch { result = .failure(error) }
        await curl.shutdown()
        await simulator.stop()
        return try result.get()
    }

    private init(_ simulator: CloudSuiteSimulator, _ url: String, _ curl: CurlExchange, _ options: Options) throws {
        let surroundings = Endpoint.Surroundings(exchange: options.wrap(curl), timekeeper: options.timekeeper)
        let call = CallMachine.Settings(attemptsMax: options.attemptsMax, backoff: Backoff(first: .milliseconds(1)))
        let settings = Endpoint.Settings(base: try BaseURL(url), call: call)
        let authorizer: any Authorizer
        switch options.credentials {
        case .token: authorizer = FixedAuthorizer.token("legacy")
        case .oauth:
            let base = try BaseURL(url + CloudSuiteSimulator.tokenPath)
            let client = OAuth2ClientCredentials.Client(identifier: "crossdock", secret: "simulated-secret", scope: "openid")
            authorizer = OAuth2ClientCredentials(
                tokens: Endpoint(Endpoint.Settings(base: base), surroundings: Endpoint.Surroundings(exchange: curl)),
                client: client)
        }
        var clientSettings = CloudSuiteClient.Settings(clock: Self.clock, pageLimit: options.pageLimit)
        options.configureClient(&clientSettings)
        self.simulator = simulator
        endpoint = Endpoint(settings, authorizer: authorizer, surroundings: surroundings)
        client = CloudSuiteClient(endpoint: endpoint, settings: clientSettings, timekeeper: options.timekeeper)
    }

    static let clock = ShopClock(zone: "Europe/Amsterdam")!

    /// How many requests of a kind came, such as `PATCH order`.
    func count(_ kind: String) -> Int { simulator.requestCounts[kind] ?? 0 }

    /// Walks a list to its end, and says what it saw.
    func walk(
        _ query: OrderQuery, beforeEachPage act: (_ number: Int, _ seen: [Int64]) async throws -> Void = { _, _ in }
    ) async throws -> (seen: [Int64], isComplete: Bool, pages: Int) {
        var walk = ListWalk()
        var step = walk.first
        var seen: [Int64] = []
        var pages = 0
        while true {
            try await act(pages, seen)
            let page: ListPage
            switch step {
            case .fetch(let offset): page = try await client.page(query, offset: offset)
            case .follow(let rawQuery): page = try await client.page(rawQuery: rawQuery)
            case .end(let isComplete): return (seen, isComplete, pages)
            }
            pages += 1
            let (next, new) = walk.received(page)
            seen += new.map(\.id)
            step = next
        }
    }
}

extension OrderQuery {
    static var confirmed: OrderQuery {
        var query = OrderQuery()
        query.state = .confirmed
        return query
    }
}

extension OrderEdit {
    static func with(_ set: (inout OrderEdit) -> Void) -> OrderEdit {
        var edit = OrderEdit()
        set(&edit)
        return edit
    }

    static var mark: OrderEdit { .with { $0.state = .processing } }
}

/// The shop's error that a call threw; `nil` when it threw none.
func shopError<Success>(_ body: () async throws -> Success) async throws -> ShopError? {
    do {
        _ = try await body()
        return nil
    } catch let error as ShopError {
        return error
    }
}

/// A JSON object from its text.
func object(_ text: String) throws -> JSONObject { try #require(try JSONValue(parsing: text).objectValue) }
