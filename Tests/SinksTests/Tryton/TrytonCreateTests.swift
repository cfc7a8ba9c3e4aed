import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing

extension TrytonTests {
    @Suite struct CreateTests {
        @Test func `an order becomes a sale with its lines, and is found again and not made again`() async throws {
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order()
                #expect(try await erp.find(order) == nil)
                let receipt = try await erp.create(order)
                #expect(receipt.state == .confirmed && receipt.total == decimal("38.64"))
                #expect(receipt.lines.map(\.lineKey) == order.order.lines.map(\.key))
                #expect(receipt.isWhole && Set(receipt.lines.compactMap(\.erpLineNumber)).count == 3)
                #expect(try await erp.find(order) == receipt)
                #expect(try await erp.create(order) == receipt)
                #expect(try erp.server.sales(order.key.text) == ["processing \(receipt.erpOrderNumber)"])
            }
        }

        @Test(arguments: [
            (TrytonSinkSettings.Confirmation.draft, "draft", SinkReceipt.State.draft),
            (.quotation, "quotation", .draft), (.confirmed, "processing", .confirmed), (.processing, "processing", .confirmed),
        ])
        func `an order is taken as far as the settings say`(
            confirmation: TrytonSinkSettings.Confirmation, state: String, told: SinkReceipt.State
        ) async throws {
            try await TrytonERP.run({ $0.confirmation = confirmation }) { erp in
                let order = try ERPOrders.order()
                let receipt = try await erp.create(order)
                #expect(receipt.state == told)
                #expect(try erp.server.rows("SELECT state FROM sale_sale WHERE web_id = '\(order.key.text)'") == [state])
                #expect((receipt.erpOrderNumber == "id:\(try erp.saleID(order))") == (confirmation == .draft))
            }
        }

        @Test(arguments: [TrytonSinkSettings.Confirmation.draft, .quotation])
        func `a draft of ours is carried on, by a create and by a person's release`(
            first: TrytonSinkSettings.Confirmation
        ) async throws {
            let (order, other) = (try ERPOrders.order(), try ERPOrders.order())
            try await TrytonERP.run({ $0.confirmation = first }) { erp in
                _ = try await erp.create(order)
                let receipt = try await erp.create(other)
                guard case .accepted(let released) = try await erp.sink.release(receipt, key: other.key, erp.context) else {
                    Issue.record("it wasn't accepted")
                    return
                }
                #expect(released.state == .confirmed && released.lines == receipt.lines)
            }
            try await TrytonERP.run { erp in
                let receipt = try await erp.create(order)
                #expect(receipt.state == .confirmed)
                #expect(try erp.server.sales(order.key.text) == ["processing \(receipt.erpOrderNumber)"])
            }
        }

        @Test func `six creates that race on one key make one sale`() async throws {
            let order = try ERPOrders.order()
            let receipts = try await withThrowingTaskGroup(of: SinkReceipt.self) { group in
                for _ in 0..<6 {
                    // Each with a session of its own, as in six processes.
                    group.addTask { try await TrytonERP.run { erp in try await erp.sink.createPatiently(order, erp.context) } }
                }
                return try await group.reduce(into: [SinkReceipt]()) { $0.append($1) }
            }
            #expect(receipts.count == 6 && Set(receipts.map(\.erpOrderNumber)).count == 1)
            let server = try #require(TrytonERP.server)
            #expect(try server.sales(order.key.text).count == 1)
            #expect(try server.rows("SELECT count(*) FROM party_party WHERE code = 'demo-\(order.key.order.orderID)'") == ["1"])
        }
    }
}
