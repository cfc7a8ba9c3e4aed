import Orders
import SinkKit

/// What hardly ever changes in a Tryton: asked for once, and again after a while.
struct TrytonFacts: Sendable {
    struct Currency: Sendable {
        let id: Int64
        let rounding: ExactDecimal
    }

    let webShop: Int64
    let company: Int64
    let companyName: String
    /// An IANA name; `nil` where the company has none, which means UTC.
    let zone: String?
    let currencies: [String: Currency]
    let units: UnitTable
    let countries: [String: Int64]
    /// Digits behind the point of a price.
    let priceDigits: Int
    /// Which of the fields that depend on version and modules there are, as `model.field`.
    let fields: Set<String>

    var limits: LineLimits {
        // Tryton reckons with 28 digits (Python's decimal context); amounts are prices times quantities.
        LineLimits(erp: "Tryton", units: units, priceDigits: priceDigits, priceDigitsMax: 13)
    }
}

extension TrytonFacts {
    /// - Parameter webShop: its name.
    static func read(_ client: TrytonClient, webShop name: String, _ budget: CallBudget) async throws(SinkError) -> TrytonFacts {
        let shops = try await client.ask(
            "web.shop.search_read",
            [[["name", "=", .text(name)]], 0, 2, nil, ["company", "company.timezone", "company.party.rec_name"]], budget)
        guard let shop = shops.arrayValue?.first, let webShop = shop["id"]?.integerValue,
            let company = shop["company"]?.integerValue
        else { throw SinkError(.misconfigured, "Tryton shows no web shop '\(name)' to this user") }
        if shops.arrayValue?.count != 1 { throw SinkError(.misconfigured, "Tryton has several web shops called '\(name)'") }
        let owner = shop["company."]
        return TrytonFacts(
            webShop: webShop, company: company, companyName: owner?["party."]?["rec_name"]?.stringValue ?? "\(company)",
            zone: owner?["timezone"]?.stringValue, currencies: try await currencies(client, company, budget),
            units: try await units(client, company, budget), countries: try await countries(client, company, budget),
            priceDigits: try await priceDigits(client, company, budget), fields: try await fields(client, company, budget))
    }

    private static func currencies(
        _ client: TrytonClient, _ company: Int64, _ budget: CallBudget
    ) async throws(SinkError) -> [String: Currency] {
        let rows = try await client.ask(
            "currency.currency.search_read", [[], 0, nil, nil, ["code", "rounding"]], company: company, budget)
        return rows.byText("code") { row in
            guard let id = row["id"]?.integerValue else { return nil }
            return Currency(id: id, rounding: row["rounding"]?.trytonDecimal ?? hundredth)
        }
    }

    private static func units(
        _ client: TrytonClient, _ company: Int64, _ budget: CallBudget
    ) async throws(SinkError) -> UnitTable {
        let rows = try await client.ask(
            "product.uom.search_read",
            [[], 0, nil, nil, ["symbol", "name", "category", "digits", "factor", "rate"]], company: company, budget)
        var units: [UnitTable.Unit] = []
        for row in rows.arrayValue ?? [] {
            guard let id = row["id"]?.integerValue, let category = row["category"]?.integerValue,
                let factor = row["factor"]?.trytonDecimal, let rate = row["rate"]?.trytonDecimal
            else { continue }
            units.append(
                UnitTable.Unit(
                    id: id, symbol: row["symbol"]?.stringValue ?? "", name: row["name"]?.stringValue ?? "", category: category,
                    digits: Int(row["digits"]?.integerValue ?? 0), factor: factor, rate: rate))
        }
        return UnitTable(units)
    }

    private static func countries(
        _ client: TrytonClient, _ company: Int64, _ budget: CallBudget
    ) async throws(SinkError) -> [String: Int64] {
        let rows = try await client.ask("country.country.search_read", [[], 0, nil, nil, ["code"]], company: company, budget)
        return rows.byText("code") { $0["id"]?.integerValue }
    }

    private static func priceDigits(
        _ client: TrytonClient, _ company: Int64, _ budget: CallBudget
    ) async throws(SinkError) -> Int {
        let fields = try await client.ask("sale.line.fields_get", [["unit_price"]], company: company, budget)
        return Int(fields["unit_price"]?["digits"]?.arrayValue?.last?.integerValue ?? 4)
    }

    private static func fields(
        _ client: TrytonClient, _ company: Int64, _ budget: CallBudget
    ) async throws(SinkError) -> Set<String> {
        var known: Set<String> = []
        for (model, names) in [
            ("party.address", ["street_unstructured"]), ("stock.shipment.out", ["carrier"]), ("stock.move", ["package"]),
        ] {
            let fields = try await client.ask("\(model).fields_get", [.texts(names)], company: company, budget)
            known.formUnion((fields.objectValue?.members ?? []).map { "\(model).\($0.name.value)" })
        }
        guard known.contains("stock.move.package") else { return known }
        let fields = try await client.ask(
            "stock.package.fields_get", [["shipping_reference", "shipping_tracking_url"]], company: company, budget)
        return known.union((fields.objectValue?.members ?? []).map { "stock.package.\($0.name.value)" })
    }

    private static let hundredth = ExactDecimal(1).divided(by: ExactDecimal(100), fractionDigits: 2) ?? ExactDecimal(1)
}

extension JSONValue {
    /// The rows of an answer by one of their texts.
    fileprivate func byText<Value>(_ name: String, _ value: (JSONValue) -> Value?) -> [String: Value] {
        var values: [String: Value] = [:]
        for row in arrayValue ?? [] {
            if let text = row[name]?.stringValue, let value = value(row) { values[text] = value }
        }
        return values
    }
}
