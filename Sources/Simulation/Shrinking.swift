import OrderFlow

/// Makes a failing schedule shorter while it still breaks the same rule.
package enum Shrinking {
    /// - Returns: the schedule without whatever the failure doesn't need: disturbances, processes, orders from the end, flavours.
    package static func shrunk(_ schedule: Schedule, plant: PlantedBug? = nil) -> Schedule {
        guard let rule = Outcome(schedule, plant: plant).violations.first?.rule else { return schedule }
        func fails(_ schedule: Schedule) -> Bool { Outcome(schedule, plant: plant).violations.contains { $0.rule == rule } }
        var smallest = schedule
        var isSmaller = true
        while isSmaller {
            isSmaller = false
            for candidate in candidates(smallest) where fails(candidate) {
                smallest = candidate
                isSmaller = true
                break
            }
        }
        return smallest
    }

    private static func candidates(_ schedule: Schedule) -> [Schedule] {
        var candidates: [Schedule] = []
        for index in schedule.disturbances.indices {
            var candidate = schedule
            candidate.disturbances.remove(at: index)
            candidates.append(candidate)
        }
        for index in schedule.starts.indices where schedule.starts.count > 1 {
            var candidate = schedule
            candidate.starts.remove(at: index)
            candidates.append(candidate)
        }
        let last = schedule.orders.count - 1
        if last > 0, !schedule.disturbances.contains(where: { $0.order == last }) {
            var candidate = schedule
            candidate.orders.removeLast()
            candidates.append(candidate)
        }
        for index in schedule.orders.indices where schedule.orders[index].flavour != .plain {
            var candidate = schedule
            candidate.orders[index].flavour = .plain
            candidates.append(candidate)
        }
        return candidates
    }
}

extension Disturbance {
    /// The order it is about, by its place.
    fileprivate var order: Int? {
        switch self {
        case .shopPerson(_, let order, _), .desk(_, let order, _), .resend(_, let order, _), .message(let order, _): order
        case .wire, .outage, .crash, .kill, .freeze, .clock: nil
        }
    }
}

extension Schedule: CustomStringConvertible {
    /// A line for each thing that makes the schedule what it is.
    package var description: String {
        var lines = [
            "seed \(seed), class \(letter.rawValue), sink \(sink), T \(latestEffect) ms, writes joined \(merge.rawValue), close \(close.rawValue)",
            "pull lock \(isPullLocked ? "kept" : "not seen by others"), pages of \(pageLimit), \(concurrency) orders at a time",
        ]
        lines += orders.map { "order \($0.id): \($0.flavour.rawValue), \($0.lines) lines, confirmed at \($0.confirmedAt) ms" }
        if let messages { lines.append("messages name orders by \(messages.naming.rawValue)") }
        lines += starts.map { "a process starts at \($0.at) ms\($0.isRemote ? " on another machine" : "")" }
        lines += disturbances.map { "\($0)".replacing("Simulation.", with: "") }
        return lines.joined(separator: "\n")
    }
}
