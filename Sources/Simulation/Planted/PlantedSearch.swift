/// Looks for the first schedule that shows a planted bug.
package struct PlantedSearch: Sendable {
    package struct Finding: Sendable {
        package var name: String
        /// `nil`: not caught.
        package var seed: UInt64?
        /// How many schedules it took.
        package var schedules: Int
        package var violation: Referee.Violation?
    }

    package static func search(_ bug: PlantedBug, from seed: UInt64, schedulesMax: Int) -> Finding {
        for number in 0..<schedulesMax {
            let outcome = Outcome(ScheduleDraw.random(seed: seed &+ UInt64(number)), plant: bug)
            if let violation = outcome.violations.first {
                return Finding(name: bug.name, seed: outcome.seed, schedules: number + 1, violation: violation)
            }
        }
        return Finding(name: bug.name, seed: nil, schedules: schedulesMax)
    }
}
