import Orders

/// What comes of a schedule's disturbances rather than being one: each must have come up in a run of some size.
package enum Event: String, Sendable, CaseIterable {
    case twoRuns = "two runs at once"
    case threeRuns = "three runs at once"
    /// Its holder was stopped past its lease, or cut off, and woke up late.
    case changeRefused = "a change refused, since its claim had ended"
    case writeSurvived = "a write that wasn't synced survived a crash"
    case writeLost = "a write that wasn't synced was lost in a crash"
    case lookUpFailed = "a look-up failed"
    case lookUpInVain = "a look-up didn't show an order that the ERP has"
    case circuitOpened = "a circuit opened"
    case clocksForward = "clocks set forward for summer time"
    case clocksBack = "clocks set back from summer time"
}

extension World {
    /// When the shop's zone changes its clocks, in milliseconds since 1970: 2026-03-29T01:00:00Z and 2026-10-25T01:00:00Z.
    static let clocksForwardAt: Int64 = 1_774_746_000_000
    static let clocksBackAt: Int64 = 1_792_890_000_000

    /// Counts a change of clocks that came while something could still happen.
    func countClockChange() {
        let span = schedule.startsAt.milliseconds...schedule.startsAt.milliseconds + executor.now
        if span.contains(Self.clocksForwardAt) { count(.clocksForward) }
        if span.contains(Self.clocksBackAt) { count(.clocksBack) }
    }
}
