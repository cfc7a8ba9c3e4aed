package import Orders

/// Decides when one flow runs. Performs nothing and has no clock: it is told the time.
///
/// Ticks that passed while nobody was there to run them are made up by one run. Ticks that pass during a run are skipped: the run
/// was about to do what they stand for.
package struct Ticker: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        /// - Parameter missed: ticks that are made up by this run besides the one that it is for.
        case run(missed: Int)
        case wait(until: Timestamp)
    }

    package let schedule: FlowSchedule
    /// Ticks up to then are dealt with; `nil`: the flow has never run.
    private var dealtWithUntil: Timestamp?
    /// Ticks that passed during a run, here or in another process.
    package private(set) var skipped = 0
    /// Ticks that passed while no process was there, and that share a run.
    package private(set) var missed = 0

    /// - Parameter lastRunBegan: `nil`: the flow has never run, and is due at once.
    package init(_ schedule: FlowSchedule, lastRunBegan: Timestamp?) {
        self.schedule = schedule
        dealtWithUntil = lastRunBegan
    }

    package mutating func action(at now: Timestamp) -> Action {
        guard let until = dealtWithUntil else {
            dealtWithUntil = now
            return .run(missed: 0)
        }
        // Somebody set the clock back; the ticks that it shows again are ticks again.
        let since = min(until, now)
        dealtWithUntil = since
        let due = schedule.ticks(after: since, through: now)
        guard due > 0 else { return .wait(until: schedule.next(after: now)) }
        dealtWithUntil = now
        missed += due - 1
        return .run(missed: due - 1)
    }

    /// The run that ``action(at:)`` asked for has ended.
    package mutating func ran(until now: Timestamp) {
        let since = dealtWithUntil.map { min($0, now) } ?? now
        skipped += schedule.ticks(after: since, through: now)
        dealtWithUntil = now
    }

    /// The run that ``action(at:)`` asked for was not made, since another process is about it.
    package mutating func foundAnotherRun() { skipped += 1 }

    package func next(after now: Timestamp) -> Timestamp { schedule.next(after: now) }
}
