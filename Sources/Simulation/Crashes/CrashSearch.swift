/// Crashes at every point of a path, then again at every point of the recovery, as deep as is asked for.
package struct CrashSearch: Sendable {
    package struct Report: Sendable {
        package var tally = Tally()
        package var digest: UInt64 = 0
        /// By the number of crashes.
        package var schedules: [Int] = [0, 0, 0, 0]
        package var failures: [(path: String, schedule: Schedule, violations: [Referee.Violation])] = []
        /// Schedules that weren't searched further, because what followed their last crash was as after another one's.
        package var alikeCount = 0
        /// Schedules that were, although their last crash left nothing else behind.
        package var unlikeCount = 0

        package init() {}

        fileprivate mutating func add(_ outcome: Outcome, of schedule: Schedule, crashes: Int, path: CrashPath) {
            tally.add(outcome.tally)
            digest &+= outcome.digest
            schedules[crashes] += 1
            if !outcome.violations.isEmpty { failures.append((path.name, schedule, outcome.violations)) }
        }
    }

    package let path: CrashPath
    /// How many crashes one schedule gets at most: 1, 2 or 3.
    package let depth: Int
    /// Of crashes that leave the same behind, and after which the same follows, only one is searched for further crashes.
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
        let outcome = Outcome(path.schedule, plant: plant)
        if share == 0 { report.add(outcome, of: path.schedule, crashes: 0, path: path) }
        search(path.schedule, outcome, after: -1, crashes: 1, share: (share, shares), into: &report)
    }

    private func search(
        _ schedule: Schedule, _ outcome: Outcome, after last: Int, crashes: Int, share: (number: Int, count: Int),
        into report: inout Report
    ) {
        let goesDeeper = crashes < depth
        var distinct = DistinctCrashes()
        var searched = 0
        for (index, point) in outcome.points.enumerated().dropFirst(last + 1) {
            distinct.pass(point)
            let isOurs = crashes > 1 || index % share.count == share.number
            // Which first crashes are alike is seen only by who plays them all.
            guard isOurs || (onlyDistinct && goesDeeper) else { continue }
            for crash in point.crashes {
                var next = schedule
                next.disturbances.append(.crash(point: index, crash))
                let recovery = Outcome(next, plant: plant)
                if isOurs { report.add(recovery, of: next, crashes: crashes, path: path) }
                guard goesDeeper else { continue }
                var searchIsOurs = isOurs
                if onlyDistinct {
                    let isNew = distinct.insert(recovery.points.dropFirst(index + 1), after: crash, at: point)
                    if !isNew, isOurs { report.alikeCount += 1 }
                    guard isNew else { continue }
                    searchIsOurs = crashes > 1 || searched % share.count == share.number
                    searched += 1
                }
                if searchIsOurs { search(next, recovery, after: index, crashes: crashes + 1, share: share, into: &report) }
            }
        }
        if crashes > 1 || share.number == 0 { report.unlikeCount += distinct.unlikeCount }
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
