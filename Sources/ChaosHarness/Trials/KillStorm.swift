import Glibc
package import Simulators
import TestSupport

/// Kills the binary at random moments, and again while it recovers; then lets it finish in peace and audits.
package struct KillStorm {
    private let crossdock: String
    private let modes: [ERPConfiguration.Mode]
    private let isBelievedToEnforceKeys: Bool
    private let killsInARound = 20

    /// - Parameter isBelievedToEnforceKeys: the configuration promises class K whatever the ERP does: the audit must find out.
    package init(
        crossdock: String, modes: [ERPConfiguration.Mode] = ERPConfiguration.Mode.allCases, isBelievedToEnforceKeys: Bool = false
    ) {
        self.crossdock = crossdock
        self.modes = modes
        self.isBelievedToEnforceKeys = isBelievedToEnforceKeys
    }

    /// - Parameter kills: so many, in rounds over all sink classes; runs that ended before their kill aren't among them.
    package func run(seed: UInt64, kills: Int, progress: (String) -> Void = { _ in }) async throws -> ChaosReport {
        var report = ChaosReport(name: "kills", seed: seed)
        var round = 0
        while report["kills"] < kills {
            let mode = modes[round % modes.count]
            try await self.round(
                SeededRandom(seed: seed, number: round), mode, of: min(killsInARound, kills - report["kills"]), &report)
            round += 1
            if round.isMultiple(of: 25) { progress("\(report["kills"]) kills, \(report.violations.count) violations") }
        }
        return report
    }

    private func round(_ random: SeededRandom, _ mode: ERPConfiguration.Mode, of kills: Int, _ report: inout ChaosReport)
        async throws
    {
        var random = random
        let seed = random.next()
        let plan = Site.Plan(mode: mode, promised: isBelievedToEnforceKeys ? .key : mode, seed: seed)
        let site = try await Site(plan, crossdock: crossdock)
        try await site.prepare()
        addFaults(to: site, &random)
        report.count("rounds of class \(mode.rawValue)")
        // A run's length isn't known: where it ends before its kill, later kills come sooner, and where it is killed before it asked
        // anybody for anything, as on a machine that has much else to do, later.
        var longestMilliseconds = 250
        for _ in 0..<kills {
            let requestsBefore = requests(at: site)
            let process = try site.start(["sync"])
            let delay = random.below(max(4, longestMilliseconds))
            try await Task.sleep(for: .milliseconds(delay))
            if !process.isRunning {
                longestMilliseconds = max(30, delay)
                report.count("runs that ended before their kill")
            }
            process.send(SIGKILL)
            // One that ended by itself meanwhile wasn't killed, and doesn't count.
            if try await process.waitForEnd().wasKilled {
                report.count("kills")
                if requests(at: site) > requestsBefore {
                    report.count("kills after the first request")
                } else {
                    longestMilliseconds = min(longestMilliseconds * 5 / 4 + 1, 5000)
                }
            }
            if random.below(8) == 0 { site.shop.expireTokens() }
        }
        try await site.quiet()
        let audit = try await Audit(site)
        report.count("orders finished", audit.standings.values.count { $0.standing == "finished" })
        report.count("orders left to a person", audit.standings.values.count { $0.standing == "quarantined" })
        report.count("ERP orders", site.erp.orders.count)
        var violations = audit.violations()
        if try await site.run("ledger", "verify").status != 0 { violations.append("the ledger isn't whole") }
        await report.conclude(site, violations, context: "class \(mode.rawValue), round seed \(seed)")
    }

    private func requests(at site: Site) -> Int {
        site.shop.requestCounts.values.reduce(0, +) + site.erp.requestCounts.values.reduce(0, +)
    }

    /// Slow and lossy enough that kills meet every step.
    private func addFaults(to site: Site, _ random: inout SeededRandom) {
        let late = Site.latestEffectMilliseconds - 100
        site.erp.addFault(FaultRule(method: "POST", probability: 0.08, action: .applyThenDrop))
        site.erp.addFault(FaultRule(method: "POST", probability: 0.08, action: .lateEffect(milliseconds: random.below(late))))
        site.erp.addFault(FaultRule(probability: 0.3, action: .delay(milliseconds: 1 + random.below(20), .after)))
        site.erp.addFault(FaultRule(probability: 0.3, action: .delay(milliseconds: 1 + random.below(20), .before)))
        site.shop.addFault(FaultRule(method: "PATCH", probability: 0.05, action: .applyThenDrop))
        site.shop.addFault(FaultRule(method: "PUT", probability: 0.05, action: .applyThenDrop))
        site.shop.addFault(FaultRule(probability: 0.3, action: .delay(milliseconds: 1 + random.below(15), .after)))
    }
}
