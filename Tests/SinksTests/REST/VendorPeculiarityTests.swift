import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Testing

/// What only one of the vendors' ERPs does.
@Suite struct VendorPeculiarityTests {
    @Test func `ERPNext enforces our key, and six creates at once give one order`() async throws {
        try await VendorRemote.run(.erpNext) { erp in
            let order = try vendorOrder()
            let numbers = await withTaskGroup(of: String?.self) { group in
                for _ in 1...6 {
                    group.addTask {
                        try? await erp.sink.create(order, SinkContext(timeLimit: .seconds(20))).receipt?.erpOrderNumber
                    }
                }
                return await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(numbers == ["SAL-ORD-2026-00001"])
            #expect(erp.simulator.orders(under: order.key.text).count == 1)
        }
    }

    @Test func `a draft that an earlier create left in ERPNext is submitted, not made anew`() async throws {
        try await VendorRemote.run(.erpNext) { erp in
            let order = try vendorOrder()
            erp.fail(.status(503, retryAfterSeconds: nil), method: "PUT")
            let error = await sinkError { () throws(SinkError) in try await erp.sink.create(order, erp.context) }
            #expect(error?.code == .unknownOutcome)
            #expect(try await erp.sink.find(order.key, erp.context)?.state == .draft)
            let receipt = try await erp.sink.create(order, erp.context).receipt
            #expect(receipt?.state == .confirmed && receipt?.lines.count == 3)
            #expect(erp.simulator.orders(under: order.key.text).count == 1 && erp.posts == 1)
        }
    }

    @Test func `an order of other lines under our key is a conflict, and stays as it is`() async throws {
        try await VendorRemote.run(.erpNext) { erp in
            _ = try await erp.sink.create(try vendorOrder(quantity: "3"), erp.context)
            for other in [try vendorOrder(quantity: "4"), try vendorOrder(products: ["124_STUK"], quantity: "3")] {
                let error = await sinkError { () throws(SinkError) in try await erp.sink.create(other, erp.context) }
                #expect(error?.code == .conflict, "\(error?.message ?? "none")")
            }
            #expect(erp.posts == 1)
        }
    }

    @Test func `a step that the ERP refuses is for a person, for the order is there`() async throws {
        try await VendorRemote.run(.erpNext) { erp in
            erp.fail(.status(417, retryAfterSeconds: nil), method: "PUT")
            let error = await sinkError { () throws(SinkError) in try await erp.sink.create(try! vendorOrder(), erp.context) }
            #expect(error?.code == .conflict && error?.message.contains("SAL-ORD-2026-00001") == true)
        }
    }

    @Test func `a step that isn't idempotent is tried once, and not again after its answer was lost`() async throws {
        try await VendorRemote.run(.erpNext, sink: { $0.steps[0].isIdempotent = false }) { erp in
            let order = try vendorOrder()
            let context = SinkContext(timeLimit: .seconds(20), attempts: TransientAttempts())
            erp.fail(.dropBeforeApplying, method: "PUT")
            for _ in 1...2 {
                let error = await sinkError { () throws(SinkError) in try await erp.sink.create(order, context) }
                #expect(error?.code == .unknownOutcome)
            }
            #expect(erp.simulator.requestLog.count { $0.method == "PUT" } == 1)
        }
    }

    @Test func `an order that was invoiced in Business Central is not taken for one that was never made`() async throws {
        try await VendorRemote.run(.businessCentral) { erp in
            let order = try vendorOrder()
            let receipt = try #require(try await erp.sink.create(order, erp.context).receipt)
            erp.simulator.ship(receipt.erpOrderNumber, line: 10_000, quantity: "2.5")
            erp.simulator.invoice(receipt.erpOrderNumber)
            let error = await sinkError { () throws(SinkError) in try await erp.sink.find(order.key, erp.context) }
            #expect(error?.code == .conflict)
            let told = try await erp.sink.shipments(for: receipt, key: order.key, erp.context)
            #expect(told.shipments.count == 1 && told.closedLines == ["id:100", "id:101", "id:102"])
        }
    }

    @Test func `a key that Business Central has no room for refuses the order`() async throws {
        try await VendorRemote.run(.businessCentral) { erp in
            var order = try vendorOrder().order
            order.id = 1
            let long = SinkOrder(
                key: IdempotencyKey(order: OrderKey(shop: String(repeating: "s", count: 40), orderID: 1)), order: order,
                customer: nil, shipmentAddress: nil, invoiceAddress: nil, customerCode: "C-7")
            guard case .rejected(let faults) = try await erp.sink.create(long, erp.context) else {
                Issue.record("not rejected")
                return
            }
            #expect(faults.map(\.path) == ["key"] && faults[0].message.contains("35"))
        }
    }

    @Test func `Business One is logged into once for all calls, and once more when the session is lost`() async throws {
        try await VendorRemote.run(.businessOne) { erp in
            for id in Int64(1)...3 { _ = try await erp.sink.create(try vendorOrder(id), erp.context) }
            #expect(erp.simulator.sessionCount == 1)
            erp.simulator.expireSessions()
            _ = try await erp.sink.create(try vendorOrder(4), erp.context)
            #expect(erp.simulator.sessionCount == 2)
            #expect(erp.simulator.orders(under: "crossdock:demo:4").count == 1)
        }
    }

    @Test func `two orders under one key are a conflict that names the first`() async throws {
        try await VendorRemote.run(.businessOne) { erp in
            for _ in 1...2 { _ = try await erp.sink.create(try vendorOrder(), erp.context) }
            let error = await sinkError { () throws(SinkError) in try await erp.sink.find(try! vendorOrder().key, erp.context) }
            #expect(
                error?.code == .conflict && error?.message.contains("2 orders") == true
                    && error?.message.contains("12001") == true)
        }
    }
}
