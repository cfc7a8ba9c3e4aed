import Orders
import Settings
import SinkKit
import TestSupport
import Testing

extension TrytonTests {
    @Suite struct LineTests {
        /// What Tryton makes of lines with 19 % tax: half to even, line by line.
        static let roundings: [(lines: [ERPOrders.Line], untaxed: String, total: String)] = [
            ([("SKU-1001", "1", "8.385")], "8.38", "9.97"), ([("SKU-1001", "1", "8.395")], "8.4", "10"),
            ([("SKU-1001", "3", "8.395")], "25.18", "29.97"),
            (Array(repeating: ("SKU-1001", "1", "8.395"), count: 3), "25.2", "29.99"),
            ([("SKU-1003", "0.5", "18.6822")], "9.34", "9.99"),
        ]

        @Test(arguments: roundings)
        func `what Tryton rounds is within the tolerance, is told, and bends no price`(
            lines: [ERPOrders.Line], untaxed: String, total: String
        ) async throws {
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order(lines)
                let receipt = try await erp.create(order)
                #expect(receipt.total == decimal(untaxed))
                let id = try erp.saleID(order)
                let totals = try erp.server.call("sale.sale.read", "[[\(id)], [\"total_amount\"]]")
                let told = try JSONValue(parsing: totals).arrayValue?.first?["total_amount"]?["decimal"]?.stringValue
                #expect(told.map { decimal($0) } == decimal(total))
                let prices = try erp.server.rows("SELECT unit_price FROM sale_line WHERE sale = \(id) ORDER BY sequence")
                #expect(prices.map { decimal($0) } == order.order.lines.map(\.unitPrice))
            }
        }

        @Test func `lines of one product stay apart`() async throws {
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order([("SKU-1001", "2", "8"), ("SKU-1001", "2", "8"), ("SKU-1001", "3", "7")])
                let receipt = try await erp.create(order)
                #expect(receipt.lines.map(\.lineKey) == order.order.lines.map(\.key))
                #expect(Set(receipt.lines.compactMap(\.erpLineNumber)).count == 3)
            }
        }

        @Test func `a discount and what comes back are negative lines`() async throws {
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order([
                    ("SKU-1001", "3", "8"), ("DISCOUNT", "1", "-2.5"), ("SKU-1002", "-1", "2.5126"),
                ])
                let receipt = try await erp.create(order)
                #expect(receipt.total == decimal("18.99") && receipt.isWhole)
            }
        }

        @Test func `an order may have four hundred lines`() async throws {
            try await TrytonERP.run({ $0.confirmation = .quotation }) { erp in
                let lines = (0..<400).map { ("SKU-100\($0 % 2 + 1)", "\($0 + 1)", "1.0001") }
                let order = try ERPOrders.order(lines)
                let receipt = try await erp.create(order)
                #expect(receipt.lines.map(\.lineKey) == order.order.lines.map(\.key))
            }
        }

        @Test func `names and texts of any language arrive as they are`() async throws {
            try await TrytonERP.run { erp in
                let text = "Zoë ‘Ünïcode’ 北京 \u{1F950} <b>&amp;\\ \"quoted\"\nsecond line"
                let order = try ERPOrders.order { $0.description = text }
                _ = try await erp.create(order)
                let id = try erp.saleID(order)
                let read = try JSONValue(parsing: erp.server.call("sale.sale.read", "[[\(id)], [\"comment\", \"party.name\"]]"))
                #expect(read.arrayValue?.first?["comment"]?.stringValue == text)
                #expect(read.arrayValue?.first?["party."]?["name"]?.stringValue == order.customer?.name)
            }
        }

        @Test func `a product is known by its EAN, a unit by the tables, and taxes by either`() async throws {
            try await TrytonERP.run { erp in
                var items = [
                    1: SinkItem(
                        productCode: "SKU-1003", unit: "g", quantity: ExactDecimal(500), unitPrice: ExactDecimal(1),
                        taxes: ["VAT 19%"])
                ]
                items[2] = SinkItem(productCode: "SKU-1003", quantity: ExactDecimal(1), unitPrice: ExactDecimal(18))
                let order = try ERPOrders.order([("4006381333931", "1", "8"), ("a", "1", "1"), ("b", "1", "1")], items: items)
                _ = try await erp.create(order)
                let rows = try erp.server.rows(
                    """
                    SELECT l.product, l.unit, l.quantity, t.tax FROM sale_line l JOIN "sale_line-account_tax" t ON t.line = l.id
                    WHERE l.sale = \(try erp.saleID(order)) ORDER BY l.sequence
                    """)
                #expect(rows == ["1|1|1.0|1", "3|3|500.0|1", "3|2|1.0|2"])
            }
        }
    }
}
