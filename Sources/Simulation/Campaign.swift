import Ledger
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
        for seed in seeds {
            let schedule = ScheduleDraw.random(seed: seed)
            add(Outcome(schedule, disk: disk.make(schedule)))
        }
    }

    /// Which of the real ledgers the processes write to.
    package enum LedgerKind: String, Sendable {
        /// The one that keeps values in memory.
        case values = "memory"
        /// SQLite, with the database in memory.
        case sqlite

        func make(_ schedule: Schedule) -> (any Ledger)? {
            switch self {
            case .values: nil
            // Without a file there is nothing that could be wrong with it.
            case .sqlite: try! SQLiteLedger(inMemoryAt: World.identity(schedule).createdAt)
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

    /// Faults, decisions and points that a run of some size must have reached and didn't.
    package var unreached: [String] {
        let points = Point.all.filter { tally.points[$0.number] == 0 }.map { "point \($0)" }
        let decisions = Self.decisions.filter { tally.decisions[$0] == nil }.map { "decision \($0)" }
        let kinds = Self.disturbances.filter { tally.disturbances[$0] == nil }.map { "fault \($0)" }
        return points + decisions + kinds
    }

    /// Every branch of the planner's that can be taken here.
    private static let decisions = [
        "read", "record interruption", "seek", "create", "repeat create", "poll", "write mark", "write number", "write lines",
        "write close", "write mark+number", "write mark+number+lines", "finished: finished", "held: payment_started",
        "held: held_by_person", "waiting: retry_later", "waiting: outcome_settling", "waiting: awaiting_erp",
        "quarantined: malformed", "quarantined: total_mismatch", "quarantined: processed_elsewhere", "quarantined: rejected",
        "quarantined: outcome_unknown", "quarantined: retries_exhausted", "quarantined: key_conflict",
        "quarantined: cancelled_in_erp", "quarantined: cancelled_after_push", "quarantined: changed_after_push",
        "quarantined: edited_meanwhile", "quarantined: answers_contradict",
        "quarantined: accepted_after_refusal", "quarantined: accepted_after_skip", "dismissed: cancelled_before_push",
        "dismissed: skipped_by_person",
    ]

    private static let disturbances: [String] = {
        let crashes = Disturbance.Crash.allCases.map { Disturbance.crash(point: 0, $0) }
        let outages = Remote.allCases.flatMap { remote in
            Disturbance.OutageKind.allCases.map { Disturbance.outage(remote, at: 0, milliseconds: 0, $0) }
        }
        let people = Disturbance.ShopAct.allCases.map { Disturbance.shopPerson(at: 0, order: 0, $0) }
        let desks = Disturbance.DeskAct.allCases.map { Disturbance.desk(at: 0, order: 0, $0) }
        let faults: [WireFault] = [
            .refused, .lostBefore, .answerLost, .late(milliseconds: 0), .slow(milliseconds: 0), .slowAnswer(milliseconds: 0),
            .duplicate, .status(500, applied: false), .status(502, applied: false), .status(503, applied: false),
            .status(500, applied: true), .status(502, applied: true), .throttled(seconds: 0), .html(applied: false),
            .html(applied: true), .cutJSON(applied: false), .cutJSON(applied: true), .errorInside200(applied: false),
            .errorInside200(applied: true), .tokensExpire, .lag(milliseconds: 0),
        ]
        let clocks = [Disturbance.clock(at: 0, by: -1), .clock(at: 0, by: 1), .freeze(point: 0, milliseconds: 0)]
        let messages = MessageFault.examples.map { Disturbance.message(order: 0, $0) }
        return (crashes + outages + people + desks + clocks + messages + faults.map { .wire(.create, nth: 0, $0) }).map(\.kind)
    }()
}
