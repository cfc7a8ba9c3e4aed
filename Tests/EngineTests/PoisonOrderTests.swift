import Engine
import Ledger
import Simulators
import Testing

/// One order in a hundred that makes trouble whatever is done with it.
@Suite struct PoisonOrderTests {
    @Test(arguments: [
        FaultAction.malformedJSON(applied: true), .html200(applied: true), .halfBody,
        .errorInside200(detail: "no", applied: true),
        .status(500, retryAfterSeconds: nil), .status(404, retryAfterSeconds: nil), .dropBeforeApplying,
    ])
    func `an order the shop never shows whole leaves the other ninety-nine done`(_ action: FaultAction) async throws {
        let bench = try await Workbench(orders: 100)
        let ids = bench.shop.orderIDs(state: "confirmed")
        let poison = ids[50]
        bench.shop.addFault(FaultRule(pathPrefix: "/api/order/\(poison)/", action: action))
        let report = await bench.run()
        #expect(report.counts.finished == 99, "\(report)")
        #expect(bench.erp.orders.count == 99)
        #expect(bench.shopText(poison, "state") == "confirmed")
        #expect(bench.reason(poison) != nil, "the order has a row, which says why it stands where it stands")
        await bench.stop()
    }

    @Test(arguments: [
        FaultAction.status(422, retryAfterSeconds: nil), .status(400, retryAfterSeconds: nil),
    ])
    func `an order the ERP refuses leaves the other ninety-nine done`(_ action: FaultAction) async throws {
        let bench = try await Workbench(orders: 100)
        bench.erp.addFault(FaultRule(method: "POST", skip: 30, times: 1, action: action))
        let report = await bench.run()
        #expect(report.counts.finished == 99)
        #expect(report.counts.newlyQuarantined == 1)
        #expect(bench.erp.orders.count == 99)
        await bench.stop()
    }
}
