import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing

extension OdooScenario {
    static let deliveries: [OdooScenario] = [
        OdooScenario(name: "deliveries") { erp async throws in
            let order = try ERPOrders.order(id: 5401)
            let receipt = try await erp.create(order)
            let keys = order.order.lines.map(\.key)
            // Shipping costs are never delivered.
            #expect(try await erp.shipments(receipt, order) == SinkShipments(closedLines: [keys[2]]))

            try erp.live { try $0.ship(order.key.text, [10: "2", 20: "0"], tracking: "00340434161094021501") }
            let first = try await erp.shipments(receipt, order)
            let shipment = try #require(first.shipments.first)
            #expect(first.shipments.count == 1 && first.closedLines == [keys[2]] && !shipment.isShared)
            #expect(shipment.packages.map(\.trackingCode) == ["00340434161094021501"])
            #expect(shipment.packages.first?.lines == [SinkShippedLine(lineKey: keys[0], quantity: ExactDecimal(2))])
            #expect(shipment.shippedAt.hasSuffix("Z") && shipment.shippedAt.utf8.count == 20)

            try erp.live { try $0.ship(order.key.text) }
            let half = try ExactDecimal("0.5")
            let second = try await erp.shipments(receipt, order)
            #expect(second.shipments.first == shipment && second.shipments.count == 2 && Set(second.closedLines) == Set(keys))
            #expect(
                second.shipments.last?.packages == [
                    SinkPackage(lines: [
                        SinkShippedLine(lineKey: keys[0], quantity: ExactDecimal(1)),
                        SinkShippedLine(lineKey: keys[1], quantity: half),
                    ])
                ])
            #expect(try await erp.shipments(receipt, order) == second)
        },
        OdooScenario(name: "delivered-in-grams") { erp async throws in
            let items = [
                0: SinkItem(
                    productCode: "SKU-1003", unit: "g", quantity: ExactDecimal(500), unitPrice: try ExactDecimal("0.0187"))
            ]
            let order = try ERPOrders.order([("SKU-1003", "500", "0.0187")], id: 5402, items: items)
            let receipt = try await erp.create(order)
            try erp.live { try $0.ship(order.key.text) }
            let told = try await erp.shipments(receipt, order)
            #expect(told.shipments.flatMap(\.packages).flatMap(\.lines).map(\.quantity) == [ExactDecimal(500)])
            #expect(told.closedLines == order.order.lines.map(\.key))
        },
        OdooScenario(name: "cancel") { erp async throws in
            let drafts = erp.with { $0.confirmation = .draft }
            let order = try ERPOrders.order(id: 5403)
            for (id, sink) in [(5403, drafts), (5404, erp)] as [(Int64, OdooERP)] {
                let order = try ERPOrders.order(id: id)
                let receipt = try await sink.create(order)
                for _ in 0..<2 { #expect(try await sink.sink.cancel(receipt, key: order.key, erp.context) == .cancelled) }
                #expect(try await sink.shipments(receipt, order).isCancelled)
            }
            // Its key stays taken; a person decides, with a new one.
            #expect(try await erp.create(order).state == .cancelled)
            let again = try ERPOrders.order(id: 5403, generation: 2)
            #expect(try await erp.create(again).state == .confirmed)

            let sent = try ERPOrders.order(id: 5405)
            let receipt = try await erp.create(sent)
            try erp.live { try $0.ship(sent.key.text, [10: "1", 20: "0"]) }
            guard case .refused(let reason) = try await erp.sink.cancel(receipt, key: sent.key, erp.context) else {
                Issue.record("it was cancelled")
                return
            }
            #expect(reason.contains("delivered"), "\(reason)")
            #expect(try await erp.find(sent)?.state == .confirmed)
        },
        OdooScenario(name: "cancelled-in-odoo") { erp async throws in
            let order = try ERPOrders.order(id: 5406)
            let receipt = try await erp.create(order)
            try erp.live { odoo throws in
                let id = try #require(try odoo.rows("SELECT id FROM sale_order WHERE origin = '\(order.key.text)'").first)
                try odoo.call("sale.order", "action_cancel", "{\"ids\": [\(id)]}")
            }
            #expect(try await erp.shipments(receipt, order) == SinkShipments(isCancelled: true))
            #expect(try await erp.find(order)?.state == .cancelled)
        },
    ]
}
