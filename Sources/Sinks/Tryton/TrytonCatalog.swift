import Orders
import SinkKit

/// What Tryton says about the products and taxes that an order names.
struct TrytonCatalog: Sendable {
    private(set) var named = ProductCatalog()
    /// By the product's id: whose products bear the same taxes.
    private(set) var accountCategories: [Int64: Int64] = [:]

    /// Everything that the order names, in as few calls as it takes.
    static func read(
        _ order: SinkOrder, _ client: TrytonClient, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) -> TrytonCatalog {
        let items = order.order.lines.map(order.item)
        var catalog = TrytonCatalog()
        let codes = ProductCatalog.unique(items.map(\.productCode))
        try await catalog.readProducts(codes, by: "code", client, facts, budget)
        // EAN and the like.
        let unknown = codes.filter { catalog.named.products[$0] == nil }
        try await catalog.readProducts(unknown, by: "identifiers.code", client, facts, budget)
        try await catalog.readTaxes(ProductCatalog.unique(items.flatMap(\.taxes)), client, facts, budget)
        return catalog
    }

    private mutating func readProducts(
        _ codes: [String], by field: String, _ client: TrytonClient, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) {
        guard !codes.isEmpty else { return }
        let rows = try await client.ask(
            "product.product.search_read",
            [
                [[.text(field), "in", .texts(codes)]], 0, nil, [["id", "ASC"]],
                ["code", "identifiers.code", "salable", "sale_uom", "default_uom", "account_category"],
            ], company: facts.company, budget)
        for row in rows.arrayValue ?? [] {
            guard let product = ProductCatalog.Product(row, facts) else { continue }
            accountCategories[product.id] = row["account_category"]?.integerValue
            let names =
                field == "code"
                ? [row["code"]?.stringValue ?? ""]
                : (row["identifiers."]?.arrayValue ?? []).compactMap { $0["code"]?.stringValue }
            for name in ProductCatalog.unique(names) where codes.contains(name) {
                named.products[name, default: []].append(product)
            }
        }
    }

    private mutating func readTaxes(
        _ names: [String], _ client: TrytonClient, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) {
        guard !names.isEmpty else { return }
        let rows = try await client.ask(
            "account.tax.search_read",
            [
                [["OR", ["name", "in", .texts(names)], ["description", "in", .texts(names)]], ["parent", "=", nil]], 0, nil,
                [["id", "ASC"]], ["name", "description"],
            ], company: facts.company, budget)
        for row in rows.arrayValue ?? [] {
            guard let id = row["id"]?.integerValue else { continue }
            for name in ProductCatalog.unique(["name", "description"].compactMap { row[$0]?.stringValue })
            where names.contains(name) {
                named.taxes[name, default: []].append(id)
            }
        }
    }
}

extension ProductCatalog.Product {
    fileprivate init?(_ row: JSONValue, _ facts: TrytonFacts) {
        guard let id = row["id"]?.integerValue, let base = row["default_uom"]?.integerValue,
            let category = facts.units[base]?.category
        else { return nil }
        self.init(
            id: id, unit: row["sale_uom"]?.integerValue ?? base, unitCategory: category,
            isSalable: row["salable"]?.boolValue ?? true)
    }
}
