import Orders

/// What seldom happens, each by dice of its own.
extension ScheduleDraw {
    /// In a sixteenth the clocks of the shop's zone change while all the rest happens.
    static func moveToClockChange(_ schedule: inout Schedule) {
        var draw = SeededDraw(seed: schedule.seed, stream: 11)
        guard draw.oneIn(16) else { return }
        let change = draw.oneIn(2) ? World.clocksForwardAt : World.clocksBackAt
        let last = (schedule.starts.map(\.at) + [60_000]).max() ?? 0
        schedule.startsAt = Timestamp(milliseconds: change - draw.between(0, last))
    }

    /// In a sixth of those whose ERP makes drafts, somebody in the shop takes an order in hand while the ERP can't confirm its own.
    static func addHand(to schedule: inout Schedule) {
        var draw = SeededDraw(seed: schedule.seed, stream: 23)
        guard schedule.steps == .draft, draw.oneIn(6) else { return }
        for number in 0...draw.below(3) {
            schedule.disturbances.append(.wire(.confirmDraft, nth: number, .status(503, applied: false)))
        }
        schedule.disturbances.append(
            .shopPerson(at: draw.between(100, 9000), order: draw.below(schedule.orders.count), .takeInHand))
    }
}
