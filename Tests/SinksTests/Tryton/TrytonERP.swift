import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing
import Transport

/// Everything about the Tryton sink that a real Tryton must agree to. All of it uses one server, one test at a time:
/// Tryton does one thing at a time too, and takes tenths of a second for each.
@Suite(.tryton, .serialized) enum TrytonTests {}

/// Gives a suite, with all suites in it, one Tryton.
struct TrytonTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await TrytonServer()
        do { try await TrytonERP.$server.withValue(server) { try await function() } } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}

extension Trait where Self == TrytonTrait {
    static var tryton: Self { Self() }
}

/// The Tryton sink as a user would set it up, over real sockets and libcurl.
struct TrytonERP {
    @TaskLocal static var server: TrytonServer?

    let server: TrytonServer
    let sink: TrytonSink
    let endpoint: Endpoint
    let context = SinkContext(timeLimit: .seconds(100))

    /// Runs a test with a sink of its own.
    static func run<Value>(
        password: String? = nil, url: String? = nil, _ configure: (inout TrytonSinkSettings) -> Void = { _ in },
        _ test: (TrytonERP) async throws -> Value
    ) async throws -> Value {
        let server = try #require(Self.server, "the suite lacks the trait .tryton")
        var settings = TrytonSinkSettings(
            database: server.database, login: server.login, password: Secret(password ?? server.password),
            webShop: server.webShop)
        settings.parties = .create
        configure(&settings)
        let exchange = try CurlExchange()
        let endpoint = Endpoint(
            Endpoint.Settings(
                base: try BaseURL(url ?? server.url), deadlines: HTTPDeadlines(total: .seconds(90), stall: .seconds(90))),
            surroundings: Endpoint.Surroundings(exchange: exchange))
        do {
            let value = try await test(
                TrytonERP(server: server, sink: TrytonSink(settings, endpoint: endpoint), endpoint: endpoint))
            await exchange.shutdown()
            return value
        } catch {
            await exchange.shutdown()
            throw error
        }
    }

    func create(_ order: SinkOrder) async throws -> SinkReceipt {
        let answer = try await sink.create(order, context)
        return try #require(answer.receipt, "\(answer)")
    }

    func faults(_ order: SinkOrder) async throws -> [SinkFault] {
        guard case .rejected(let faults) = try await sink.create(order, context) else { return [] }
        return faults
    }

    func find(_ order: SinkOrder) async throws -> SinkReceipt? { try await sink.find(order.key, context) }

    /// The id of the sale of that order.
    func saleID(_ order: SinkOrder) throws -> String {
        try #require(try server.rows("SELECT id FROM sale_sale WHERE web_id = '\(order.key.text)'").first)
    }
}
