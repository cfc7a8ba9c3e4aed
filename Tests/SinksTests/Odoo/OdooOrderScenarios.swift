import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing

extension OdooScenario {
    /// From an order to a confirmed one, and what happens when it comes again.
    static let ordering: [OdooScenario] = [
        OdooScenario(name: "create") { erp async throws in
            let order = try ERPOrders.order(id: 5001)
            #expect(try await erp.find(order) == nil)
            let receipt = try await erp.create(order)
            #expect(receipt.state == .confirmed && receipt.total == decimal("38.64"), "\(receipt)")
            #expect(receipt.lines.map(\.lineKey) == order.order.lines.map(\.key))
            #expect(receipt.isWhole && Set(receipt.lines.compactMap(\.erpLineNumber)).count == 3)
            #expect(try await erp.find(order) == receipt)
            #expect(try await erp.create(order) == receipt)
            try erp.live { odoo throws in
                #expect(try odoo.orders(order.key.text) == ["sale \(receipt.erpOrderNumber)"])
                // Confirmed half past midnight in Berlin, which the connector's user says it is.
                let head = """
                    SELECT date_order, client_order_ref, pricelist_id IS NULL FROM sale_order WHERE origin = '\(order.key.text)'
                    """
                #expect(try odoo.rows(head) == ["2026-11-20 22:30:00|CS5001|t"])
            }
        },
        OdooScenario(name: "draft-carried-on", configure: { $0.confirmation = .draft }) { erp async throws in
            let (order, other) = (try ERPOrders.order(id: 5002), try ERPOrders.order(id: 5003))
            #expect(try await erp.create(order).state == .draft)
            let receipt = try await erp.create(other)
            guard case .accepted(let released) = try await erp.sink.release(receipt, key: other.key, erp.context) else {
                Issue.record("it wasn't accepted")
                return
            }
            #expect(released.state == .confirmed && released.lines == receipt.lines)
            let carried = try await erp.with { $0.confirmation = .confirmed }.create(order)
            #expect(carried.state == .confirmed)
            try erp.live { odoo throws in
                #expect(try odoo.orders(order.key.text) == ["sale \(carried.erpOrderNumber)"])
                let keys = "'\(order.key.text)', '\(other.key.text)'"
                let dates = "SELECT DISTINCT date_order FROM sale_order WHERE origin IN (\(keys))"
                #expect(try odoo.rows(dates) == ["2026-11-20 22:30:00"])
            }
        },
        // People took our mark away: the external id is the key.
        OdooScenario(name: "mark-removed", configure: { $0.confirmation = .draft }) { erp async throws in
            let order = try ERPOrders.order(id: 5004)
            let receipt = try await erp.create(order)
            try erp.live { odoo throws in
                let id = try #require(try odoo.rows("SELECT id FROM sale_order WHERE origin = '\(order.key.text)'").first)
                try odoo.call("sale.order", "write", "{\"ids\": [\(id)], \"vals\": {\"origin\": \"mine\"}}")
                try odoo.call("sale.order", "copy", "{\"ids\": [\(id)], \"default\": {\"origin\": \"\(order.key.text)\"}}")
            }
            #expect(try await erp.find(order) == receipt)
            #expect(try await erp.create(order) == receipt)
        },
        OdooScenario(name: "conflict", configure: { $0.confirmation = .draft }) { erp async throws in
            let order = try ERPOrders.order(id: 5005)
            let receipt = try await erp.create(order)
            for lines in [
                [("SKU-1001", "3", "8.3950"), ("SKU-1003", "0.5", "18.6822"), ("SHIPPING", "1", "4.1175")],
                [("SKU-1001", "2", "8.3950"), ("SKU-1003", "0.5", "18.6822"), ("SHIPPING", "1", "4.1176")],
                [("SKU-1002", "3", "8.3950"), ("SKU-1003", "0.5", "18.6822"), ("SHIPPING", "1", "4.1176")],
                [("SKU-1001", "3", "8.3950")],
            ] as [[ERPOrders.Line]] {
                let other = try ERPOrders.order(lines, id: 5005)
                #expect(await erp.createError(other)?.code == .conflict, "\(lines)")
            }
            #expect(try await erp.find(order) == receipt)
        },
        OdooScenario(name: "customers", configure: { $0.parties = .mapped }) { erp async throws in
            #expect(try await erp.faults(try ERPOrders.order(id: 5006)).map(\.path) == ["customer"])
            #expect(try await erp.faults(try ERPOrders.order(id: 5006, customerCode: "no-such")).map(\.path) == ["customer_code"])
            let elsewhere = try await erp.faults(try ERPOrders.order(id: 5006, customerCode: "CUST-1"))
            #expect(elsewhere.map(\.path) == ["shipment_address", "invoice_address"])
            var address = Party()
            (address.street, address.houseNumber, address.postalCode) = ("RINGSTR.", "12", "10115")
            (address.city, address.country, address.name) = ("Berlin", "DE", "muster einkauf ag")
            var customer = Party()
            customer.taxNumber = "DE136695976"
            let plain = try ERPOrders.order(id: 5006)
            // Found by its tax number; nothing is said of where the invoice goes.
            let order = SinkOrder(
                key: plain.key, order: plain.order, customer: customer, shipmentAddress: address, invoiceAddress: nil)
            _ = try await erp.create(order)
            try erp.live { odoo throws in
                let who = """
                    SELECT p.ref, s.id = p.id, i.id = p.id FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
                    JOIN res_partner s ON s.id = o.partner_shipping_id JOIN res_partner i ON i.id = o.partner_invoice_id
                    WHERE o.origin = '\(order.key.text)'
                    """
                #expect(try odoo.rows(who) == ["CUST-1|t|t"])
            }
        },
        OdooScenario(name: "customer-made-once") { erp async throws in
            let customer = ERPOrders.customer(77)
            var elsewhere = ERPOrders.address()
            (elsewhere.city, elsewhere.name, elsewhere.attention) = ("Zwolle", "Depot Zwolle", "Jan")
            for id in [5007, 5008, 5009] as [Int64] {
                let order = try ERPOrders.order(id: id, customer: customer)
                let address = id == 5007 ? ERPOrders.address() : elsewhere
                _ = try await erp.create(
                    SinkOrder(
                        key: order.key, order: order.order, customer: customer, shipmentAddress: address,
                        invoiceAddress: ERPOrders.address()))
            }
            try erp.live { odoo throws in
                let contacts = """
                    SELECT c.type, c.name, c.city FROM res_partner c JOIN res_partner p ON p.id = coalesce(c.parent_id, c.id)
                    WHERE p.ref = 'demo-77' ORDER BY c.id
                    """
                #expect(
                    try odoo.rows(contacts) == [
                        "contact|\(customer.name ?? "")|Utrecht", "delivery|Depot Zwolle, Jan|Zwolle",
                    ])
            }
        },
    ]
}
