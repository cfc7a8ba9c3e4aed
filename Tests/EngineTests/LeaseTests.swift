import Engine
import Ledger
import Orders
import Simulators
import Synchronization
import Testing
import Transport

/// A process that was stopped for longer than its leases, and comes back.
@Suite struct LeaseTests {
    /// Moves only by what is slept, and when it is set.
    private final class SettableClock: Timekeeper {
        private let state = Mutex((start: SystemTimekeeper().millisecondsSince1970, passed: Int64(0), set: Int64(0)))

        var millisecondsSince1970: Int64 { state.withLock { $0.start + $0.passed + $0.set } }
        var uptime: Uptime { state.withLock { Uptime(bootID: "this boot", milliseconds: $0.passed) } }
        func sleep(milliseconds: Int64) async throws { pass(milliseconds) }
        func pass(_ milliseconds: Int64) { state.withLock { $0.passed += milliseconds } }
        func setForward(by milliseconds: Int64) { state.withLock { $0.set += milliseconds } }
    }

    @Test func `a clock set forward ends no lease of a worker that may be at work`() async throws {
        let clock = SettableClock()
        let bench = try await Workbench(.lookUp, orders: 1, timekeeper: clock)
        let ledger: any Ledger = bench.ledger
        let key = OrderKey(shop: "test", orderID: Int64(bench.orderID))
        func listing() async throws {
            _ = try await ledger.record(
                [ListedOrder(orderID: key.orderID, reference: nil, modifiedDate: nil)], flow: "main", shop: "test",
                at: bench.surroundings.now)
        }
        // What this machine's clock was like before is known from an earlier run.
        try await ledger.remember(
            ClockRecord(
                bootID: "this boot", offsetMilliseconds: clock.millisecondsSince1970 - clock.uptime.milliseconds,
                setAt: Timestamp(milliseconds: 0)))
        try await listing()
        let lease = bench.surroundings.lease
        guard
            case .claimed = try await ledger.claim(
                key, by: "somebody", leasesEndBy: bench.surroundings.now, until: bench.surroundings.now + lease)
        else {
            Issue.record("nobody has it")
            return
        }
        clock.setForward(by: 2 * lease.inMilliseconds)
        let report = await bench.run()
        #expect(report.stop == nil && report.counts.lookedAt == 0 && bench.erp.requestCounts["POST orders"] ?? 0 == 0)
        clock.pass(lease.inMilliseconds)
        #expect(await bench.run().counts.finished == 1)
        await bench.stop()
    }

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
