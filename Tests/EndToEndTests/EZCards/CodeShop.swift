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
        var order = PlainOrder(
            reference: reference, number: Int(reference.dropFirst(2)) ?? 0, description: "A card", unitPrice: "12.5000",
            lines: lines.map { ($0.sku, $0.quantity) })
        order.webshop = webshop
        return installation.shop.add(order.json) ?? 0
    }
}
