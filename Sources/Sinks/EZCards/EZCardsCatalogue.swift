import Orders
import SinkKit
import Synchronization
import Transport

/// What EZ Cards sells and with what the account may pay, believed for a while.
final class EZCardsCatalogue: Sendable {
    struct Product: Sendable, Equatable {
        var sku: String
        /// ISO 4217.
        var currency: String
        var isInstantDeliverySupported: Bool
    }

    private struct Known {
        var products: [String: (product: Product?, readAt: Int64)] = [:]
        var currencies: (names: [String], readAt: Int64)?
    }

    private static let life = Duration.seconds(600)
    /// Asked for in one request.
    private static let skusMax = 100

    private let client: EZCardsClient
    private let timekeeper: any Timekeeper
    private let known = Mutex(Known())

    init(_ client: EZCardsClient, timekeeper: any Timekeeper) {
        self.client = client
        self.timekeeper = timekeeper
    }

    /// Those of `skus` that EZ Cards sells.
    func products(_ skus: [String], _ budget: CallBudget) async throws(SinkError) -> [String: Product] {
        let now = timekeeper.millisecondsSince1970
        let unknown = skus.filter { sku in
            known.withLock { $0.products[sku].map { !isFresh($0.readAt, now) } ?? true }
        }
        for start in stride(from: 0, to: unknown.count, by: Self.skusMax) {
            let asked = Array(unknown[start..<min(start + Self.skusMax, unknown.count)])
            let found = try await read(asked, budget)
            known.withLock { known in
                for sku in asked { known.products[sku] = (found[sku], now) }
            }
        }
        return known.withLock { known in
            Dictionary(skus.compactMap { sku in known.products[sku]?.product.map { (sku, $0) } }, uniquingKeysWith: { $1 })
        }
    }

    /// In which the account has a balance.
    func currencies(_ budget: CallBudget) async throws(SinkError) -> [String] {
        let now = timekeeper.millisecondsSince1970
        if let (names, readAt) = known.withLock({ $0.currencies }), isFresh(readAt, now) { return names }
        let names = try await balances(budget).map(\.currency)
        known.withLock { $0.currencies = (names, now) }
        return names
    }

    func balances(_ budget: CallBudget) async throws(SinkError) -> [(currency: String, amount: String)] {
        guard let data = try await client.ask("/v2/balances", budget), let entries = data.arrayValue else {
            throw SinkError(.notApplied, "GET /v2/balances was answered without a list")
        }
        var balances: [(currency: String, amount: String)] = []
        for entry in entries {
            guard let currency = entry["currency"]?.stringValue, let amount = entry["balance"]?.ezText else {
                throw SinkError(.notApplied, "GET /v2/balances shows a balance that has not the documented shape")
            }
            balances.append((currency, amount))
        }
        return balances
    }

    private func isFresh(_ readAt: Int64, _ now: Int64) -> Bool { .milliseconds(now - readAt) < Self.life && now >= readAt }

    private func read(_ skus: [String], _ budget: CallBudget) async throws(SinkError) -> [String: Product] {
        let query = [("sku", skus.joined(separator: ",")), ("limit", "1000")]
        guard let items = try await client.ask("/v2/products", query: query, budget)?["items"]?.arrayValue else {
            throw SinkError(.notApplied, "GET /v2/products was answered without 'items'")
        }
        var products: [String: Product] = [:]
        for item in items {
            guard let sku = item["sku"]?.stringValue, skus.contains(sku), let currency = item["currency"]?.stringValue else {
                continue
            }
            products[sku] = Product(
                sku: sku, currency: currency, isInstantDeliverySupported: item["isInstantDeliverySupported"]?.boolValue ?? false)
        }
        return products
    }
}
