/// What was reached and how often, over one schedule or many.
package struct Tally: Sendable, Codable {
    package var disturbances: [String: Int] = [:]
    package var decisions: [String: Int] = [:]
    /// By ``Event``.
    package var events: [String: Int] = [:]
    /// By the call, then by the fault that struck it.
    package var struck: [String: [String: Int]] = [:]
    /// By ``Point/number``.
    package var points = [Int](repeating: 0, count: Point.numberMax)
    package var runs = 0
    package var steps = 0
    package var schedules = 0
    /// Writes that fell into the one round trip that the shop's missing preconditions leave.
    package var windowOverwrites = 0

    package init() {}

    package mutating func add(_ other: Tally) {
        disturbances.merge(other.disturbances, uniquingKeysWith: +)
        decisions.merge(other.decisions, uniquingKeysWith: +)
        events.merge(other.events, uniquingKeysWith: +)
        for (call, faults) in other.struck { struck[call, default: [:]].merge(faults, uniquingKeysWith: +) }
        for index in points.indices { points[index] += other.points[index] }
        runs += other.runs
        steps += other.steps
        schedules += other.schedules
        windowOverwrites += other.windowOverwrites
    }
}
