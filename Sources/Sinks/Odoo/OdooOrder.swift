import Orders
import Settings
import SinkKit

/// An order as it stands in Odoo.
struct OdooOrder: Sendable {
    struct Line: Sendable, HeldLine {
        let id: Int64
        let sequence: Int64?
        /// Of the shop's line; `nil` where somebody added the line in Odoo.
        let key: String?
        let product: Int64?
        let productCode: String?
        let isService: Bool
        let quantity: ExactDecimal
        let unit: Int64?
        let unitPrice: ExactDecimal
        let taxes: [Int64]
        let delivered: ExactDecimal
        let invoiced: ExactDecimal
    }

    let id: Int64
    /// Such as `S00007`, given at once.
    let number: String
    /// `draft`, `sent`, `sale`, `cancel`, and before version 17 `done`.
    var state: String
    let isLocked: Bool
    let currency: String?
    let untaxedAmount: ExactDecimal?
    /// `YYYY-MM-DD HH:MM:SS` in UTC.
    var date: String?
    /// As people see them, without headings and notes.
    var lines: [Line]

    var isDraft: Bool { state == "draft" || state == "sent" }
    var isCancelled: Bool { state == "cancel" }

    func receipt(_ lineNumber: ERPLineNumber) -> SinkReceipt {
        let ours = lines.compactMap { line in
            line.key.map { key in
                SinkReceiptLine(lineKey: key, erpLineNumber: lineNumber == .id ? line.id : line.sequence ?? line.id)
            }
        }
        return SinkReceipt(
            erpOrderNumber: number, state: isCancelled ? .cancelled : isDraft ? .draft : .confirmed, lines: ours,
            total: untaxedAmount)
    }

    /// Whether the order is `order`, and its sum ours.
    ///
    /// - Returns: in words that follow "in which"; `nil` where there is no difference.
    func difference(from order: SinkOrder, _ catalog: OdooCatalog, _ facts: OdooFacts, currency wanted: String) -> String? {
        let comparison = OrderComparison(order: order, catalog: catalog.named, units: facts.units)
        return comparison.difference(inCurrency: currency, default: wanted) ?? comparison.difference(in: lines)
            ?? comparison.difference(inSum: untaxedAmount, step: currency.flatMap { facts.currencies[$0]?.rounding })
    }
}

extension OdooDesk {
    /// Asks for the order of that key by the mark that it bears, which people can remove or copy: it counts if the external id agrees.
    func order(marked key: IdempotencyKey) async throws(SinkError) -> OdooOrder? {
        let rows = try await heads([["origin", "=", .text(key.text)]])
        guard !rows.isEmpty else { return nil }
        let known = try await externalIDs("sale.order", rows.compactMap { $0["id"]?.integerValue })
        guard let row = rows.first(where: { known[$0["id"]?.integerValue ?? 0] == OdooMark.order(key) }) else { return nil }
        return try await order(row, key)
    }

    /// Asks for the order of that key by its external id as well; `nil` only where Odoo says that there is none.
    func order(_ key: IdempotencyKey) async throws(SinkError) -> OdooOrder? {
        if let order = try await order(marked: key) { return order }
        let name = OdooMark.order(key)
        let parts = name.split(separator: ".", maxSplits: 1).map { JSONValue.text(String($0)) }
        let found: JSONValue
        do throws(OdooFailure) {
            found = try await ask(
                "ir.model.data", "check_object_reference", JSONObject([("module", parts[0]), ("xml_id", parts[1])]))
        } catch {
            // Never translated: odoo 19.0, base/models/ir_model.py, _xmlid_lookup.
            if case .raised(let exception) = error, exception.name == "builtins.ValueError", exception.text.hasSuffix(name) {
                return nil
            }
            throw error.sinkError
        }
        // `false` where the order was given up while it was made: the name is remembered for a while.
        guard let id = found.arrayValue?.last?.integerValue else { return nil }
        return try await order(id: id, key)
    }

    func order(id: Int64, _ key: IdempotencyKey) async throws(SinkError) -> OdooOrder? {
        guard let row = try await heads([["id", "=", .integer(id)]]).first else { return nil }
        return try await order(row, key)
    }

    private func heads(_ domain: JSONValue) async throws(SinkError) -> [JSONValue] {
        var fields = ["name", "state", "currency_id", "amount_untaxed", "date_order"]
        if facts.fields.contains("sale.order.locked") { fields.append("locked") }
        return try await rows("sale.order", domain, fields, limit: 20)
    }

    private func order(_ row: JSONValue, _ key: IdempotencyKey) async throws(SinkError) -> OdooOrder {
        guard let id = row["id"]?.integerValue, let number = row["name"]?.stringValue, let state = row["state"]?.stringValue
        else {
            throw SinkError(.notApplied, "Odoo's look-up gave an order without its number or state")
        }
        return OdooOrder(
            id: id, number: number, state: state, isLocked: row["locked"]?.boolValue ?? (state == "done"),
            currency: row["currency_id"]?.referenceName, untaxedAmount: row["amount_untaxed"]?.odooDecimal,
            date: row["date_order"]?.stringValue, lines: try await lines(of: id, key))
    }

    private func lines(of order: Int64, _ key: IdempotencyKey) async throws(SinkError) -> [OdooOrder.Line] {
        let rows = try await rows(
            "sale.order.line", [["order_id", "=", .integer(order)], ["display_type", "=", false]],
            [
                "sequence", "product_id", "product_type", "product_uom_qty", facts.lineUnit, "price_unit", facts.lineTaxes,
                "qty_delivered", "qty_invoiced",
            ], order: "sequence, id")
        let names = try await externalIDs("sale.order.line", rows.compactMap { $0["id"]?.integerValue })
        let codes = try await codes(rows.compactMap { $0["product_id"]?.reference })
        var lines: [OdooOrder.Line] = []
        for row in rows {
            guard let id = row["id"]?.integerValue, let quantity = row["product_uom_qty"]?.odooDecimal,
                let price = row["price_unit"]?.odooDecimal
            else { throw SinkError(.conflict, "order id:\(order) in Odoo has a line without a quantity or a price") }
            let product = row["product_id"]?.reference
            lines.append(
                OdooOrder.Line(
                    id: id, sequence: row["sequence"]?.integerValue, key: names[id].flatMap { OdooMark.lineKey($0, of: key) },
                    product: product, productCode: product.flatMap { codes[$0] },
                    isService: row["product_type"]?.stringValue == "service", quantity: quantity,
                    unit: row[facts.lineUnit]?.reference, unitPrice: price, taxes: row[facts.lineTaxes]?.ids ?? [],
                    delivered: row["qty_delivered"]?.odooDecimal ?? .zero, invoiced: row["qty_invoiced"]?.odooDecimal ?? .zero))
        }
        return lines
    }

    /// Of products that can't be had any more as well.
    private func codes(_ products: [Int64]) async throws(SinkError) -> [Int64: String] {
        var seen: Set<Int64> = []
        let ids = products.filter { seen.insert($0).inserted }
        guard !ids.isEmpty else { return [:] }
        let rows = try await rows("product.product", [["id", "in", .ids(ids)]], ["default_code"], withArchived: true)
        var codes: [Int64: String] = [:]
        for row in rows {
            if let id = row["id"]?.integerValue { codes[id] = row["default_code"]?.stringValue }
        }
        return codes
    }
}
