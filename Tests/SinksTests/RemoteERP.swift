import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Testing
import Transport

/// The bundled ERP with the REST sink as a user would set it up for it, over real sockets and libcurl.
struct RemoteERP {
    let simulator: ERPSimulator
    let sink: RESTSink
    let url: String
    let context = SinkContext(timeLimit: .seconds(20))

    /// Posts of orders that have reached the ERP, whether they took effect or not.
    var posts: Int { simulator.audit().values.reduce(0) { $0 + $1.posts } }

    func fail(_ action: FaultAction, times: Int? = nil, method: String = "POST") {
        simulator.addFault(FaultRule(method: method, pathPrefix: "/orders", times: times, action: action))
    }

    func createError(quantity: String = "2.50") async throws -> SinkError? {
        let order = try sinkOrder(quantity: quantity)
        return await sinkError { () throws(SinkError) in try await sink.create(order, context) }
    }

    func expectCreate(toFailWith code: SinkError.Code, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let error = try await createError()
        #expect(error?.code == code, sourceLocation: sourceLocation)
    }

    func findError(_ id: Int64 = 1) async -> SinkError? {
        await sinkError { () throws(SinkError) in try await sink.find(sinkKey(id), context) }
    }

    /// Runs a test with an ERP of its own.
    static func run(
        _ mode: ERPConfiguration.Mode = .key, key: String = "simulated-key", erp: (inout ERPConfiguration) -> Void = { _ in },
        sink configure: (inout RESTSinkSettings) -> Void = { _ in }, _ test: (RemoteERP) async throws -> Void
    ) async throws {
        var configuration = ERPConfiguration()
        configuration.mode = mode
        configuration.acceptAnyProduct = true
        erp(&configuration)
        var settings = RESTSinkSettings(sinkClass: mode.sinkClass)
        settings.lineKeyPath = "line_id"
        configure(&settings)
        let simulator = ERPSimulator(configuration: configuration)
        let url = try await simulator.start()
        let exchange = try CurlExchange()
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL(url)), authorizer: FixedAuthorizer.header("X-Api-Key", key),
            surroundings: Endpoint.Surroundings(exchange: exchange))
        do {
            try await test(RemoteERP(simulator: simulator, sink: RESTSink(settings, endpoint: endpoint), url: url))
        } catch {
            await exchange.shutdown()
            await simulator.stop()
            throw error
        }
        await exchange.shutdown()
        await simulator.stop()
    }
}

extension ERPConfiguration.Mode {
    fileprivate var sinkClass: SinkClass {
        switch self {
        case .key: .key(retention: nil, latestEffect: nil)
        case .lookUp: .lookUp(latestEffect: .seconds(1))
        case .neither: .neither
        }
    }
}
