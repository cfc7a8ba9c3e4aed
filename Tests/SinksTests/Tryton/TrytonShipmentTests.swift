import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing

extension TrytonTests {
    @Suite struct ShipmentTests {
        @Test func `partial shipments are told once each, with their tracking codes, until nothing is left`() async throws {
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order()
                let receipt = try await erp.create(order)
                let keys = order.order.lines.map(\.key)
                // Shipping costs are never shipped.
                #expect(try await erp.shipments(receipt, order) == SinkShipments(closedLines: [keys[2]]))

                try erp.server.ship(order.key.text, [10: "2", 20: "0"], tracking: "00340434161094021501")
                let first = try await erp.shipments(receipt, order)
                let shipment = try #require(first.shipments.first)
                #expect(first.shipments.count == 1 && first.closedLines == [keys[2]] && !shipment.isShared)
                #expect(shipment.packages.map(\.trackingCode) == ["00340434161094021501"])
                #expect(shipment.packages.first?.lines == [SinkShippedLine(lineKey: keys[0], quantity: ExactDecimal(2))])
                #expect(shipment.shippedAt.hasSuffix("T12:00:00+01:00") || shipment.shippedAt.hasSuffix("T12:00:00+02:00"))

                try erp.server.ship(order.key.text)
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
            }
        }

        @Test func `what was ordered in grams is told in grams`() async throws {
            try await TrytonERP.run { erp in
                let items = [
                    0: SinkItem(
                        productCode: "SKU-1003", unit: "g", quantity: ExactDecimal(500), unitPrice: try ExactDecimal("0.02"))
                ]
                let order = try ERPOrders.order([("SKU-1003", "500", "0.02")], items: items)
                let receipt = try await erp.create(order)
                try erp.server.ship(order.key.text)
                let told = try await erp.shipments(receipt, order)
                #expect(told.shipments.flatMap(\.packages).flatMap(\.lines).map(\.quantity) == [ExactDecimal(500)])
                #expect(told.closedLines == order.order.lines.map(\.key))
            }
        }

        @Test func `goods that are packed but not gone are not told of`() async throws {
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order([("SKU-1001", "1", "8")])
                let receipt = try await erp.create(order)
                let shipment = try erp.server.call(
                    "stock.shipment.out.search", "[[[\"moves.sale\", \"=\", \(try erp.saleID(order))]]]")
                try erp.server.call("stock.shipment.out.assign_force", "[\(shipment)]")
                #expect(try await erp.shipments(receipt, order) == SinkShipments())
            }
        }

        @Test func `orders that were cancelled in Tryton are told as that`() async throws {
            try await TrytonERP.run({ $0.confirmation = .quotation }) { erp in
                let order = try ERPOrders.order()
                let receipt = try await erp.create(order)
                try erp.server.call("sale.sale.cancel", "[[\(try erp.saleID(order))]]")
                #expect(try await erp.shipments(receipt, order).isCancelled)
                #expect(try await erp.find(order)?.state == .cancelled)
                // Its key stays taken; a person decides, with a new one.
                #expect(try await erp.create(order).state == .cancelled)
                let again = try ERPOrders.order(id: order.key.order.orderID, generation: 2)
                #expect(try await erp.create(again).state == .draft)
                #expect(try erp.server.sales(order.key.text) == ["cancelled \(receipt.erpOrderNumber)"])
            }
        }

        @Test func `an order is cancelled before it is processed, and not after`() async throws {
            try await TrytonERP.run({ $0.confirmation = .quotation }) { erp in
                let order = try ERPOrders.order()
                let receipt = try await erp.create(order)
                for _ in 0..<2 {
                    #expect(try await erp.sink.cancel(receipt, key: order.key, erp.context) == .cancelled)
                }
                #expect(try erp.server.sales(order.key.text) == ["cancelled \(receipt.erpOrderNumber)"])
            }
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order()
                let receipt = try await erp.create(order)
                guard case .refused = try await erp.sink.cancel(receipt, key: order.key, erp.context) else {
                    Issue.record("it was cancelled")
                    return
                }
                #expect(try erp.server.sales(order.key.text) == ["processing \(receipt.erpOrderNumber)"])
            }
        }
    }
}

extension TrytonERP {
    func shipments(_ receipt: SinkReceipt, _ order: SinkOrder) async throws -> SinkShipments {
        try await sink.shipments(for: receipt, key: order.key, context)
    }
}
