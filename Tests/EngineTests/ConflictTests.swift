import Engine
import OrderFlow
import Orders
import Simulators
import SinkKit
import TestSupport
import Testing

/// What people do in the shop while an order is on its way.
@Suite struct ConflictTests {
    /// Runs, and acts while the ERP is thinking about the order.
    private func runWhile(_ bench: Workbench, _ act: @escaping @Sendable (Workbench) -> Void) async throws {
        bench.erp.addFault(FaultRule(method: "POST", times: 1, action: .delay(milliseconds: 400, .after)))
        async let report = bench.run()
        try await Waiting.until { !bench.erp.orders.isEmpty }
        act(bench)
        _ = await report
    }

    @Test func `cancelled while the ERP takes it: a person is told, and nothing is written to the shop`() async throws {
        let bench = try await Workbench()
        let id = bench.orderID
        try await runWhile(bench) { $0.shop.cancel(id) }
        #expect(bench.reason(id) == .cancelledAfterPush)
        #expect(bench.shopText(id, "state") == "cancel")
        #expect(bench.shop.writes == 0)
        await bench.run()
        #expect(bench.shop.writes == 0)
        await bench.stop()
    }

    @Test func `changed while the ERP takes it: a person is told, and release carries on`() async throws {
        let bench = try await Workbench()
        let id = bench.orderID
        try await runWhile(bench) { $0.shop.edit(id, ["requested_delivery_date": "2031-01-01"]) }
        #expect(bench.reason(id) == .changedAfterPush)
        #expect(bench.shop.writes == 0)
        let key = OrderKey(shop: "test", orderID: Int64(id))
        _ = try await bench.desk.decide(PersonDecision(kind: .release, by: "tester", reason: "told the warehouse"), on: key)
        await bench.run()
        #expect(bench.reason(id) == .finished)
        #expect(bench.shopText(id, "requested_delivery_date") == "2031-01-01")
        #expect(bench.erp.orders.count == 1)
        await bench.stop()
    }

    @Test func `an edit of what the ERP isn't told survives and stops nothing`() async throws {
        let bench = try await Workbench()
        let id = bench.orderID
        try await runWhile(bench) { $0.shop.edit(id, ["internal_remark": "keep me 🧾"]) }
        #expect(bench.reason(id) == .finished)
        #expect(bench.shopText(id, "internal_remark") == "keep me 🧾")
        await bench.stop()
    }

    @Test func `paid back before the push: the order is held, not pushed on a stale read`() async throws {
        let bench = try await Workbench()
        let id = bench.orderID
        bench.shop.edit(id, ["payment_status": "started"])
        await bench.run()
        #expect(bench.reason(id) == .paymentStarted)
        bench.shop.cancel(id)
        let key = OrderKey(shop: "test", orderID: Int64(id))
        let outcome = try await bench.desk.rerun(key, [PersonDecision(kind: .rerun, by: "tester", reason: "again")])
        #expect(outcome.verdict.reason == .cancelledBeforePush)
        #expect(bench.erp.orders.isEmpty)
        await bench.stop()
    }

    @Test func `lines the ERP refuses: nothing is written to the shop until somebody says release`() async throws {
        let bench = try await Workbench(orders: 1, configureERP: { $0.rejectedPrefix = "1" })
        let id = bench.orderID
        await bench.run()
        #expect(bench.reason(id) == .partiallyAccepted)
        #expect(bench.shop.writes == 0)
        let key = OrderKey(shop: "test", orderID: Int64(id))
        _ = try await bench.desk.decide(PersonDecision(kind: .release, by: "tester", reason: "agreed"), on: key)
        await bench.run()
        #expect(bench.reason(id) == .finished)
        #expect(bench.shopText(id, "state") == "processing")
        await bench.stop()
    }

    @Test func `held by a person, then released; skipped for good`() async throws {
        let bench = try await Workbench(orders: 2)
        let ids = bench.shop.orderIDs(state: "confirmed")
        let keys = ids.map { OrderKey(shop: "test", orderID: Int64($0)) }
        for id in ids { _ = try await bench.desk.rows(named: String(id), webshop: nil) }
        _ = try await bench.desk.decide(PersonDecision(kind: .hold, by: "tester", reason: "wait"), on: keys[0])
        _ = try await bench.desk.decide(PersonDecision(kind: .skip, by: "tester", reason: "by hand"), on: keys[1])
        await bench.run()
        #expect(bench.erp.orders.isEmpty)
        _ = try await bench.desk.decide(PersonDecision(kind: .release, by: "tester", reason: "go"), on: keys[0])
        await bench.run()
        #expect(bench.erp.orders.count == 1)
        #expect(bench.reason(ids[1]) == .skippedByPerson)
        await bench.stop()
    }
}
