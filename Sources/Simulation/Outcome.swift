package import Ledger

/// What one schedule came to.
package struct Outcome: Sendable {
    package var seed: UInt64
    package var digest: UInt64
    package var violations: [Referee.Violation]
    package var tally: Tally
    /// In the order they were passed, up to the quiet.
    package var points: [Point]
    package var trace: [String]

    /// Runs a schedule to its end, on the calling thread.
    package init(
        _ schedule: Schedule, disk: (any Ledger)? = nil, plant: PlantedBug? = nil, keepsTrace: Bool = false
    ) {
        self.init(playing: World(schedule, disk: disk, plant: plant, keepsTrace: keepsTrace))
    }

    /// Plays a world that was made for it.
    package init(playing world: World) {
        world.play()
        seed = world.schedule.seed
        digest = world.trace.digest
        violations = world.referee.violations
        tally = world.tally
        tally.schedules = 1
        points = world.pointsPassed
        trace = world.trace.lines
    }
}
