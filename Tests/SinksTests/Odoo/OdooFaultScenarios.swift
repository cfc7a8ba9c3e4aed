import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing

extension OdooScenario {
    static let faults: [OdooScenario] = [
        OdooScenario(name: "faults") { erp async throws in
            var items = [
                1: SinkItem(productCode: "SKU-1003", unit: "Units", quantity: ExactDecimal(1), unitPrice: ExactDecimal(1))
            ]
            items[2] = SinkItem(
                productCode: "SKU-1001", unit: "barrel", quantity: ExactDecimal(1), unitPrice: ExactDecimal(1),
                taxes: ["19%", "Sin tax"])
            // In stock they would become 0.01 kg.
            items[5] = SinkItem(productCode: "SKU-1003", unit: "g", quantity: ExactDecimal(5), unitPrice: ExactDecimal(1))
            let order = try ERPOrders.order(
                [
                    ("NO-SUCH", "1", "1"), ("x", "1", "1"), ("x", "1", "1"), ("SKU-1003", "0.125", "1"), ("SKU-1002", "1", "2"),
                    ("x", "5", "1"),
                ], id: 5201, items: items
            ) { $0.currency = "XXX" }
            let faults = try await erp.faults(order)
            #expect(
                faults.map(\.path) == [
                    "currency", "lines[0].product", "lines[1].erp.unit", "lines[2].erp.unit", "lines[2].erp.taxes",
                    "lines[3].quantity", "lines[5].erp.quantity",
                ], "\(faults)")
            #expect(try await erp.sink.validate(order, erp.context) == faults)
            #expect(try await erp.find(order) == nil)
            let good = try ERPOrders.order(id: 5202)
            #expect(try await erp.sink.validate(good, erp.context).isEmpty)
            try erp.live { odoo throws in
                #expect(try odoo.orders(order.key.text).isEmpty && odoo.orders(good.key.text).isEmpty)
                #expect(try odoo.rows("SELECT count(*) FROM res_partner WHERE ref IN ('demo-5201', 'demo-5202')") == ["0"])
            }
        },
        OdooScenario(name: "digits") { erp async throws in
            for (index, quantity) in ["123456789012345678901234567890", "0.125", "12345678901234567"].enumerated() {
                let faults = try await erp.faults(
                    try ERPOrders.order([("SKU-1004", quantity, "1")], id: 5210 + Int64(index)))
                #expect(faults.map(\.path) == ["lines[0].quantity"])
            }
        },
        // A number that Odoo itself refuses: what it says is told, without what is personal, and no order is left behind.
        OdooScenario(name: "refused") { erp async throws in
            var customer = ERPOrders.customer(5220)
            customer.taxNumber = "NL-what-ever"
            let order = try ERPOrders.order(id: 5220, customer: customer)
            let faults = try await erp.faults(order)
            #expect(faults.count == 1 && faults.first?.message.contains("what-ever") == false, "\(faults)")
            try erp.live { odoo throws in
                #expect(try odoo.orders(order.key.text).isEmpty)
                #expect(try odoo.rows("SELECT count(*) FROM res_partner WHERE ref = 'demo-5220'") == ["0"])
            }
        },
    ]

    static let access: [OdooScenario] = [
        OdooScenario(name: "check") { erp async throws in
            let found = try await erp.sink.check(erp.context)
            #expect(found.first == "Odoo 19.0 answers over json2", "\(found)")
            #expect(found.contains("orders go to Beispiel Handel GmbH, in EUR; dates are in zone Europe/Berlin"), "\(found)")
            #expect(found.contains("deliveries are told, with tracking codes"), "\(found)")
        },
        OdooScenario(name: "wrong-key", configure: { $0.apiKey = Secret("a-wrong-secret") }) { erp async throws in
            let error = await erp.createError(try ERPOrders.order(id: 5301))
            #expect(error?.code == .unauthorized && error?.message.contains("a-wrong-secret") == false)
        },
        OdooScenario(name: "wrong-database", configure: { $0.database = "no-such" }) { erp async throws in
            #expect(await erp.createError(try ERPOrders.order(id: 5302))?.code == .misconfigured)
        },
        OdooScenario(name: "wrong-company", configure: { $0.company = "No such" }) { erp async throws in
            let error = await erp.createError(try ERPOrders.order(id: 5303))
            #expect(error?.code == .misconfigured && error?.message.contains("'No such'") == true, "\(String(describing: error))")
        },
        OdooScenario(name: "jsonrpc", configure: jsonRPC) { erp async throws in
            let order = try ERPOrders.order(id: 5304)
            #expect(try await erp.find(order) == nil)
            let receipt = try await erp.create(order)
            #expect(receipt.state == .confirmed && receipt.total == decimal("38.64"))
            #expect(try await erp.find(order) == receipt)
            let refused = try await erp.faults(try ERPOrders.order([("NO-SUCH", "1", "1")], id: 5305))
            #expect(refused.map(\.path) == ["lines[0].product"])
            #expect(try await erp.sink.cancel(receipt, key: order.key, erp.context) == .cancelled)
            #expect(try await erp.sink.check(erp.context).first == "Odoo 19.0 answers over jsonrpc")
            let wrong = erp.with { $0.apiKey = Secret("a-wrong-secret") }
            #expect(await wrong.createError(order)?.code == .unauthorized)
            #expect(await erp.with { $0.database = "no-such" }.createError(order)?.code == .misconfigured)
        },
    ]

    @Sendable private static func jsonRPC(_ settings: inout OdooSinkSettings) {
        (settings.wireProtocol, settings.database, settings.login) = (.jsonrpc, "erp", "connector")
    }
}
