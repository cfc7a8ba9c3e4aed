import Foundation
import Glibc
import Orders
import Simulators
import TestSupport

/// Flips a bit of the ledger's file, runs, rebuilds, runs again and audits.
///
/// A run on the damaged file must be refused with instructions, or do no harm; and from the rebuilt ledger no duplicate may follow,
/// nothing that isn't ours may change in the shop, and what is called finished must be.
package struct BitFlips {
    private let crossdock: String

    package init(crossdock: String) { self.crossdock = crossdock }

    package func run(seed: UInt64, trials: Int, progress: (String) -> Void = { _ in }) async throws -> ChaosReport {
        var report = ChaosReport(name: "flips", seed: seed)
        for trial in 0..<trials {
            let mode = ERPConfiguration.Mode.allCases[trial % 3]
            try await self.trial(SeededRandom(seed: seed, number: trial), mode, &report)
            if trial % 100 == 99 { progress("\(trial + 1) trials, \(report.violations.count) violations") }
        }
        return report
    }

    /// The ledger knows orders at every stage: a kill stops the first run in the middle.
    private func trial(_ random: SeededRandom, _ mode: ERPConfiguration.Mode, _ report: inout ChaosReport) async throws {
        var random = random
        let seed = random.next()
        let site = try await Site(Site.Plan(mode: mode, seed: seed, concurrency: 2), crossdock: crossdock)
        try await site.prepare()
        site.erp.addFault(FaultRule(method: "POST", skip: 1 + random.below(3), times: 1, action: .applyThenDrop))
        site.erp.addFault(FaultRule(action: .delay(milliseconds: 10, .after)))
        let first = try site.start(["sync"])
        let limit = ContinuousClock.now + .seconds(10)
        let posts = random.below(7), pause = random.below(60)
        while first.isRunning, (site.erp.requestCounts["POST orders"] ?? 0) < posts, ContinuousClock.now < limit {
            try await Task.sleep(for: .milliseconds(1))
        }
        try await Task.sleep(for: .milliseconds(pause))
        first.send(SIGKILL)
        _ = try await first.waitForEnd()
        site.erp.clearFaults()
        // A writer that closes takes the log into the file, so that the flip meets what counts.
        if try await site.run("ledger", "prune").status != 0 { _ = try await site.run("sync") }
        let known = try await site.standings().keys
        let place = try flip(site.folder + "/ledger.db", &random)
        report.count("trials")
        let damaged = try await site.run("sync")
        report.count(verdict(damaged))
        var violations = harm(damaged)
        let rebuilt = try await site.run("ledger", "rebuild", "--json")
        report.count(rebuilt.status == 2 ? "nothing to rebuild" : "rebuilt")
        if ![0, 1, 2].contains(rebuilt.status) { violations.append("rebuild ended with \(ending(rebuilt))") }
        if [0, 1].contains(rebuilt.status) {
            violations += untold(known, try await site.standings().keys, rebuilt, &report)
        }
        try await site.quiet()
        let audit = try await Audit(site)
        violations += audit.duplicates + audit.lies
        let verified = try await site.run("ledger", "verify")
        if verified.status != 0 { violations.append("the rebuilt ledger isn't whole: \(verified.output)\(verified.errors)") }
        report.count("orders finished", audit.standings.values.count { $0.standing == "finished" })
        report.count("orders left to a person", audit.standings.values.count { $0.standing == "quarantined" })
        await report.conclude(site, violations, context: "class \(mode.rawValue), trial seed \(seed), \(place)")
    }

    /// - Returns: where, in words.
    private func flip(_ path: String, _ random: inout SeededRandom) throws -> String {
        let url = URL(fileURLWithPath: path)
        var bytes = try Data(contentsOf: url)
        // Zeros are mostly room that nothing uses yet: every other flip falls on something.
        var offset = random.below(bytes.count)
        if random.below(2) == 0 { while bytes[offset] == 0 { offset = (offset + 1) % bytes.count } }
        let bit = random.below(8)
        bytes[offset] ^= 1 << UInt8(bit)
        // In place: the file stays the same one, with its mode.
        let handle = try FileHandle(forWritingTo: url)
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: bytes[offset..<offset + 1])
        try handle.close()
        return "bit \(bit) of byte \(offset)"
    }

    /// What the rebuilt ledger lacks, and its report doesn't say.
    private func untold(
        _ known: some Collection<Int>, _ restored: some Collection<Int>, _ rebuilt: ChildProgram.Ending,
        _ report: inout ChaosReport
    ) -> [String] {
        guard let told = try? JSONValue(parsing: rebuilt.output), let lost = told["lost"]?.arrayValue,
            let doubtful = told["start_anew"]?.arrayValue
        else { return ["rebuild doesn't say what it did: \(rebuilt.output)"] }
        let isUnreadable = told["unreadable"]?.stringValue != nil
        report.count("orders told to be lost", lost.count)
        report.count("orders told to start anew", doubtful.count)
        if isUnreadable { report.count("ledgers told to be unreadable") }
        var violations: [String] = []
        let missing = known.filter { !restored.contains($0) }.sorted()
        if missing.count > lost.count, !isUnreadable {
            violations.append("the rebuilt ledger lacks \(missing), and the report names \(lost.count) as lost")
        }
        let isComplete = lost.isEmpty && doubtful.isEmpty && !isUnreadable
        if (rebuilt.status == 0) != isComplete {
            violations.append("rebuild ended with \(ending(rebuilt)) and said \(told.compactText)")
        }
        return violations
    }

    private func verdict(_ damaged: ChildProgram.Ending) -> String {
        switch damaged.status {
        case 0, 1: "runs that did their work all the same"
        case 75, 78: "runs that were refused"
        default: "runs that ended otherwise"
        }
    }

    private func harm(_ damaged: ChildProgram.Ending) -> [String] {
        switch damaged.status {
        case 0?, 1?: return []
        // A bit in a stored circuit or limiter may make the run wait for a remote.
        case 69?: return []
        case 75?, 78?:
            let instructs = ["ledger rebuild", "ledger verify", "name another"].contains { damaged.errors.contains($0) }
            return instructs ? [] : ["refused without instructions: \(damaged.errors)"]
        default: return ["the run on the damaged file ended with \(ending(damaged))"]
        }
    }

    private func ending(_ ending: ChildProgram.Ending) -> String {
        "\(ending.status.map(String.init) ?? "a signal"): \(ending.errors.suffix(600))"
    }
}
