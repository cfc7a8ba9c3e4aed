import Engine
import Ledger
import Orders
import Simulators
import Testing

/// A process that was stopped for longer than its leases, and comes back.
@Suite struct LeaseTests {
    @Test func `a run never takes what it is at work on for what another one left behind`() async throws {
        let bench = try await Workbench(.neither, orders: 8)
        // While that one is under way, the other place is filled again and again.
        bench.erp.addFault(FaultRule(method: "POST", times: 1, action: .delay(milliseconds: 300, .before)))
        var (flow, surroundings) = (bench.flow, bench.surroundings)
        flow.concurrency = 2
        surroundings.lease = .zero
        let report = await FlowRun(flow, surroundings: surroundings).run(id: "run")
        #expect(report.counts.finished == 8 && report.counts.lookedAt == 8, "\(report)")
        #expect(bench.erp.audit().values.allSatisfy { $0.posts == 1 })
        await bench.stop()
    }
}
