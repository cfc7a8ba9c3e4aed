import Orders
import Settings
import SinkKit

/// An order as it stands in Tryton.
struct TrytonSale: Sendable {
    struct Line: Sendable, HeldLine {
        let id: Int64
        let sequence: Int64?
        /// Of the shop's line; `nil` where somebody added the line in Tryton.
        let key: String?
        let product: Int64?
        let productCode: String?
        let quantity: ExactDecimal
        let unit: Int64?
        let unitPrice: ExactDecimal
        /// From 0 to 1; `nil` for what is never shipped, such as services.
        let progress: ExactDecimal?
    }

    let id: Int64
    /// Our key.
    let webID: String
    /// Given by the quotation.
    let number: String?
    /// `draft`, `quotation`, `confirmed`, `processing`, `done` or `cancelled`.
    let state: String
    let currency: String?
    let untaxedAmount: ExactDecimal?
    /// As people see them.
    let lines: [Line]

    /// A draft has no number yet.
    var erpOrderNumber: String { number ?? "id:\(id)" }

    func receipt(_ lineNumber: ERPLineNumber) -> SinkReceipt {
        let receiptState: SinkReceipt.State =
            switch state {
            case "cancelled": .cancelled
            case "draft", "quotation": .draft
            default: .confirmed
            }
        let ours = lines.compactMap { line in
            line.key.map { key in
                SinkReceiptLine(lineKey: key, erpLineNumber: lineNumber == .id ? line.id : line.sequence ?? line.id)
            }
        }
        return SinkReceipt(erpOrderNumber: erpOrderNumber, state: receiptState, lines: ours, total: untaxedAmount)
    }
}

extension TrytonSale {
    /// Asks for the order of that key; `nil` only where Tryton shows none.
    static func find(
        _ webID: String, _ client: TrytonClient, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) -> TrytonSale? {
        let rows = try await client.ask(
            "sale.sale.search_read",
            [
                [["web_shop", "=", .integer(facts.webShop)], ["web_id", "=", .text(webID)]], 0, 2, nil,
                ["number", "state", "web_id", "currency.code", "untaxed_amount"],
            ], company: facts.company, budget)
        guard let rows = rows.arrayValue else { throw SinkError(.notApplied, "Tryton's look-up gave no list") }
        guard let row = rows.first else { return nil }
        guard rows.count == 1, row["web_id"]?.stringValue == webID else {
            throw SinkError(.conflict, "Tryton shows \(rows.count) orders under the web ID \(webID)")
        }
        guard let id = row["id"]?.integerValue, let state = row["state"]?.stringValue else {
            throw SinkError(.notApplied, "Tryton's look-up gave an order without its id or state")
        }
        return TrytonSale(
            id: id, webID: webID, number: row["number"]?.stringValue, state: state,
            currency: row["currency."]?["code"]?.stringValue,
            untaxedAmount: row["untaxed_amount"]?.trytonDecimal, lines: try await lines(of: id, client, facts, budget))
    }

    private static func lines(
        of sale: Int64, _ client: TrytonClient, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) -> [Line] {
        let rows = try await client.ask(
            "sale.line.search_read",
            [
                [["sale", "=", .integer(sale)], ["type", "=", "line"]], 0, nil, [["sequence", "ASC"], ["id", "ASC"]],
                ["sequence", "note", "product", "product.code", "quantity", "unit", "unit_price", "moves_progress"],
            ], company: facts.company, budget)
        var lines: [Line] = []
        for row in rows.arrayValue ?? [] {
            guard let id = row["id"]?.integerValue, let quantity = row["quantity"]?.trytonDecimal,
                let price = row["unit_price"]?.trytonDecimal
            else { throw SinkError(.conflict, "order id:\(sale) in Tryton has a line without a quantity or a price") }
            lines.append(
                Line(
                    id: id, sequence: row["sequence"]?.integerValue, key: row["note"]?.stringValue.flatMap(TrytonLineMark.key),
                    product: row["product."]?["id"]?.integerValue ?? row["product"]?.integerValue,
                    productCode: row["product."]?["code"]?.stringValue, quantity: quantity, unit: row["unit"]?.integerValue,
                    unitPrice: price, progress: row["moves_progress"]?.trytonDecimal))
        }
        return lines
    }
}

/// How a line in Tryton names the shop's line: in its note, which is for colleagues and stands on no document.
enum TrytonLineMark {
    private static let prefix = "crossdock "

    static func note(_ key: String) -> String { prefix + key }

    /// People may write more into the note, on lines of its own.
    static func key(_ note: String) -> String? {
        note.split(whereSeparator: \.isNewline).first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}
