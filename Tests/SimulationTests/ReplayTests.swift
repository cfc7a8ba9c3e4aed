import OrderFlow
import Orders
import TestSupport
import Testing

@testable import Simulation

/// What failed must be had again, by anybody.
@Suite struct ReplayTests {
    /// - Returns: the lines it prints, and its exit status.
    private func simulate(_ arguments: String...) async throws -> (lines: [String], status: Int32?) {
        let ending = try await ChildProgram.run("crossdock-simulate", arguments)
        return (ending.output.split(separator: "\n").map(String.init), ending.status)
    }

    /// Swift seeds its hashing anew in each process.
    @Test func `the same seeds give the same digest in any process, however they are dealt out`() async throws {
        var digests: [String?] = []
        for processes in ["1", "3"] {
            let lines = try await simulate("--schedules", "60", "--seed", "9001", "--crashes", "0", "--processes", processes)
                .lines
            digests.append(lines.first { $0.hasPrefix("digest:") })
        }
        var campaign = Campaign()
        campaign.run(9001..<9061)
        #expect(digests == Array(repeating: "digest: \(String(campaign.digest, radix: 16))", count: 2))
    }

    @Test func `one schedule is played alone, by its seed or by where a path's processes die`() async throws {
        let bySeed = try await simulate("--replay", "30940", "--trace")
        #expect(bySeed.status == 0 && bySeed.lines.contains { $0.hasPrefix("seed 30940, class N") })
        let byCrash = try await simulate(
            "--path", "lines, class L, REST", "--crash", "30:losesWrites,45:requestEscapes", "--trace")
        let crashes = byCrash.lines.filter { $0.hasSuffix("dies") }
        #expect(byCrash.status == 0 && crashes.count == 2, "\(byCrash.lines)")
        #expect(try await simulate("--path", "lines", "--crash", "30:nonsense").status == 2)
    }

    @Test func `the parts of a search for crashes make the whole`() {
        var whole = CrashSearch.Report(), parts = CrashSearch.Report()
        let search = CrashSearch(CrashPath.all[0], depth: 1)
        search.run(into: &whole)
        for part in 0..<3 { search.run(share: part, of: 3, into: &parts) }
        #expect(parts.digest == whole.digest && parts.schedules == whole.schedules)
    }

    /// Whatever goes round in circles takes more steps than a schedule may.
    @Test(arguments: [(40, false), (2000, true)])
    func `a schedule that comes to no end within its steps is a failure`(_ stepsMax: Int, _ isEnough: Bool) {
        var schedule = Schedule(
            seed: 4, sink: .rest, letter: .key, latestEffect: 4000, startsAt: Timestamp(milliseconds: 1_772_182_800_000))
        schedule.orders = [OrderPlan(id: 101)]
        schedule.starts = [ProcessStart(at: 5)]
        let world = World(schedule)
        world.play(stepsMax: stepsMax)
        let hasEnded = !world.referee.violations.contains { $0.rule == "liveness" && $0.text.contains("no progress") }
        #expect(hasEnded == isEnough)
    }
}
