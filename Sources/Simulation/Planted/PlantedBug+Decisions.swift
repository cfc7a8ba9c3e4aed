import OrderFlow
import Orders
import SinkKit
import Transport

extension PlantedBug {
    /// Bugs in what is decided, and by which clock.
    static let inDecisions: [PlantedBug] = [
        inPlanner("asking before T") { decision, progress, policy, now in
            guard case .lookUp = policy.sinkClass else { return decision }
            var hasty = policy
            hasty.sinkClass = .lookUp(latestEffect: .zero)
            return Planner(policy: hasty).next(progress, at: now)
        },
        inPlanner("class N tried again") { decision, progress, policy, now in
            if case .rest(let verdict) = decision, verdict.reason == .outcomeUnknown, progress.reading?.isFresh(at: now) ?? false
            {
                return .create(attempt: progress.attempts + 1)
            }
            return decision
        },
        inPlanner("written after a cancellation") { decision, _, _, _ in
            if case .rest(let verdict) = decision, verdict.reason == .cancelledAfterPush { return .write([.number]) }
            return decision
        },
        inPlanner("a write believed without a read") { decision, progress, _, _ in
            if case .write(let steps) = decision, progress.isFinished || progress.lastWrite != nil, steps == [.close] {
                return .rest(Verdict(.finished, .finished, "done"))
            }
            return decision
        },
        inPlanner("marked and forgotten") { decision, progress, _, _ in
            if case .write(let steps) = decision, progress.lastWrite != nil, steps != [.close] {
                return .rest(Verdict(.finished, .finished, "done"))
            }
            return decision
        },
        inPlanner("number never written") { decision, _, _, _ in
            if case .write(let steps) = decision, steps == [.number] { return .rest(Verdict(.finished, .finished, "done")) }
            return decision
        },
        inPlanner("a failure gives the order up") { decision, _, _, _ in
            if case .rest(let verdict) = decision, verdict.reason == .retryLater {
                return .rest(Verdict(.quarantined, .retriesExhausted, verdict.sentence))
            }
            return decision
        },
        inPlanner("a conflict passed over") { decision, progress, _, _ in
            if case .rest(let verdict) = decision, verdict.reason == .changedAfterPush { return .write([.mark]) }
            return decision
        },
        inPolicy("unpaid orders pushed") { $0.acceptedPayments.append(.started) },
        inPolicy("totals not checked") { $0.totalsTolerance = (try? ExactDecimal("1e9")) ?? .zero },
        inPolicy("other webshops' orders taken") { $0.webshop = nil },
        inPolicy("one failure is one too many") { $0.failuresMax = 1 },
        clock("reads never grow old") { StandingTimekeeper(base: $0) },
        clock("waits that don't wait") { HastyTimekeeper(base: $0) },
    ]

    /// A clock that a process reads wrongly.
    private static func clock(_ name: String, _ wrap: @escaping @Sendable (any Timekeeper) -> any Timekeeper) -> PlantedBug {
        var bug = PlantedBug(name)
        bug.timekeeper = wrap
        return bug
    }

    /// Every planted bug. The naive client is kept apart: it is no bug of ours.
    package static let all = inLedgers + inCalls + inSteps + inDecisions + inDocuments + inMessages + inCancelling
}

/// Shows the time at which the process began.
private struct StandingTimekeeper: Timekeeper {
    let base: any Timekeeper
    let millisecondsSince1970: Int64

    init(base: any Timekeeper) {
        self.base = base
        millisecondsSince1970 = base.millisecondsSince1970
    }

    func sleep(milliseconds: Int64) async throws { try await base.sleep(milliseconds: milliseconds) }
}

/// Counts a wait as done as soon as it is begun.
private final class HastyTimekeeper: Timekeeper, @unchecked Sendable {
    private let base: any Timekeeper
    private var skipped: Int64 = 0

    init(base: any Timekeeper) { self.base = base }

    var millisecondsSince1970: Int64 { base.millisecondsSince1970 + skipped }

    func sleep(milliseconds: Int64) async throws {
        skipped += milliseconds
        try await base.sleep(milliseconds: 1)
    }
}
