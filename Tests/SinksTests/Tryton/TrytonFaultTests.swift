import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing

extension TrytonTests {
    @Suite struct FaultTests {
        @Test func `every fault of an order is told at once, and nothing of it is left behind`() async throws {
            var items = [1: SinkItem(productCode: "SKU-1003", unit: "u", quantity: ExactDecimal(1), unitPrice: ExactDecimal(1))]
            items[2] = SinkItem(
                productCode: "SKU-1001", unit: "barrel", quantity: ExactDecimal(1), unitPrice: ExactDecimal(1),
                taxes: ["VAT 19%", "Sin tax"])
            let order = try ERPOrders.order(
                [
                    ("NO-SUCH", "1", "1"), ("x", "1", "1"), ("x", "1", "1"), ("SKU-1003", "0.125", "1"),
                    ("SKU-1001", "0.5", "8.39505"),
                    ("SKU-1002", "1", "2"),
                ], items: items
            ) { $0.currency = "XXX" }
            try await TrytonERP.run { erp in
                let faults = try await erp.faults(order)
                #expect(
                    faults.map(\.path) == [
                        "currency", "lines[0].product", "lines[1].erp.unit", "lines[2].erp.unit", "lines[2].erp.taxes",
                        "lines[3].quantity", "lines[4].quantity", "lines[4].unit_price",
                    ], "\(faults)")
                #expect(try await erp.sink.validate(order, erp.context) == faults)
                #expect(try await erp.find(order) == nil)
                #expect(try erp.server.sales(order.key.text).isEmpty)
                #expect(
                    try erp.server.rows("SELECT count(*) FROM party_party WHERE code = 'demo-\(order.key.order.orderID)'") == [
                        "0"
                    ])
            }
        }

        @Test func `looking at a good order writes nothing`() async throws {
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order()
                let parties = try erp.server.rows(
                    "SELECT count(*) FROM party_party WHERE code LIKE 'demo-\(order.key.order.orderID)%'")
                #expect(try await erp.sink.validate(order, erp.context).isEmpty)
                #expect(try erp.server.sales(order.key.text).isEmpty && parties == ["0"])
            }
        }

        @Test(arguments: ["123456789012345678901234567890", "0.123456789012345678901234567890", "12345678901234567"])
        func `a quantity that Tryton would bend is refused`(quantity: String) async throws {
            try await TrytonERP.run { erp in
                let faults = try await erp.faults(try ERPOrders.order([("SKU-1004", quantity, "1")]))
                #expect(faults.map(\.path) == ["lines[0].quantity"])
            }
        }

        @Test func `a customer that Tryton doesn't have is a fault where customers aren't made`() async throws {
            try await TrytonERP.run({ $0.parties = .mapped }) { erp in
                #expect(try await erp.faults(try ERPOrders.order()).map(\.path) == ["customer"])
                #expect(try await erp.faults(try ERPOrders.order(customerCode: "no-such")).map(\.path) == ["customer_code"])
                let known = try await erp.faults(try ERPOrders.order(customerCode: "2"))
                #expect(known.map(\.path) == ["shipment_address", "invoice_address"])
            }
        }

        @Test func `a customer that Tryton has is found by what marks it`() async throws {
            var customer = Party()
            customer.taxNumber = "DE136695976"
            var address = Party()
            (address.street, address.houseNumber, address.postalCode) = ("RINGSTR.", "12", "10115")
            (address.city, address.country, address.name) = ("Berlin", "DE", "muster einkauf ag")
            let plain = try ERPOrders.order(customer: customer)
            let order = SinkOrder(
                key: plain.key, order: plain.order, customer: customer, shipmentAddress: address, invoiceAddress: nil)
            try await TrytonERP.run({ $0.parties = .mapped }) { erp in
                _ = try await erp.create(order)
                let row = """
                    SELECT party, shipment_address, invoice_address, payment_term, sale_date, reference FROM sale_sale
                    WHERE web_id = '\(order.key.text)'
                    """
                #expect(try erp.server.rows(row) == ["2|2|2|10|2026-11-20|\(order.order.reference ?? "")"])
            }
        }

        @Test func `a customer is made once, and gets a further address with a later order`() async throws {
            let customer = ERPOrders.customer(77)
            let orders = try (0..<2).map { _ in try ERPOrders.order(customer: customer) }
            var elsewhere = ERPOrders.address()
            elsewhere.city = "Zwolle"
            let third = try ERPOrders.order(customer: customer)
            let moved = SinkOrder(
                key: third.key, order: third.order, customer: customer, shipmentAddress: elsewhere,
                invoiceAddress: ERPOrders.address())
            try await TrytonERP.run { erp in
                for order in orders + [moved] { _ = try await erp.create(order) }
                let addresses = """
                    SELECT a.city FROM party_address a JOIN party_party p ON p.id = a.party WHERE p.code = 'demo-77' ORDER BY a.id
                    """
                #expect(try erp.server.rows(addresses) == ["Utrecht", "Zwolle"])
            }
        }

        @Test func `another order under a key that is taken is a conflict`() async throws {
            try await TrytonERP.run({ $0.confirmation = .draft }) { erp in
                let order = try ERPOrders.order()
                _ = try await erp.create(order)
                for lines in [
                    [("SKU-1001", "3", "8.3950"), ("SKU-1003", "0.5", "18.6822"), ("SHIPPING", "1", "4.1175")],
                    [("SKU-1001", "2", "8.3950"), ("SKU-1003", "0.5", "18.6822"), ("SHIPPING", "1", "4.1176")],
                    [("SKU-1002", "3", "8.3950"), ("SKU-1003", "0.5", "18.6822"), ("SHIPPING", "1", "4.1176")],
                    [("SKU-1001", "3", "8.3950")],
                ] as [[ERPOrders.Line]] {
                    let other = try ERPOrders.order(lines, id: order.key.order.orderID)
                    let error = await sinkError { () throws(SinkError) in try await erp.sink.create(other, erp.context) }
                    #expect(error?.code == .conflict, "\(lines)")
                }
                #expect(try erp.server.sales(order.key.text) == ["draft -"])
            }
        }

        @Test func `a key that somebody else took in Tryton is a conflict`() async throws {
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order()
                try erp.server.call(
                    "sale.sale.create",
                    """
                    [[{"company": 1, "currency": 1, "party": 2, "web_shop": 1, "web_id": "\(order.key.text)"}]]
                    """)
                let error = await sinkError { () throws(SinkError) in try await erp.sink.create(order, erp.context) }
                #expect(error?.code == .conflict)
                #expect(try erp.server.sales(order.key.text) == ["draft -"])
            }
        }
    }
}
