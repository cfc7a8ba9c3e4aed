import Simulation

/// One process's part of the work, and how it tells the others.
struct Share: Codable {
    struct Crashes: Codable {
        var path: String
        var digest: UInt64
        /// By the number of crashes in a schedule.
        var schedules: [Int]
        var points: [Int]
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
    var steps: Int { campaign.tally.steps }

    init(_ options: Options, number: Int) {
        let count = UInt64(options.processes)
        let seeds = (0..<UInt64(options.schedules)).lazy.filter { $0 % count == UInt64(number) }.map { options.seed &+ $0 }
        campaign.run(seeds, on: options.ledger)
        for path in CrashPath.all where options.crashDepth > 0 && (options.path.isEmpty || path.name.contains(options.path)) {
            var report = CrashSearch.Report()
            CrashSearch(path, depth: options.crashDepth).run(share: number, of: options.processes, into: &report)
            let failures = report.failures.prefix(5).map { "\($0.violations[0]): \($0.schedule.disturbances)" }
            crashes.append(
                Crashes(
                    path: path.name, digest: report.digest, schedules: report.schedules, points: report.tally.points,
                    failures: Array(failures)))
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
