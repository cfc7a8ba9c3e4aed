import Orders
import Settings
import SinkKit

/// What hardly ever changes in an Odoo: asked for once, and again after a while.
struct OdooFacts: Sendable {
    struct Currency: Sendable {
        let id: Int64
        let rounding: ExactDecimal
    }

    /// Of every call.
    private(set) var context: JSONObject
    private(set) var company: Int64 = 0
    private(set) var companyName = ""
    /// The company's own.
    private(set) var currency = ""
    /// An IANA name, of the user: what the shop's dates mean that name no zone.
    private(set) var zone: String?
    private(set) var currencies: [String: Currency] = [:]
    private(set) var countries: [String: Int64] = [:]
    private(set) var units = UnitTable([])
    /// Digits behind the point of quantities and, before version 19, of prices.
    private(set) var quantityDigits = 2
    private(set) var priceDigits: Int?
    /// Which of the fields that depend on version and modules there are, as `model.field`.
    private(set) var fields: Set<String> = []

    var limits: LineLimits {
        // Odoo reckons with binary floats; amounts are prices times quantities.
        LineLimits(erp: "Odoo", units: units, priceDigits: priceDigits, priceDigitsMax: 13)
    }

    /// The first of these names that the model has: some changed with versions.
    func name(_ model: String, _ names: String...) -> String { names.first { fields.contains("\(model).\($0)") } ?? names[0] }

    /// What a unit of an order line is called.
    var lineUnit: String { name("sale.order.line", "product_uom_id", "product_uom") }
    var lineTaxes: String { name("sale.order.line", "tax_ids", "tax_id") }
    var movedQuantity: String { name("stock.move", "quantity", "quantity_done") }
}

extension OdooFacts {
    static func read(
        _ client: OdooClient, _ settings: OdooSinkSettings, _ budget: CallBudget
    ) async throws(SinkError) -> OdooFacts {
        var facts = OdooFacts(context: JSONObject([("tz", "UTC")]))
        func desk() -> OdooDesk { OdooDesk(client: client, facts: facts, budget: budget) }
        let user: JSONValue
        do throws(OdooFailure) { user = try await desk().ask("res.users", "context_get") } catch { throw error.sinkError }
        facts.zone = user["tz"]?.stringValue
        // Names of units and taxes, and refusals, in the user's own language.
        if let language = user["lang"]?.stringValue { facts.context.append("lang", .text(language)) }
        try await facts.readCompany(desk(), user["uid"]?.integerValue, named: settings.company)
        facts.context.append("allowed_company_ids", .ids([facts.company]))
        try await facts.readTables(desk())
        try await facts.readFields(desk())
        try await facts.readUnits(desk())
        return facts
    }

    private mutating func readCompany(_ desk: OdooDesk, _ user: Int64?, named name: String?) async throws(SinkError) {
        let users = try await desk.rows("res.users", [["id", "=", .integer(user ?? 0)]], ["company_id"])
        let wanted: JSONValue =
            name.map { ["name", "=", .text($0)] } ?? ["id", "=", users.first?["company_id"]?.reference.map { .integer($0) } ?? 0]
        let rows = try await desk.rows("res.company", [wanted], ["name", "currency_id"])
        guard let row = rows.first, let id = row["id"]?.integerValue else {
            throw SinkError(.misconfigured, "Odoo shows no company \(name.map { "'\($0)' " } ?? "")to this user")
        }
        if rows.count > 1 { throw SinkError(.misconfigured, "Odoo has several companies called '\(name ?? "")'") }
        (company, companyName) = (id, row["name"]?.stringValue ?? "")
        currency = row["currency_id"]?.referenceName ?? ""
    }

    private mutating func readTables(_ desk: OdooDesk) async throws(SinkError) {
        for row in try await desk.rows("res.currency", [], ["name", "rounding"]) {
            guard let id = row["id"]?.integerValue, let code = row["name"]?.stringValue, let step = row["rounding"]?.odooDecimal
            else { continue }
            currencies[code] = Currency(id: id, rounding: step)
        }
        for row in try await desk.rows("res.country", [], ["code"]) {
            if let id = row["id"]?.integerValue, let code = row["code"]?.stringValue { countries[code] = id }
        }
    }

    private mutating func readFields(_ desk: OdooDesk) async throws(SinkError) {
        let asked = [
            ("sale.order", ["locked", "delivery_status"]),
            ("sale.order.line", ["product_uom_qty", "price_unit", "product_uom_id", "product_uom", "tax_ids", "tax_id"]),
            ("product.product", ["default_code", "barcode"]), ("uom.uom", ["parent_path", "category_id", "factor_inv"]),
            ("stock.picking", ["sale_id", "carrier_tracking_ref", "carrier_tracking_url", "carrier_id"]),
            ("stock.move", ["sale_line_id", "quantity", "quantity_done"]),
        ]
        for (model, names) in asked {
            let found: JSONValue
            do throws(OdooFailure) {
                found = try await desk.ask(
                    model, "fields_get", JSONObject([("allfields", .texts(names)), ("attributes", ["type", "digits"])]))
            } catch {
                // Without the module there is no such model.
                if model.hasPrefix("stock."), !error.isOfConnection { continue }
                throw error.sinkError
            }
            fields.formUnion((found.objectValue?.members ?? []).map { "\(model).\($0.name.value)" })
            guard model == "sale.order.line" else { continue }
            quantityDigits = found["product_uom_qty"]?["digits"]?.arrayValue?.last?.integerValue.map { Int($0) } ?? quantityDigits
            priceDigits = found["price_unit"]?["digits"]?.arrayValue?.last?.integerValue.map { Int($0) }
        }
    }

    /// Version 19 keeps units as a tree, with factors to its root; those before it in categories, with factors both ways.
    private mutating func readUnits(_ desk: OdooDesk) async throws(SinkError) {
        let isTree = fields.contains("uom.uom.parent_path")
        let own = isTree ? ["parent_path"] : ["category_id", "factor_inv"]
        let rows = try await desk.rows("uom.uom", [], ["name", "factor", "rounding"] + own)
        units = UnitTable(
            rows.compactMap { row in
                guard let id = row["id"]?.integerValue, let factor = row["factor"]?.odooDecimal else { return nil }
                let root = row["parent_path"]?.stringValue?.split(separator: "/").first.flatMap { Int64($0) }
                guard let category = isTree ? root : row["category_id"]?.reference else { return nil }
                let step = row["rounding"]?.odooDecimal?.fractionDigits ?? quantityDigits
                return UnitTable.Unit(
                    id: id, symbol: "", name: row["name"]?.stringValue ?? "", category: category,
                    digits: min(step, quantityDigits), factor: isTree ? factor : row["factor_inv"]?.odooDecimal ?? factor,
                    rate: isTree ? nil : factor)
            })
    }
}

extension OdooFailure {
    /// Whether nobody knows what Odoo would have said.
    fileprivate var isOfConnection: Bool {
        guard case .failed(let error) = self else { return false }
        return error.code != .misconfigured
    }
}
