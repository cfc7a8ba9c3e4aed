import Engine
import Ledger
import OrderFlow
import Simulators
import Testing

/// What becomes of a create whose answer is lost, for each class of sink.
@Suite struct LostAnswerTests {
    @Test func `class K repeats the same key and bytes, and the ERP has one order`() async throws {
        let bench = try await Workbench(.key)
        let id = bench.orderID
        bench.erp.addFault(FaultRule(method: "POST", times: 2, action: .applyThenDrop))
        #expect(await bench.run().counts.finished == 1)
        #expect(bench.erp.orders.count == 1)
        #expect(bench.erp.audit().values.first?.posts == 3)
        #expect(bench.shopText(id, "erp_order_number") == bench.erp.orders.first?.number)
        await bench.stop()
    }

    @Test func `class L waits out a late effect, asks, and finds the order`() async throws {
        let bench = try await Workbench(.lookUp)
        bench.erp.addFault(FaultRule(method: "POST", times: 1, action: .lateEffect(milliseconds: 300)))
        let counts = await bench.run().counts
        #expect(counts.finished == 1 && counts.lookedAt == 1, "it came twice, and counts once")
        #expect(bench.erp.orders.count == 1)
        #expect(bench.erp.audit().values.first?.posts == 1)
        await bench.stop()
    }

    @Test func `class L sends again only once the ERP said that it has no such order`() async throws {
        let bench = try await Workbench(.lookUp)
        bench.erp.addFault(FaultRule(method: "POST", times: 1, action: .dropBeforeApplying))
        #expect(await bench.run().counts.finished == 1)
        #expect(bench.erp.orders.count == 1)
        #expect(bench.erp.audit().values.first?.posts == 2)
        await bench.stop()
    }

    @Test func `a look-up that fails is not taken for not found`() async throws {
        let bench = try await Workbench(.lookUp)
        bench.erp.addFault(FaultRule(method: "POST", times: 1, action: .applyThenDrop))
        bench.erp.addFault(FaultRule(method: "GET", skip: 1, times: 3, action: .status(500, retryAfterSeconds: nil)))
        #expect(await bench.run().counts.finished == 1)
        #expect(bench.erp.orders.count == 1)
        await bench.stop()
    }

    @Test func `class N parks the order, sends nothing again, and a person's adoption finishes it`() async throws {
        let bench = try await Workbench(.neither)
        let id = bench.orderID
        bench.erp.addFault(FaultRule(method: "POST", times: 1, action: .applyThenDrop))
        #expect(await bench.run().counts.newlyQuarantined == 1)
        #expect(bench.reason(id) == .outcomeUnknown)
        await bench.run()
        #expect(bench.erp.orders.count == 1)
        #expect(bench.erp.audit().values.allSatisfy { $0.posts == 1 })
        #expect(bench.shopText(id, "state") == "confirmed")
        await bench.stop()
    }

    @Test(arguments: [
        FaultAction.applyThenStatus(502), .html200(applied: true), .malformedJSON(applied: true), .halfBody,
        .errorInside200(detail: "no", applied: true),
    ])
    func `an answer that isn't one is an unknown outcome, never a success and never a refusal`(action: FaultAction) async throws {
        let bench = try await Workbench(.lookUp)
        bench.erp.addFault(FaultRule(method: "POST", times: 1, action: action))
        #expect(await bench.run().counts.finished == 1)
        #expect(bench.erp.orders.count == 1)
        #expect(bench.erp.audit().values.first?.posts == 1)
        await bench.stop()
    }
}
