import OrderFlow

/// Makes a failing schedule shorter while it still breaks the same rule.
package enum Shrinking {
    /// - Returns: the schedule without whatever the failure doesn't need: disturbances, processes, orders from the end, flavours, and what
    ///   the flow does besides pushing orders.
    package static func shrunk(
        _ schedule: Schedule, on ledger: Campaign.LedgerKind = .values, plant: PlantedBug? = nil
    ) -> Schedule {
        let makeLedger = ledger.maker()
        func violations(_ schedule: Schedule) -> [Referee.Violation] {
            Outcome(schedule, disk: makeLedger(schedule), plant: plant).violations
        }
        guard let rule = violations(schedule).first?.rule else { return schedule }
        func fails(_ schedule: Schedule) -> Bool { violations(schedule).contains { $0.rule == rule } }
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
        return candidates + plainer(schedule)
    }

    /// Each with one thing less that a flow, a shop or an ERP may do.
    private static func plainer(_ schedule: Schedule) -> [Schedule] {
        var candidates: [Schedule] = []
        func add(_ isPlain: Bool, _ change: (inout Schedule) -> Void) {
            guard !isPlain else { return }
            var candidate = schedule
            change(&candidate)
            candidates.append(candidate)
        }
        add(schedule.despatch == nil) { $0.despatch = nil }
        add(schedule.offline == nil) { $0.offline = nil }
        add(schedule.cancelling == nil) { $0.cancelling = nil }
        add(schedule.messages == nil) { $0.messages = nil }
        add(schedule.steps == .one) { $0.steps = .one }
        add(schedule.merge == .none) { $0.merge = .none }
        add(schedule.lookUpLag == 0) { $0.lookUpLag = 0 }
        add(schedule.answersWritesWith == .full) { $0.answersWritesWith = .full }
        add(schedule.isPullLocked) { $0.isPullLocked = true }
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
            "begins at \(startsAt), look-ups \(lookUpLag) ms behind, writes answered with \(answersWritesWith.rawValue), a create of \(steps.rawValue)",
        ]
        lines += orders.map { "order \($0.id): \($0.flavour.rawValue), \($0.lines) lines, confirmed at \($0.confirmedAt) ms" }
        if let restartsAfter { lines.append("a process starts \(restartsAfter) ms after one died") }
        if let messages { lines.append("\(messages)") }
        if let despatch { lines.append("\(despatch)") }
        if let cancelling { lines.append("\(cancelling)") }
        if let offline { lines.append("\(offline)") }
        lines += starts.map { "a process starts at \($0.at) ms\($0.isRemote ? " on another machine" : "")" }
        lines += disturbances.map { "\($0)" }
        return lines.map { $0.replacing("Simulation.", with: "") }.joined(separator: "\n")
    }
}
