import Orders
import Settings
import Simulators
import SinkKit
import SinkTesting

/// An `ezcards` sink with its settings, and the bundled simulated EZ Cards in the place of the real one.
struct EZCardsBench {
    private let sink: SinkSettings
    private let settings: EZCardsSinkSettings
    private let simulator: EZCardsSimulator

    /// No rule should wait longer than that for late effects of somebody who is only played.
    private static let latestEffectMax = Duration.seconds(2)
    /// Small enough for one request a unit.
    private static let instantLinesMax = 20

    init(_ sink: SinkSettings, _ settings: EZCardsSinkSettings) {
        self.sink = sink
        self.settings = settings
        var configuration = EZCardsConfiguration()
        configuration.balances = ["EUR": ExactDecimal(100_000_000)]
        configuration.codesPerRequestMax = 10_000
        // A rule's deadline is for the sink; the limit has tests of its own.
        configuration.rateLimit = nil
        simulator = EZCardsSimulator(configuration: configuration)
    }

    static func inSandbox(
        _ remote: RemoteSettings, _ settings: EZCardsSinkSettings, at place: String, key: String?
    ) -> SinkSettings.Kind {
        var (remote, settings) = (remote, settings)
        remote.baseURL = place
        remote.credentials = .bearer(Secret(EZCardsConfiguration().accessToken))
        (remote.rateLimit, remote.certificateAuthoritiesFile) = (nil, nil)
        settings.apiKey = Secret(key ?? "")
        settings.latestEffect = min(settings.latestEffect, latestEffectMax)
        return .ezcards(remote, settings)
    }

    func bench(_ parts: SinkParts) async throws -> SinkBench {
        var sample = SinkSample(
            products: ["8PX-UF-Y5U", "4TR-GH-K2M"], unknownProduct: "NOT-IN-STO", firstOrderID: parts.firstOrderID)
        sample.currency = "EUR"
        var bench = try await SinkBench.over(
            simulator, named: "EZ Cards", key: simulator.configuration.apiKey, sink, sample, parts)
        bench.notes = ["the distributor is the bundled simulated EZ Cards"]
        if settings.latestEffect > Self.latestEffectMax {
            bench.notes.append("it is judged with a 'latest_effect' of \(Self.latestEffectMax.components.seconds)s")
        }
        equip(&bench.target)
        return bench
    }

    private func equip(_ target: inout SinkUnderTest) {
        let simulator = simulator
        target.auditor = SinkAuditor(
            orders: { Self.orders(simulator.purchases, $0) },
            requests: { key in
                // One create stops at the first purchase whose end isn't known, which stands under the key itself.
                simulator.posts(key.text)
            })
        let latest = min(settings.latestEffect, Self.latestEffectMax)
        target.interference = SinkInterference(simulator, late: Int((latest / 2).inMilliseconds), createKind: nil)
        if settings.ordering == .instant { target.limits.lines = Self.instantLinesMax }
        // A first unit alone says nothing of the rest; what was bought of an order before a crash is the attempts' rules' business.
        target.drafts = settings.ordering == .bulk ? .left { Self.leave($0, in: simulator) } : .none
    }

    /// Buys the whole order, as a process does that ends before it has written down what came of it.
    private static func leave(_ order: SinkOrder, in simulator: EZCardsSimulator) {
        var products: [(sku: String, quantity: ExactDecimal)] = []
        for item in order.order.lines.map(order.item(for:)) {
            if let index = products.firstIndex(where: { $0.sku == item.productCode }) {
                products[index].quantity = products[index].quantity.adding(item.quantity) ?? item.quantity
            } else {
                products.append((item.productCode, item.quantity))
            }
        }
        let listed = products.map { product -> JSONValue in
            ["sku": .text(product.sku), "quantity": .number(JSONNumber(spelling: product.quantity.spelling))]
        }
        let body: JSONValue = [
            "clientOrderNumber": .text(order.key.text), "enableClientOrderNumberDupCheck": true, "products": .array(listed),
        ]
        _ = simulator.answer(
            InProcessRequest(
                method: "POST", target: "/v2/orders", host: "127.0.0.1",
                headers: [
                    ("x-api-key", simulator.configuration.apiKey),
                    ("Authorization", "Bearer \(simulator.configuration.accessToken)"), ("Content-Type", "application/json"),
                ], body: body.serialized()))
    }

    /// As many orders as the number that was used most often: each should have been once.
    private static func orders(_ purchases: [EZCardsSimulator.Purchase], _ key: IdempotencyKey) -> [SinkAuditedOrder] {
        let ours = purchases.filter { purchase in
            purchase.clientOrderNumber.map { $0 == key.text || $0.hasPrefix(key.text + ".") } ?? false
        }
        let counts = ours.map { purchase in ours.count { $0.clientOrderNumber == purchase.clientOrderNumber } }
        return ours.prefix(counts.max() ?? 0).map { SinkAuditedOrder(number: $0.transactionID) }
    }
}
