import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Testing
import Transport

/// The bundled EZ Cards with the sink over real sockets and libcurl.
struct RemoteEZCards {
    let simulator: EZCardsSimulator
    let sink: EZCardsSink
    let context = SinkContext(timeLimit: .seconds(20))

    static func run(
        _ ordering: EZCardsSinkSettings.Ordering = .instant, token: String = "simulated-token",
        simulator configure: (inout EZCardsConfiguration) -> Void = { _ in },
        sink change: (inout EZCardsSinkSettings) -> Void = { _ in }, _ test: (RemoteEZCards) async throws -> Void
    ) async throws {
        var configuration = EZCardsConfiguration()
        configuration.rateLimit = nil
        configure(&configuration)
        var settings = EZCardsSinkSettings(apiKey: Secret("simulated-key"))
        settings.ordering = ordering
        settings.latestEffect = .zero
        change(&settings)
        let simulator = EZCardsSimulator(configuration: configuration)
        let exchange = try CurlExchange()
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL(try await simulator.start())), authorizer: FixedAuthorizer.bearer(token),
            surroundings: Endpoint.Surroundings(exchange: exchange))
        do {
            try await test(RemoteEZCards(simulator: simulator, sink: EZCardsSink(settings, endpoint: endpoint)))
        } catch {
            await exchange.shutdown()
            await simulator.stop()
            throw error
        }
        await exchange.shutdown()
        await simulator.stop()
    }

    /// - Parameter context: with the order's attempts; `nil`: a ledger that knows of none.
    func ticket(_ order: SinkOrder, _ context: SinkContext? = nil) async throws -> SinkTicket {
        let answer = try await sink.create(order, context ?? SinkContext(timeLimit: .seconds(20)))
        guard case .pending(let ticket) = answer else { throw NoTicket(answer: "\(answer)") }
        return ticket
    }

    struct NoTicket: Error { let answer: String }

    /// Polls until there is a receipt.
    ///
    /// - Returns: it, and how often it was asked for.
    func receipt(_ ticket: SinkTicket) async throws -> (receipt: SinkReceipt, polls: Int) {
        var ticket = ticket
        for polls in 1...200 {
            switch try await sink.poll(ticket, context) {
            case .accepted(let receipt): return (receipt, polls)
            // Only its text is kept.
            case .pending(let next): ticket = SinkTicket(next.text)
            case .rejected(let faults): throw NoTicket(answer: "\(faults)")
            }
        }
        throw NoTicket(answer: "no end")
    }

    /// An order with lines of those products and quantities.
    static func order(_ lines: [(sku: String, quantity: String)], id: Int64 = 1) throws -> SinkOrder {
        var order = Order(id: id, state: .confirmed)
        order.lines = try lines.enumerated().map { index, line in
            OrderLine(
                id: id * 100 + Int64(index), position: index + 1, productKey: line.sku, quantity: try ExactDecimal(line.quantity),
                unitPrice: try ExactDecimal("12.50"))
        }
        return SinkOrder(
            key: IdempotencyKey(order: OrderKey(shop: "demo", orderID: id)), order: order, customer: nil, shipmentAddress: nil,
            invoiceAddress: nil)
    }
}
