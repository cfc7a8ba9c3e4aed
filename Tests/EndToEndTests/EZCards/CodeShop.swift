import Orders
import Simulators
import TestSupport

/// A shop whose orders are bought from the bundled EZ Cards.
struct CodeShop {
    let installation: Installation
    let ezcards: EZCardsSimulator

    static let codesKey = String(repeating: "0f", count: 32)

    /// - Parameters:
    ///   - webshops: each has a flow of its own, `main` and `second`, over the one sink.
    ///   - handOff: of the flow `main`.
    init(
        order: String = "instant", webshops: Int = 1, handOff: String? = nil,
        _ configure: (inout EZCardsConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = EZCardsConfiguration()
        configure(&configuration)
        ezcards = EZCardsSimulator(configuration: configuration)
        let url = try await ezcards.start()
        let sink =
            "{type: ezcards, base_url: \"\(url)\", api_key: simulated-key, access_token: simulated-token, "
            + "latest_effect: 1s, order: \(order)}"
        let poll = "    poll: {initial: 50ms, max: 200ms}"
        let second = """
              second:
                shop: test
                sink: erp
                webshop: 2
                since: 2020-01-01
            \(poll)
            """
        installation = try await Installation(
            sink: .configured(sink, timeLimit: "30s"),
            extra: [
                poll, handOff.map { "    code_hand_off: \($0)" }, webshops > 1 ? second : nil, "codes: {key: \(Self.codesKey)}",
            ].compactMap(\.self).joined(
                separator: "\n")
        ) { $0.orders = 0 }
    }

    func stop() async {
        await installation.stop()
        await ezcards.stop()
    }

    /// A paid order of those products and quantities. - Returns: its id.
    func add(_ lines: [(sku: String, quantity: Int)], reference: String = "CS90001", webshop: Int = 1) -> Int {
        let listed = lines.enumerated().map { index, line -> JSONValue in
            [
                "id": .integer((Int(reference.dropFirst(2)) ?? 0) * 100 + index), "type": "line",
                "product": ["key": .text(line.sku), "origin": "myorigin"], "description": "A card",
                "quantity": .integer(line.quantity), "unit_price": "12.5000", "erp_line_number": .null,
            ]
        }
        return installation.shop.add(
            JSONObject([
                ("reference", .text(reference)), ("erp_order_number", .null), ("state", "confirmed"), ("payment_status", "paid"),
                ("shipment_state", "none"), ("order_date", "2026-01-05"), ("confirm_date", "2026-01-05T09:00:00"),
                ("modified_date", "2026-01-05T09:00:00"), ("currency", "EUR"), ("customer", .null),
                ("webshop", .integer(webshop)),
                ("shipment_address", .null), ("invoice_address", .null), ("order_lines", .array(listed)),
            ])) ?? 0
    }
}
