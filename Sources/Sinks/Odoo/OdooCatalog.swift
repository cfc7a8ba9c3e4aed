import Orders
import SinkKit

/// What Odoo says about the products and taxes that an order names.
struct OdooCatalog: Sendable {
    private(set) var named = ProductCatalog()
    /// Products that the warehouse handles.
    private(set) var goods: Set<Int64> = []
    /// Names of taxes that are contained in prices.
    private(set) var includedTaxes: Set<String> = []

    /// Everything that the order names, in as few calls as it takes.
    static func read(_ order: SinkOrder, _ desk: OdooDesk) async throws(SinkError) -> OdooCatalog {
        let items = order.order.lines.map(order.item)
        var catalog = OdooCatalog()
        let codes = ProductCatalog.unique(items.map(\.productCode))
        try await catalog.readProducts(codes, by: "default_code", desk)
        // EAN and the like.
        let unknown = codes.filter { catalog.named.products[$0] == nil }
        try await catalog.readProducts(unknown, by: "barcode", desk)
        try await catalog.readTaxes(ProductCatalog.unique(items.flatMap(\.taxes)), desk)
        return catalog
    }

    private mutating func readProducts(_ codes: [String], by field: String, _ desk: OdooDesk) async throws(SinkError) {
        guard !codes.isEmpty else { return }
        let rows = try await desk.rows(
            "product.product", [[.text(field), "in", .texts(codes)]], [field, "sale_ok", "uom_id", "type"])
        for row in rows {
            guard let id = row["id"]?.integerValue, let name = row[field]?.stringValue, let unit = row["uom_id"]?.reference,
                let category = desk.facts.units[unit]?.category
            else { continue }
            named.products[name, default: []].append(
                ProductCatalog.Product(
                    id: id, unit: unit, unitCategory: category, isSalable: row["sale_ok"]?.boolValue ?? true))
            if row["type"]?.stringValue != "service" { goods.insert(id) }
        }
    }

    private mutating func readTaxes(_ names: [String], _ desk: OdooDesk) async throws(SinkError) {
        guard !names.isEmpty else { return }
        let rows = try await desk.rows(
            "account.tax",
            [["name", "in", .texts(names)], ["type_tax_use", "=", "sale"], ["company_id", "=", .integer(desk.facts.company)]],
            ["name", "price_include"])
        for row in rows {
            guard let id = row["id"]?.integerValue, let name = row["name"]?.stringValue else { continue }
            named.taxes[name, default: []].append(id)
            if row["price_include"]?.boolValue == true { includedTaxes.insert(name) }
        }
    }
}
