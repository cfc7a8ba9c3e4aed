import GRDB
import Ledger
import OrderFlow
import Orders
import SQLiteStore
import Testing

@testable import LedgerSQLite
@testable import PowerLoss

/// A short budget of what `make chaos ONLY=power` does at length.
@Suite struct PowerLossTests {
    @Test func `a power failure at any sync leaves a whole ledger that has everything it acknowledged`() async throws {
        let report = try await PowerLossSearch(seed: 1).run(images: 200, cuts: 0)
        print(report.text)
        #expect(report.violations == [])
        #expect(report.images == 200, "\(report.text)")
    }

    @Test func `a simulated run whose power fails in the middle of a change goes on with what is left, and breaks no rule`()
        async throws
    {
        let report = try await PowerLossSearch(seed: 2).run(images: 0, cuts: 25)
        #expect(report.violations == [])
        #expect(report.runsCut > 15)
    }

    @Test func `the work that is searched shares commits, closes its ledger, and begins its log anew`() async throws {
        var work = try ScriptedWork(seed: 1, orders: 24, payloadBytes: 1_500_000)
        try await work.run()
        let operations = work.disk.operations
        var report = PowerLossReport(seed: 1)
        report.countWork(operations)
        #expect(report.checkpoints > 3 && report.restartedLogs > 1, "\(report.text)")
        let appended = work.promises.filter { if case .appended = $0.what { true } else { false } }
        let syncs = operations[appended[0].position..<appended[95].position].count(where: \.isSync)
        #expect(appended.count == 24 * 4 && syncs < 24 * 4, "changes that queue up share a sync")
    }

    @Test func `what is known of the clock is what was acknowledged last, or what was asked for since`() async throws {
        let ledger = try PoweredLedger(on: RecordedMachine(), now: ScriptedWork.beginning)
        let clocks = (1...2).map { number in
            ClockRecord(
                bootID: "machine", offsetMilliseconds: Int64(number) * 5000, setAt: ScriptedWork.beginning + .seconds(number))
        }
        for clock in clocks { try await ledger.remember(clock) }
        var promises = Promises()
        promises.add(.looked(clocks[0]))
        let lost = ["what was known of the clock of 'machine' is lost"]
        #expect(try await promises.broken(by: ledger) == lost)
        promises.clocksAskedFor = [clocks[1]]
        #expect(try await promises.broken(by: ledger) == [])
        try await ledger.remember(clocks[0])
        promises.add(.looked(clocks[1]))
        promises.clocksAskedFor = []
        #expect(try await promises.broken(by: ledger) == lost, "an older one isn't taken for it")
    }

    /// What must be found.
    enum Plant: CaseIterable {
        case synchronousOff, everySyncSkipped, oneSyncInTenSkipped

        var skipsSync: @Sendable (Int) -> Bool {
            switch self {
            case .synchronousOff: { _ in false }
            case .everySyncSkipped: { _ in true }
            case .oneSyncInTenSkipped: { $0 % 10 == 9 }
            }
        }
    }

    @Test(arguments: Plant.allCases) func `a ledger or a disk that leaves out a sync is found out`(_ plant: Plant) async throws {
        // Which syncs one in ten strikes follows from the seed; some guard nothing that was promised.
        for seed in 3...6 as ClosedRange<UInt64> {
            var work = try ScriptedWork(seed: seed, orders: 4, payloadBytes: 600, skipsSync: plant.skipsSync) { ledger in
                guard plant == .synchronousOff else { return }
                try await ledger.commits.read { db in try db.execute(sql: "PRAGMA synchronous = OFF") }
            }
            try await work.run()
            var report = PowerLossReport(seed: seed)
            try await PowerLossSearch(seed: seed).search(
                work.disk.operations, work.promises, draws: 0, .max, "planted", &report)
            if report.violations.contains(where: { $0.contains("has lost") || $0.contains("has no row") }) { return }
        }
        Issue.record("\(plant): nothing was missed on any of four ways through the work")
    }
}
