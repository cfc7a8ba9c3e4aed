import Foundation
import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing
import Transport

/// The Odoo sink as a user would set it up, over real sockets and libcurl, before a real Odoo or what one was seen to answer.
struct OdooERP: Sendable {
    let sink: OdooSink
    let context = SinkContext(timeLimit: .seconds(100))
    /// `nil` where the answers were recorded.
    let server: OdooServer?
    private let settings: OdooSinkSettings
    private let endpoint: Endpoint

    /// Runs a test with a sink of its own.
    ///
    /// - Parameter interfere: stands between the sink and the network.
    static func run<Value>(
        _ server: OdooServer?, url: String, apiKey: String, interfere: (CurlExchange) -> any HTTPExchange = { $0 },
        _ configure: (inout OdooSinkSettings) -> Void = { _ in }, _ test: (OdooERP) async throws -> Value
    ) async throws -> Value {
        var settings = OdooSinkSettings(apiKey: Secret(apiKey))
        settings.parties = .create
        configure(&settings)
        let exchange = try CurlExchange()
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL(url), deadlines: HTTPDeadlines(total: .seconds(90), stall: .seconds(90))),
            surroundings: Endpoint.Surroundings(exchange: interfere(exchange)))
        do {
            let value = try await test(OdooERP(settings, endpoint, server))
            await exchange.shutdown()
            return value
        } catch {
            await exchange.shutdown()
            throw error
        }
    }

    private init(_ settings: OdooSinkSettings, _ endpoint: Endpoint, _ server: OdooServer?) {
        (self.settings, self.endpoint, self.server) = (settings, endpoint, server)
        sink = OdooSink(settings, endpoint: endpoint)
    }

    /// The same with other settings, as after a change of the configuration.
    func with(_ configure: (inout OdooSinkSettings) -> Void) -> OdooERP {
        var settings = settings
        configure(&settings)
        return OdooERP(settings, endpoint, server)
    }

    /// What happens beside the sink, or is looked at past it: not where the answers were recorded.
    func live(_ body: (OdooServer) throws -> Void) throws {
        if let server { try body(server) }
    }

    func create(_ order: SinkOrder) async throws -> SinkReceipt {
        let answer = try await sink.create(order, context)
        return try #require(answer.receipt, "\(answer)")
    }

    func faults(_ order: SinkOrder) async throws -> [SinkFault] {
        guard case .rejected(let faults) = try await sink.create(order, context) else { return [] }
        return faults
    }

    func createError(_ order: SinkOrder) async -> SinkError? {
        await sinkError { () throws(SinkError) in try await sink.create(order, context) }
    }

    func find(_ order: SinkOrder) async throws -> SinkReceipt? { try await sink.find(order.key, context) }

    func shipments(_ receipt: SinkReceipt, _ order: SinkOrder) async throws -> SinkShipments {
        try await sink.shipments(for: receipt, key: order.key, context)
    }
}

/// Gives a suite one real Odoo.
struct OdooTrait: SuiteTrait, TestScoping {
    @TaskLocal static var server: OdooServer?

    /// Whether somebody has asked for tests over a real Odoo, as `make test-odoo` does: it isn't to be had from PyPI alone.
    static let isAsked = ProcessInfo.processInfo.environment["ODOO_TESTS"] != nil

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await OdooServer()
        do { try await Self.$server.withValue(server) { try await function() } } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}

extension Trait where Self == OdooTrait {
    static var odoo: Self { Self() }
}
