import Ledger
import OrderFlow
import Simulation
import Simulators

/// Lets the power fail at every sync of a ledger's work, and opens what that may leave on the disk; and lets it fail in the midst
/// of simulated runs, which then go on with what is left.
package struct PowerLossSearch: Sendable {
    private let seed: UInt64
    /// Of each manner that is drawn, at each moment.
    private let draws = 3

    package init(seed: UInt64) { self.seed = seed }

    /// - Parameters:
    ///   - images: at least so many.
    ///   - cuts: of simulated runs.
    package func run(images: Int, cuts: Int, progress: (String) -> Void = { _ in }) async throws -> PowerLossReport {
        var report = PowerLossReport(seed: seed)
        var number = 0
        while report.images < images {
            try await number.isMultiple(of: 4)
                ? searchRun(number, imagesMax: images, &report) : searchScript(number, imagesMax: images, &report)
            number += 1
            if number % 10 == 2 {
                progress("\(report.images) images, \(report.violations.count) violations")
            }
        }
        for number in 0..<cuts {
            try await cut(number, &report)
            if number % 500 == 499 {
                progress("\(number + 1) runs cut, \(report.violations.count) violations")
            }
        }
        return report
    }

    // MARK: Images

    /// One work in forty has creates so large that its log begins anew while the ledger is open.
    private func searchScript(_ number: Int, imagesMax: Int, _ report: inout PowerLossReport) async throws {
        let isLarge = number % 40 == 13
        var work = try ScriptedWork(
            seed: seed &+ UInt64(number), orders: isLarge ? 24 : 8,
            payloadBytes: isLarge ? 1_500_000 : number % 3 == 0 ? 20_000 : 600)
        try await work.run()
        // What is large is slow to open.
        try await search(
            work.disk.operations, work.promises, momentsOneIn: isLarge ? 10 : 1, draws: draws, imagesMax, "work \(number)",
            &report)
    }

    /// The engine's own work.
    private func searchRun(_ number: Int, imagesMax: Int, _ report: inout PowerLossReport) async throws {
        let schedule = schedule(number)
        let ledger = try PoweredLedger(on: RecordedMachine(), now: World.identity(schedule).createdAt)
        let outcome = Outcome(playing: World(schedule, disk: ledger))
        report.add(outcome.violations.map(\.description), context: "schedule \(schedule.seed)")
        try await search(ledger.operations, ledger.promises, draws: draws, imagesMax, "schedule \(schedule.seed)", &report)
    }

    func search(
        _ operations: [DiskOperation], _ promises: [Promises.Promise], momentsOneIn: Int = 1, draws: Int, _ imagesMax: Int,
        _ context: String,
        _ report: inout PowerLossReport
    ) async throws {
        let check = try ImageCheck()
        var kept = Promises()
        var next = promises[...]
        var images = CrashImages(seed: seed)
        report.countWork(operations)
        await images.walk(operations, acknowledged: Set(promises.map(\.position)), momentsOneIn: momentsOneIn, draws: draws) {
            image in
            guard report.images < imagesMax else { return }
            while let promise = next.first, promise.position <= image.position {
                kept.add(promise.what)
                next.removeFirst()
            }
            kept.clocksAskedFor = next.compactMap { if case .looked(let clock) = $0.what { clock } else { nil } }
            let violations = await check.violations(image.contents, kept)
            report.count(image.manner)
            report.add(violations, context: "\(context), operation \(image.position), \(image.manner.rawValue)")
        }
    }

    // MARK: Runs

    /// Everything that happens to a run but crashes of another kind, on one machine.
    private func schedule(_ number: Int) -> Schedule {
        var schedule = ScheduleDraw.random(seed: seed &* 1_000_003 &+ UInt64(number))
        schedule.starts = schedule.starts.map { ProcessStart(at: $0.at) }
        schedule.restartsAfter = 50
        return schedule
    }

    /// The same schedule twice: to count its changes, and to cut one of them.
    private func cut(_ number: Int, _ report: inout PowerLossReport) async throws {
        let schedule = schedule(number)
        let whole = try play(schedule, cut: nil)
        guard whole.ledger.changes > 0 else { return }
        var random = SeededRandom(seed: seed, number: number)
        let change = 1 + random.below(whole.ledger.changes)
        let (ledger, outcome) = try play(schedule, cut: (change, random.next()))
        report.countCut()
        report.add(
            outcome.violations.map(\.description) + (try await ledger.brokenPromises()),
            context: "schedule \(schedule.seed), power lost in change \(change)")
    }

    private func play(_ schedule: Schedule, cut: (change: Int, seed: UInt64)?) throws -> (ledger: PoweredLedger, outcome: Outcome)
    {
        let ledger = try PoweredLedger(on: RecordedMachine(), now: World.identity(schedule).createdAt, cut: cut)
        let world = World(schedule, disk: ledger)
        ledger.mayFail = { [unowned world] in !world.isQuiet }
        ledger.onFailure = { [unowned world] in world.losePower() }
        return (ledger, Outcome(playing: world))
    }
}
