import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import Testing

/// What a shop or an ERP in trouble does to a run.
@Suite struct FailureTests {
    @Test(arguments: [
        FaultAction.applyThenDrop, .dropBeforeApplying, .applyThenStatus(500), .html200(applied: true), .halfBody,
        .malformedJSON(applied: true), .errorInside200(detail: "no", applied: false),
    ])
    func `writes to the shop that aren't answered are looked at before they are repeated`(action: FaultAction) async throws {
        let bench = try await Workbench(orders: 4)
        bench.shop.addFault(FaultRule(method: "PATCH", times: 3, action: action))
        bench.shop.addFault(FaultRule(method: "PUT", times: 2, action: action))
        let report = await bench.run()
        #expect(report.counts.finished == 4, "\(bench.outcomes.latest.values.map(\.verdict.sentence))")
        #expect(bench.erp.orders.count == 4)
        await bench.stop()
    }

    @Test func `a shop that is down ends the run with an outage and costs no order an attempt`() async throws {
        let bench = try await Workbench(orders: 20)
        bench.shop.addFault(FaultRule(kind: "order", action: .outage(requests: nil)))
        let report = await bench.run()
        guard case .outage? = report.stop else {
            Issue.record("the run ended with \(String(describing: report.stop))")
            return
        }
        #expect(bench.erp.orders.isEmpty)
        for row in bench.ledger.rows(.init(), after: 0, limit: 100) {
            #expect(bench.ledger.journal(row.key).isEmpty, "an outage was counted against order \(row.key)")
            #expect(row.state.dueAt != nil)
        }
        await bench.stop()
    }

    @Test func `one order the ERP refuses doesn't stop the others`() async throws {
        let bench = try await Workbench(orders: 25, configureERP: { $0.acceptAnyProduct = true })
        bench.erp.addFault(FaultRule(method: "POST", skip: 3, times: 1, action: .status(422, retryAfterSeconds: nil)))
        let report = await bench.run()
        #expect(report.counts.finished == 24)
        #expect(report.counts.newlyQuarantined == 1)
        await bench.stop()
    }

    @Test func `a refused token stops the flow`() async throws {
        let bench = try await Workbench(orders: 3)
        bench.erp.addFault(FaultRule(method: "GET", action: .status(401, retryAfterSeconds: nil)))
        let report = await bench.run()
        guard case .unauthorized? = report.stop else {
            Issue.record("the run ended with \(String(describing: report.stop))")
            return
        }
        #expect(bench.erp.orders.isEmpty)
        await bench.stop()
    }

    @Test func `tokens that end in the middle of a run are renewed`() async throws {
        let bench = try await Workbench(orders: 20)
        bench.shop.addFault(FaultRule(method: "PATCH", skip: 5, times: 1, action: .expireTokens))
        let report = await bench.run()
        #expect(report.counts.finished == 20)
        await bench.stop()
    }

    @Test func `a throttling ERP is left alone as long as it asks, then the order goes on`() async throws {
        let bench = try await Workbench(orders: 2)
        bench.erp.addFault(FaultRule(method: "POST", times: 2, action: .status(429, retryAfterSeconds: 1)))
        let report = await bench.run()
        #expect(report.counts.finished == 2)
        #expect(bench.erp.orders.count == 2)
        await bench.stop()
    }

    @Test func `a lost ledger makes no second order in an ERP that can be asked`() async throws {
        let bench = try await Workbench(.lookUp, orders: 5)
        await bench.run()
        for id in bench.shop.orderIDs(state: "processing") { bench.shop.reopen(id) }
        let other = await SecondLedger(bench).run()
        #expect(other.stop == nil)
        #expect(bench.erp.orders.count == 5)
        #expect(other.counts.pushed == 0)
        await bench.stop()
    }

    /// The same flow with a ledger that knows nothing.
    private struct SecondLedger {
        let bench: Workbench

        init(_ bench: Workbench) { self.bench = bench }

        func run() async -> FlowRun.Report {
            var surroundings = bench.surroundings
            surroundings.ledger = InMemoryLedgerFactory.empty()
            return await FlowRun(bench.flow, surroundings: surroundings).run(id: "second")
        }
    }
}
