import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing

extension OdooScenario {
    /// What Odoo makes of lines, rounding the order as a whole, halves up: lines, their sum, and the total with tax.
    static let roundings: [(lines: [ERPOrders.Line], untaxed: String, total: String)] = [
        ([("SKU-1001", "1", "8.385")], "8.39", "9.98"), ([("SKU-1001", "1", "8.395")], "8.4", "10"),
        ([("SKU-1001", "3", "8.395")], "25.19", "29.98"),
        (Array(repeating: ("SKU-1001", "1", "8.395"), count: 3), "25.19", "29.98"),
        ([("SKU-1003", "0.5", "18.6822")], "9.34", "9.99"),
    ]

    static let lines: [OdooScenario] = [
        OdooScenario(name: "rounding", configure: { $0.confirmation = .draft }) { erp async throws in
            for (index, rounding) in roundings.enumerated() {
                let order = try ERPOrders.order(rounding.lines, id: 5100 + Int64(index))
                #expect(try await erp.create(order).total == decimal(rounding.untaxed), "\(rounding)")
                try erp.live { odoo throws in
                    let total = try odoo.rows("SELECT amount_total FROM sale_order WHERE origin = '\(order.key.text)'")
                    #expect(total.map { decimal($0) } == [decimal(rounding.total)], "\(rounding)")
                    let prices = try odoo.rows(
                        """
                        SELECT l.price_unit FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
                        WHERE o.origin = '\(order.key.text)' ORDER BY l.sequence
                        """)
                    #expect(prices.map { decimal($0) } == order.order.lines.map(\.unitPrice))
                }
            }
        },
        OdooScenario(name: "same-product-lines", configure: { $0.lineNumber = .sequence }) { erp async throws in
            let order = try ERPOrders.order([("SKU-1001", "2", "8"), ("SKU-1001", "2", "8"), ("SKU-1001", "3", "7")], id: 5110)
            let receipt = try await erp.create(order)
            #expect(receipt.lines.map(\.lineKey) == order.order.lines.map(\.key))
            #expect(receipt.lines.map(\.erpLineNumber) == [10, 20, 30])
        },
        OdooScenario(name: "negative-lines") { erp async throws in
            let order = try ERPOrders.order(
                [("SKU-1001", "3", "8"), ("DISCOUNT", "1", "-2.5"), ("SKU-1002", "-1", "2.5126")], id: 5111)
            let receipt = try await erp.create(order)
            #expect(receipt.total == decimal("18.99") && receipt.isWhole, "\(receipt)")
        },
        OdooScenario(name: "texts") { erp async throws in
            let text = "Zoë ‘Ünïcode’ 北京 \u{1F950} <b>&amp;\\ \"quoted\"\nsecond line"
            let order = try ERPOrders.order(id: 5112) {
                $0.description = text
                $0.customerOrderNumber = "PO, \"7\"; ü"
                $0.requestedDeliveryDate = "2026-11-30"
            }
            _ = try await erp.create(order)
            try erp.live { odoo throws in
                let read = try odoo.rows(
                    """
                    SELECT o.note || '|' || o.client_order_ref || '|' || p.name || '|' || o.commitment_date FROM sale_order o
                    JOIN res_partner p ON p.id = o.partner_id WHERE o.origin = '\(order.key.text)'
                    """)
                let note = "<p>Zoë ‘Ünïcode’ 北京 \u{1F950} &lt;b&gt;&amp;amp;\\ \"quoted\"<br>second line</p>"
                let name = order.customer?.name ?? ""
                #expect(read == ["\(note)|CS5112 / PO, \"7\"; ü|\(name)|2026-11-30 11:00:00"])
            }
        },
        OdooScenario(name: "units-and-taxes") { erp async throws in
            var items = [
                1: SinkItem(
                    productCode: "SKU-1003", unit: "g", quantity: ExactDecimal(500), unitPrice: ExactDecimal(1), taxes: ["19%"])
            ]
            items[2] = SinkItem(productCode: "SKU-1003", quantity: ExactDecimal(1), unitPrice: ExactDecimal(18))
            let order = try ERPOrders.order(
                [("4006381333931", "1", "8"), ("a", "1", "1"), ("b", "1", "1")], id: 5113, items: items)
            let receipt = try await erp.create(order)
            #expect(try await erp.create(order) == receipt)
            try erp.live { odoo throws in
                let rows = try odoo.rows(
                    """
                    SELECT p.default_code, u.name->>'en_US', l.product_uom_qty, t.amount FROM sale_order_line l
                    JOIN sale_order o ON o.id = l.order_id JOIN product_product p ON p.id = l.product_id
                    JOIN uom_uom u ON u.id = l.product_uom_id JOIN account_tax_sale_order_line_rel r ON r.sale_order_line_id = l.id
                    JOIN account_tax t ON t.id = r.account_tax_id WHERE o.origin = '\(order.key.text)' ORDER BY l.sequence
                    """)
                #expect(rows == ["SKU-1001|Units|1.00|19.0000", "SKU-1003|g|500.00|19.0000", "SKU-1003|kg|1.00|7.0000"])
            }
        },
        OdooScenario(name: "other-currency") { erp async throws in
            let order = try ERPOrders.order([("SKU-1001", "3", "7.77")], id: 5114) { $0.currency = "USD" }
            let receipt = try await erp.create(order)
            #expect(receipt.total == decimal("23.31"))
            try erp.live { odoo throws in
                let head = """
                    SELECT c.name, o.pricelist_id IS NULL FROM sale_order o JOIN res_currency c ON c.id = o.currency_id
                    WHERE o.origin = '\(order.key.text)'
                    """
                #expect(try odoo.rows(head) == ["USD|f"])
            }
        },
    ]
}
