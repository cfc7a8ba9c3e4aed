import Simulation

/// One process's part of the work, and how it tells the others.
struct Share: Codable {
    struct Crashes: Codable {
        var path: String
        var digest: UInt64
        /// By the number of crashes in a schedule.
        var schedules: [Int]
        var points: [Int]
        var alike: Int
        var unlike: Int
        var failures: [String]
    }

    struct Planted: Codable {
        var name: String
        var seed: UInt64?
        var schedules: Int
        var violation: String?
    }

    var campaign = Campaign()
    var crashes: [Crashes] = []
    var planted: [Planted] = []
    /// That the random schedules took.
    var seconds = 0.0

    init(_ options: Options, number: Int) {
        let count = UInt64(options.processes)
        let seeds = (0..<UInt64(options.schedules)).lazy.filter { $0 % count == UInt64(number) }.map { options.seed &+ $0 }
        let startedAt = ContinuousClock.now
        campaign.run(seeds, on: options.ledger)
        seconds = startedAt.duration(to: .now) / .seconds(1)
        // Of all parts' shares the first goes to the first part's first process, and so on.
        let (place, places) = ((options.part.number - 1) * options.processes + number, options.part.count * options.processes)
        for path in options.crashDepth > 0 ? options.paths : [] {
            var report = CrashSearch.Report()
            CrashSearch(path, depth: options.crashDepth, onlyDistinct: options.onlyDistinct).run(
                share: place, of: places, into: &report)
            let failures = report.failures.prefix(5).map { failure in
                let crashes = failure.schedule.disturbances.compactMap(\.crashText).joined(separator: ",")
                return "\(failure.violations[0]); again with: --path \"\(path.name)\" --crash \(crashes) --trace"
            }
            crashes.append(
                Crashes(
                    path: path.name, digest: report.digest, schedules: report.schedules, points: report.tally.points,
                    alike: report.alikeCount, unlike: report.unlikeCount, failures: Array(failures)))
        }
        let bugs =
            options.planted > 0
            ? (PlantedBug.all + [.naiveClient]).filter { options.bug.isEmpty || $0.name.contains(options.bug) } : []
        for (index, bug) in bugs.enumerated() where index % options.processes == number {
            let finding = PlantedSearch.search(bug, from: options.seed, schedulesMax: options.planted)
            planted.append(
                Planted(
                    name: finding.name, seed: finding.seed, schedules: finding.schedules,
                    violation: finding.violation?.description))
        }
    }
}
