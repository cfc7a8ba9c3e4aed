import CloudSuite
import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import SinkKit
import Testing
import Transport

/// What a shop lists against what a ledger has of it.
@Suite struct ShopAuditTests {
    private struct Audit {
        var report: ShopAudit.Report
        var findings: [AuditFinding]
    }

    /// - Parameter later: how long after now it is made.
    private func audit(
        _ bench: Workbench, ledger: (any Ledger)? = nil, mends: Bool = false, later: Duration = .zero, from: Timestamp? = nil
    ) async throws -> Audit {
        var surroundings = bench.surroundings
        if let ledger { surroundings.ledger = ledger }
        surroundings.timekeeper = LaterClock(base: surroundings.timekeeper, by: later)
        surroundings.isDryRun = !mends
        if !mends { surroundings.ledger = DryRunLedger(surroundings.ledger) }
        var findings: [AuditFinding] = []
        let report = await ShopAudit(bench.flow, surroundings: surroundings).run(
            ShopAudit.Span(from: from ?? bench.flow.pull.since)
        ) { findings.append($0) }
        if let stop = report.stop { throw stop }
        return Audit(report: report, findings: findings)
    }

    private struct LaterClock: Timekeeper {
        let base: any Timekeeper
        let by: Duration
        var millisecondsSince1970: Int64 { base.millisecondsSince1970 + by.inMilliseconds }
        func sleep(milliseconds: Int64) async throws { try await base.sleep(milliseconds: milliseconds) }
    }

    private func verdict(_ finding: AuditFinding?) -> Verdict? {
        if case .settled(let outcome)? = finding?.outlook { outcome.verdict } else { nil }
    }

    @Test func `a ledger that has every order as the shop shows it leaves nothing to tell`() async throws {
        let bench = try await Workbench(orders: 30, configureShop: { $0.generated.processingPerThousand = 0 })
        await bench.run()
        let (shopWrites, creates) = (bench.shop.writes, bench.erp.requestCounts["POST orders"])
        let reads = bench.shop.requestCounts["GET order", default: 0]
        let audit = try await audit(bench)
        #expect(bench.shop.requestCounts["GET order", default: 0] == reads, "what the lists show suffices")
        #expect(audit.findings.isEmpty, "\(audit.findings)")
        #expect(audit.report.isComplete && audit.report.listed > 20 && audit.report.notListedYet == 0)
        #expect(bench.shop.writes == shopWrites && bench.erp.requestCounts["POST orders"] == creates)
        await bench.stop()
    }

    @Test func `after the ledger was lost, orders are found in the ERP; a dry run writes nothing, mending adopts them`()
        async throws
    {
        let bench = try await Workbench(.lookUp, orders: 6, timekeeper: Workbench.StandingClock())
        await bench.run()
        let finished = bench.ledger.rows(OrderFilter(standings: [.finished]), after: 0, limit: 100)
        let (writes, orders) = (bench.shop.writes, bench.erp.orders.count)
        try #require(finished.count > 2 && orders == finished.count)
        let second = InMemoryLedgerFactory.empty()
        let dry = try await audit(bench, ledger: second)
        #expect(Set(dry.findings.filter { $0.kind == .missing }.map(\.key)).isSuperset(of: finished.map(\.key)))
        #expect(dry.findings.allSatisfy { $0.sentence.hasSuffix("the ledger doesn't have it") })
        #expect(second.rows(OrderFilter(), after: 0, limit: 10).isEmpty)
        let mended = try await audit(bench, ledger: second, mends: true)
        for row in finished {
            let verdict = verdict(mended.findings.first { $0.key == row.key })
            #expect(verdict?.standing == .finished, "\(String(describing: verdict))")
            #expect(second.row(row.key)?.state.erpOrderNumber == row.state.erpOrderNumber)
        }
        #expect(bench.shop.writes == writes && bench.erp.orders.count == orders)
        #expect(try await audit(bench, ledger: second).findings.isEmpty)
        await bench.stop()
    }

    @Test func `an order cancelled in the shop with a number is looked for in the ERP after the ledger was lost`() async throws {
        let bench = try await Workbench(.key, timekeeper: Workbench.StandingClock())
        let id = bench.orderID
        await bench.run()
        bench.shop.cancel(id)
        let second = InMemoryLedgerFactory.empty()
        let mended = try await audit(bench, ledger: second, mends: true)
        #expect(mended.findings.map(\.kind) == [.missing] && verdict(mended.findings.first)?.reason == .cancelledAfterPush)
        #expect(bench.erp.orders.count == 1)
        await bench.stop()
    }

    @Test func `what was changed behind the ledger's back is told with what a run would make of it`() async throws {
        let bench = try await Workbench(orders: 40, configureShop: { $0.generated.processingPerThousand = 0 })
        await bench.run()
        let finished = bench.ledger.rows(OrderFilter(standings: [.finished]), after: 0, limit: 100).map { Int($0.key.orderID) }
        let (blank, other, reopened, cancelled, gone) = (finished[0], finished[1], finished[2], finished[3], finished[4])
        bench.shop.edit(blank, ["erp_order_number": .null])
        bench.shop.edit(other, ["erp_order_number": "SO-OTHER"])
        bench.shop.reopen(reopened)
        bench.shop.cancel(cancelled)
        bench.shop.delete(gone)
        let writes = bench.shop.writes
        let audit = try await audit(bench)
        let found = Dictionary(uniqueKeysWithValues: audit.findings.map { (Int($0.key.orderID), $0) })
        #expect(Set(found.keys) == [blank, other, reopened, cancelled, gone])
        #expect(found[blank]?.kind == .drifted && verdict(found[blank])?.sentence.contains("PATCH") == true)
        #expect(verdict(found[other])?.reason == .numberConflict)
        #expect(verdict(found[reopened])?.reason == .reopenedInShop)
        #expect(verdict(found[cancelled])?.reason == .cancelledAfterPush)
        #expect(found[gone]?.kind == .gone && found[gone]?.isHarmless == true)
        #expect(audit.report.findings == [.drifted: 4, .gone: 1] && bench.shop.writes == writes)
        #expect(bench.reason(other) == .finished)

        let mended = try await self.audit(bench, mends: true)
        #expect(mended.report.needingPerson == 3 && mended.report.harmless == 1)
        #expect(bench.shopText(blank, "erp_order_number") == bench.ledger.rows(named: String(blank)).first?.state.erpOrderNumber)
        #expect(bench.reason(other) == .numberConflict)
        // What a person is asked for already isn't told again.
        let after = try await self.audit(bench)
        #expect(after.findings.map(\.kind) == [.gone])
        await bench.stop()
    }

