import Simulators
import TestSupport

/// Several runs and re-runs at once, as a cron that starts too often and people in a hurry make them.
package struct Overlaps {
    private let crossdock: String

    package init(crossdock: String) { self.crossdock = crossdock }

    package func run(seed: UInt64, rounds: Int) async throws -> ChaosReport {
        var report = ChaosReport(name: "overlaps", seed: seed)
        for round in 0..<rounds {
            let mode = ERPConfiguration.Mode.allCases[round % 3]
            try await self.round(SeededRandom(seed: seed, number: round), mode, &report)
        }
        return report
    }

    private func round(_ random: SeededRandom, _ mode: ERPConfiguration.Mode, _ report: inout ChaosReport) async throws {
        var random = random
        let seed = random.next()
        let site = try await Site(Site.Plan(mode: mode, seed: seed), crossdock: crossdock)
        try await site.prepare()
        // Makes the ledger, so that no start is about that, and every row.
        site.erp.addFault(FaultRule(action: .delay(milliseconds: 30 + random.below(50), .after)))
        site.shop.addFault(FaultRule(probability: 0.3, action: .delay(milliseconds: random.below(30), .after)))
        var violations: [String] = []
        var syncs: [ChildProgram] = []
        var reruns: [ChildProgram] = []
        let ids = site.before.keys.sorted()
        for _ in 0..<4 {
            syncs.append(try site.start(["sync"]))
            try await Task.sleep(for: .milliseconds(random.below(60)))
            reruns.append(try site.start(["rerun", String(random.pick(ids))]))
        }
        for run in syncs {
            let ending = try await run.waitForEnd()
            report.count("syncs that ended with \(ending.status.map(String.init) ?? "a signal")")
            if ![0, 1, 75].contains(ending.status) {
                violations.append("a sync ended with \(ending.status ?? -1): \(ending.errors)")
            }
            if ending.status == 75, !ending.errors.contains("another run of this flow is active") {
                violations.append("a sync ended with 75: \(ending.errors)")
            }
        }
        for run in reruns {
            let ending = try await run.waitForEnd()
            report.count("reruns that ended with \(ending.status.map(String.init) ?? "a signal")")
            if ![0, 1].contains(ending.status) {
                violations.append("a rerun ended with \(ending.status ?? -1): \(ending.errors)")
            }
        }
        try await site.quiet()
        let audit = try await Audit(site)
        violations += audit.violations()
        report.count("rounds")
        report.count("orders finished", audit.standings.values.count { $0.standing == "finished" })
        await report.conclude(site, violations, context: "class \(mode.rawValue), round seed \(seed)")
    }
}
