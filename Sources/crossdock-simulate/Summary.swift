import Simulation

/// Everything that all shares came to, in words.
struct Summary {
    let options: Options
    let shares: [Share]
    /// Everything together.
    let seconds: Double
    private let campaign: Campaign

    init(_ options: Options, _ shares: [Share], seconds: Double) {
        self.options = options
        self.shares = shares
        self.seconds = seconds
        campaign = shares.reduce(into: Campaign()) { $0.add($1.campaign) }
    }

    private var crashFailures: [String] {
        shares.flatMap(\.crashes).flatMap { crash in crash.failures.map { "\(crash.path): \($0)" } }
    }
    private var missed: [Share.Planted] { shares.flatMap(\.planted).filter { $0.seed == nil } }
    private var unreached: [String] { campaign.unreached }
    private var pointsUnreached: [Point] {
        options.crashDepth == 0 || !options.path.isEmpty || options.part.count > 1
            ? [] : Point.all.filter { point in !shares.flatMap(\.crashes).contains { $0.points[point.number] > 0 } }
    }

    var isGood: Bool {
        campaign.failed == 0 && crashFailures.isEmpty && missed.isEmpty && unreached.isEmpty && pointsUnreached.isEmpty
    }

    func print() {
        printRandom()
        if options.crashDepth > 0 { printCrashes() }
        if options.planted > 0 { printPlanted() }
        say(
            "violations: \(campaign.failed + crashFailures.count), planted bugs missed: \(missed.count), unreached: \(unreached.count)"
        )
    }

    private func say(_ line: String) { Swift.print(line) }

    private func printRandom() {
        let tally = campaign.tally
        say(
            "random schedules: \(tally.schedules) from seed \(options.seed), \(tally.runs) runs, ledger \(options.ledger.rawValue), \(options.processes) processes"
        )
        say("digest: \(String(campaign.digest, radix: 16))")
        let elapsed = max(0.001, shares.map(\.seconds).max() ?? 0)
        say(
            "steps: \(tally.steps); a second: \(Int(Double(tally.schedules) / elapsed)) schedules and \(Int(Double(tally.steps) / elapsed)) steps"
        )
        say("all of it took \(Int(seconds)) s")
        say("edits and cancellations overwritten within the one round trip: \(tally.windowOverwrites)")
        for (name, count) in tally.disturbances.sorted(by: { $0.key < $1.key }) { say("  fault \(name): \(count)") }
        for (name, count) in tally.decisions.sorted(by: { $0.key < $1.key }) { say("  decision \(name): \(count)") }
        for (name, count) in tally.events.sorted(by: { $0.key < $1.key }) { say("  event \(name): \(count)") }
        for (call, faults) in tally.struck.sorted(by: { $0.key < $1.key }) {
            let counts = faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            say("  struck \(call): \(counts.joined(separator: "; "))")
        }
        for name in unreached { say("UNREACHED \(name)") }
        for failure in campaign.failures.prefix(10) {
            say("FAILED seed \(failure.seed): \(failure.violations.first ?? "")")
            say("again with: --replay \(failure.seed) --ledger \(options.ledger.rawValue) --trace; what of it breaks the rule:")
            say(Shrinking.shrunk(ScheduleDraw.random(seed: failure.seed), on: options.ledger).description)
        }
    }

    private func printCrashes() {
        let part = options.part.count == 1 ? "" : ", part \(options.part.number) of \(options.part.count)"
        let kind = options.onlyDistinct ? ", one of those that leave the same behind searched further" : ""
        say("crash points, exhaustively, up to \(options.crashDepth) in one schedule\(part)\(kind):")
        var total = [0, 0, 0, 0]
        for path in options.paths {
            let counts = shares.flatMap(\.crashes).filter { $0.path == path.name }.map(\.schedules)
            let sum = counts.reduce([0, 0, 0, 0]) { zip($0, $1).map(+) }
            total = zip(total, sum).map(+)
            say("  \(path.name): \(sum[1]) with one crash, \(sum[2]) with two, \(sum[3]) with three")
        }
        say("  in all \(total[1]) with one, \(total[2]) with two, \(total[3]) with three")
        if options.onlyDistinct {
            let (alike, unlike) = shares.flatMap(\.crashes).reduce((0, 0)) { ($0.0 + $1.alike, $0.1 + $1.unlike) }
            say(
                "  not searched further, as after another: \(alike); searched though nothing else was left behind: \(unlike)"
            )
        }
        let digest = shares.flatMap(\.crashes).reduce(UInt64(0)) { $0 &+ $1.digest }
        say(
            "  points reached: \(Point.all.count - pointsUnreached.count) of \(Point.all.count); digest \(String(digest, radix: 16))"
        )
        for point in pointsUnreached { say("UNREACHED \(point)") }
        for failure in crashFailures.prefix(10) { say("FAILED \(failure)") }
    }

    private func printPlanted() {
        say("planted bugs, and the naive client:")
        for finding in shares.flatMap(\.planted).sorted(by: { $0.name < $1.name }) {
            let how = finding.seed.map { "caught by seed \($0) after \(finding.schedules) schedules: \(finding.violation ?? "")" }
            say("  \(finding.name): \(how ?? "NOT CAUGHT in \(finding.schedules) schedules")")
        }
    }
}