    @Test func `an order confirmed since the last run isn't a gap`() async throws {
        let bench = try await Workbench(orders: 3, configureShop: { $0.generated.processingPerThousand = 0 })
        await bench.run()
        let now = bench.flow.shop.settings.clock.text(bench.surroundings.now + .seconds(2))
        var order = try #require(bench.shop.order(bench.orderID)?.objectValue)
        for (name, value) in [("confirm_date", now), ("state", "confirmed"), ("reference", "CS-NEW")] {
            order[name] = .text(value)
        }
        order["id"] = nil
        _ = try #require(bench.shop.add(order))
        let early = try await audit(bench)
        #expect(early.findings.isEmpty && early.report.notListedYet == 1, "\(early.findings)")
        await bench.stop()
    }

    @Test func `an order that was due is told once a whole run didn't look at it, and not before`() async throws {
        let bench = try await Workbench(
            orders: 1, configureShop: { ($0.generated.processingPerThousand, $0.generated.unpaidPerThousand) = (0, 1000) })
        await bench.run()
        let key = OrderKey(shop: "test", orderID: Int64(bench.orderID))
        #expect(try await audit(bench, later: .seconds(7 * 3600)).findings.isEmpty)
        var later = bench.surroundings
        later.timekeeper = LaterClock(base: later.timekeeper, by: .seconds(7 * 3600))
        let ledger: any Ledger = bench.ledger
        // A process that hangs.
        guard
            case .claimed(let claimed) = try await ledger.claim(
                key, by: "somebody", leasesEndBy: later.now, until: later.now + .seconds(86_400))
        else {
            Issue.record("nobody has it")
            return
        }
        let run = FlowRun(bench.flow, surroundings: later)
        #expect(await run.run(id: "later").counts.lookedAt == 0)
        let found = try await audit(bench, later: .seconds(9 * 3600)).findings
        #expect(found.map(\.kind) == [.overdue] && found[0].key == key)
        #expect(found[0].sentence.contains("due for 8 hours, and a run since didn't look at it"), "\(found[0].sentence)")
        try await ledger.release([claimed.claim])
        let mended = try await audit(bench, mends: true, later: .seconds(9 * 3600))
        #expect(mended.findings.map(\.kind) == [.overdue] && mended.report.leftToRuns == 1)
        #expect(try await audit(bench, later: .seconds(9 * 3600)).findings.isEmpty)
        await bench.stop()
    }

    @Test
    func `a shop that ignores its filters makes nothing of other webshops' or earlier orders, nor of those placed elsewhere`()
        async throws
    {
        let bench = try await Workbench(
            orders: 60, timekeeper: Workbench.StandingClock(),
            configureShop: {
                ($0.generated.offlinePerThousand, $0.generated.processingPerThousand) = (200, 200)
                $0.ignoresOfflineFilter = true
            })
        let report = try await audit(bench, mends: true).report
        #expect(report.ambiguous > 5 && report.notListedYet > 10)
        #expect(report.findings[.missing, default: 0] == 0 && bench.ledger.rows(OrderFilter(), after: 0, limit: 9).isEmpty)
        let marking = try await Workbench(
            orders: 60, timekeeper: Workbench.StandingClock(),
            configureShop: { ($0.generated.offlinePerThousand, $0.ignoresOfflineFilter) = (200, true) },
            policy: { $0.offline = .markSent })
        await #expect(throws: FlowStop.self) { try await audit(marking, mends: true) }
        #expect(marking.ledger.rows(OrderFilter(), after: 0, limit: 9).isEmpty)
        await bench.stop()
        await marking.stop()
    }

    @Test func `orders placed elsewhere are compared where the flow marks them, and left alone where it doesn't`() async throws {
        for policy in [OfflinePolicy.ignore, .markSent] {
            let bench = try await Workbench(
                orders: 60, timekeeper: Workbench.StandingClock(),
                configureShop: { ($0.generated.offlinePerThousand, $0.generated.processingPerThousand) = (200, 0) },
                policy: { $0.offline = policy })
            await bench.run()
            #expect(try await audit(bench).findings.isEmpty)
            let lost = try await audit(bench, ledger: InMemoryLedgerFactory.empty())
            let offline = Set(bench.ledger.rows(OrderFilter(), after: 0, limit: 1000).filter(\.isListedOffline).map(\.key))
            #expect(offline.isEmpty == (policy == .ignore))
            #expect(Set(lost.findings.map(\.key)).isSuperset(of: offline))
            await bench.stop()
        }
    }

    @Test func `a shop that is down ends it`() async throws {
        let bench = try await Workbench(orders: 3)
        await bench.run()
        await bench.shop.stop()
        await #expect(throws: FlowStop.self) { try await audit(bench) }
        await bench.stop()
    }
}
