import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Synchronization
import Testing
import Transport

/// The bundled Khumbu with the sink over real sockets and libcurl; its webhooks are handed to the sink.
struct RemoteKhumbu {
    let simulator: KhumbuSimulator
    let sink: KhumbuSink
    let clock: Clock
    var context = SinkContext(timeLimit: .seconds(20))

    /// The machine's, set forward by the test.
    final class Clock: Timekeeper {
        private let ahead = Mutex<Int64>(0)

        var millisecondsSince1970: Int64 { SystemTimekeeper().millisecondsSince1970 + ahead.withLock(\.self) }
        func advance(_ duration: Duration) { ahead.withLock { $0 += duration.components.seconds * 1000 } }
        func sleep(milliseconds: Int64) async throws { try await SystemTimekeeper().sleep(milliseconds: milliseconds) }
    }

    static func settings() -> KhumbuSinkSettings {
        KhumbuSinkSettings(
            apiKey: Secret("simulated-key"), provider: "standardprovider", partner: "simphony", market: "plkpl",
            stores: [KhumbuSinkSettings.Store(providerStoreID: "S-1", partnerStoreID: "P-1")])
    }

    static func run(
        simulator configure: (inout KhumbuConfiguration) -> Void = { _ in },
        sink change: (inout KhumbuSinkSettings) -> Void = { _ in }, secret: String = "simulated-secret",
        _ test: (RemoteKhumbu) async throws -> Void
    ) async throws {
        var configuration = KhumbuConfiguration()
        configuration.pos.delayMilliseconds = 0...0
        configuration.pos.retryMilliseconds = [0]
        configure(&configuration)
        var settings = settings()
        change(&settings)
        let simulator = KhumbuSimulator(configuration: configuration)
        let (url, clock, exchange) = (try await simulator.start(), Clock(), try CurlExchange())
        let tokens = Endpoint(
            Endpoint.Settings(base: try BaseURL(url + KhumbuSimulator.tokenPath)),
            surroundings: Endpoint.Surroundings(exchange: exchange))
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL(url + KhumbuSimulator.basePath)),
            authorizer: OAuth2ClientCredentials(
                tokens: tokens,
                client: OAuth2ClientCredentials.Client(identifier: "simulated-client", secret: secret, scope: "access/all")),
            surroundings: Endpoint.Surroundings(exchange: exchange))
        let sink = KhumbuSink(settings, shops: ["other", "demo"], endpoint: endpoint, timekeeper: clock)
        let result: Result<Void, any Error>
        do { result = .success(try await test(RemoteKhumbu(simulator: simulator, sink: sink, clock: clock))) } catch {
            result = .failure(error)
        }
        await exchange.shutdown()
        await simulator.stop()
        try result.get()
    }

    /// One of the given lines; each a product's code and how many.
    static func order(
        _ lines: [(code: String, quantity: String)] = [("101000001||2||1", "2"), ("101000002||1||1", "1")], id: Int64 = 48_193,
        generation: Int = 1, _ change: (inout Order) -> Void = { _ in }
    ) throws -> SinkOrder {
        var order = Order(id: id, state: .confirmed)
        (order.currency, order.paymentStatus, order.webshop) = ("EUR", .paid, 1)
        order.confirmDate = "2026-11-21T10:15:30.120000"
        order.lines = try lines.enumerated().map { index, line in
            OrderLine(
                id: id * 100 + Int64(index), position: index + 1, productKey: line.code, description: "Line \(index + 1)",
                quantity: try ExactDecimal(line.quantity), unitPrice: try ExactDecimal("12.50"))
        }
        change(&order)
        var customer = Party()
        (customer.code, customer.name, customer.telephone) = ("C-7", "Anna Maria Jansen", "+31612345678")
        return SinkOrder(
            key: IdempotencyKey(order: OrderKey(shop: "demo", orderID: id), generation: generation), order: order,
            customer: customer, shipmentAddress: nil, invoiceAddress: nil)
    }

    func id(_ order: SinkOrder) throws -> String { try #require(KhumbuOrderID(order.key)).text }

    func ticket(_ order: SinkOrder, attempt: Int = 1, attempts: any SinkAttemptJournal = TransientAttempts()) async throws
        -> SinkTicket
    {
        let context = SinkContext(attempt: attempt, timeLimit: .seconds(20), attempts: attempts)
        let answer = try await sink.create(order, context)
        guard case .pending(let ticket) = answer else { throw NoTicket(answer: "\(answer)") }
        return ticket
    }

    struct NoTicket: Error { let answer: String }

    func createError(_ order: SinkOrder, _ context: SinkContext? = nil) async -> SinkError? {
        await sinkError { () throws(SinkError) in try await sink.create(order, context ?? self.context) }
    }

    /// Has what is due delivered. - Returns: what the sink makes of it.
    func events() async throws -> [SinkEvent] {
        let bodies = Mutex<[[UInt8]]>([])
        await simulator.deliverDue { body in
            bodies.withLock { $0.append(body) }
            return 200
        }
        var events: [SinkEvent] = []
        for body in bodies.withLock(\.self) { events += try await sink.receive(Self.message(body), context) }
        return events
    }

    static func message(_ body: [UInt8]) -> InboundMessage {
        InboundMessage(id: "m", receivedAt: Timestamp(milliseconds: 0), headers: [:], body: body)
    }
}
