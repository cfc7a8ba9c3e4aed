package import Ledger
import LedgerSQLite

/// Random schedules by the thousand.
package struct Campaign: Sendable, Codable {
    package struct Failure: Sendable, Codable {
        package var seed: UInt64
        package var violations: [String]
    }

    package private(set) var tally = Tally()
    /// The sum of all schedules' digests: the same for the same seeds, however they are dealt out to processes.
    package private(set) var digest: UInt64 = 0
    package private(set) var failed = 0
    /// The first few.
    package private(set) var failures: [Failure] = []

    package init() {}

    /// - Parameter disk: makes the ledger of a schedule; by default one in memory.
    package mutating func run(_ seeds: some Sequence<UInt64>, on disk: LedgerKind = .values) {
        let makeLedger = disk.maker()
        for seed in seeds {
            let schedule = ScheduleDraw.random(seed: seed)
            add(Outcome(schedule, disk: makeLedger(schedule)))
        }
    }

    /// Which of the real ledgers the processes write to.
    package enum LedgerKind: String, Sendable {
        /// The one that keeps values in memory.
        case values = "memory"
        /// SQLite, with the database in memory.
        case sqlite

        /// Makes a ledger for one schedule after the other; `nil`: the world makes its own.
        package func maker() -> (Schedule) -> (any Ledger)? {
            switch self {
            case .values: return { _ in nil }
            case .sqlite:
                // Without a file there is nothing that could be wrong with it.
                let ledgers = try! MemoryLedgers()
                return { schedule in try! ledgers.next(createdAt: World.identity(schedule).createdAt) }
            }
        }
    }

    private mutating func add(_ outcome: Outcome) {
        tally.add(outcome.tally)
        digest &+= outcome.digest
        guard !outcome.violations.isEmpty else { return }
        failed += 1
        if failures.count < 10 { failures.append(Failure(seed: outcome.seed, violations: outcome.violations.map(\.description))) }
    }

    package mutating func add(_ other: Campaign) {
        tally.add(other.tally)
        digest &+= other.digest
        failed += other.failed
        failures += other.failures
    }

    /// What a run of its size must have reached and didn't; nothing is asked of one of less than 20,000 schedules.
    package var unreached: [String] {
        guard tally.schedules >= 20_000 else { return [] }
        return Branches.unreached(by: tally, includesRare: tally.schedules >= 200_000)
    }
}
