/// Crashes at every point of a path, then again at every point of the recovery, as deep as is asked for.
package struct CrashSearch: Sendable {
    package struct Report: Sendable {
        package var tally = Tally()
        package var digest: UInt64 = 0
        package var schedules: [Int] = [0, 0, 0, 0]
        package init() {}
        package var failures: [(path: String, schedule: Schedule, violations: [Referee.Violation])] = []
    }

    package let path: CrashPath
    /// How many crashes one schedule gets at most: 1, 2 or 3.
    package let depth: Int
    /// Of crashes between which nothing lasting happens only the first is made: the next process finds the same after each.
    package let onlyDistinct: Bool
    private let plant: PlantedBug?

    package init(_ path: CrashPath, depth: Int, onlyDistinct: Bool = false, plant: PlantedBug? = nil) {
        self.path = path
        self.depth = depth
        self.onlyDistinct = onlyDistinct
        self.plant = plant
    }

    /// - Parameter share: of so many, the one that is searched: first crashes are dealt out in turn.
    package func run(share: Int = 0, of shares: Int = 1, into report: inout Report) {
        search(path.schedule, after: -1, crashes: 0, share: (share, shares), into: &report)
    }

    private func search(
        _ schedule: Schedule, after last: Int, crashes: Int, share: (number: Int, count: Int), into report: inout Report
    ) {
        let outcome = Outcome(schedule, plant: plant)
        if crashes > 0 || share.number == 0 {
            report.tally.add(outcome.tally)
            report.digest &+= outcome.digest
            report.schedules[crashes] += 1
            if !outcome.violations.isEmpty { report.failures.append((path.name, schedule, outcome.violations)) }
        }
        guard crashes < depth, last + 1 < outcome.points.count else { return }
        var distinct = DistinctCrashes()
        for index in (last + 1)..<outcome.points.count {
            let kinds = onlyDistinct ? distinct.next(outcome.points[index]) : outcome.points[index].crashes
            guard crashes > 0 || index % share.count == share.number else { continue }
            for crash in kinds {
                var next = schedule
                next.disturbances.append(.crash(point: index, crash))
                search(next, after: index, crashes: crashes + 1, share: share, into: &report)
            }
        }
    }
}

extension Point {
    /// The ways in which a crash there can go.
    package var crashes: [Disturbance.Crash] {
        switch moment {
        case .written: [.keepsWrites, .losesWrites]
        case .before where effect.isCall: [.losesWrites, .requestEscapes]
        case .before, .synced, .applied, .answered: [.losesWrites]
        }
    }
}

extension Disturbance {
    /// A crash as ``CrashSearch/Report`` writes it, `17:losesWrites`.
    package init?(crashText text: some StringProtocol) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let point = Int(parts[0]), let crash = Crash(rawValue: String(parts[1])) else { return nil }
        self = .crash(point: point, crash)
    }

    /// What ``init(crashText:)`` reads; `nil` of anything but a crash.
    package var crashText: String? {
        if case .crash(let point, let crash) = self { "\(point):\(crash.rawValue)" } else { nil }
    }
}

extension CrashPath {
    /// The path's schedule with these crashes in it.
    package func schedule(with crashes: [Disturbance]) -> Schedule {
        var schedule = schedule
        schedule.disturbances += crashes
        return schedule
    }
}
