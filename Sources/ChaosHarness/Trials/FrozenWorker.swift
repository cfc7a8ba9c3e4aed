import Glibc
import Simulators
import TestSupport

/// Freezes a run past its lease while another takes its orders over, then thaws it: it must notice, and write nothing.
///
/// The holder of a claim that is known to live keeps it until the lease is over, so the lease is set short here. A worker that was
/// frozen with a request already on its way can't take it back: against an ERP without keys only a lease longer than any freeze
/// helps, and class L and N are therefore frozen in the reading part of their work.
package struct FrozenWorker {
    private let crossdock: String
    private static let leaseMilliseconds = 1200

    package init(crossdock: String) { self.crossdock = crossdock }

    package func run(seed: UInt64, rounds: Int) async throws -> ChaosReport {
        var report = ChaosReport(name: "freeze", seed: seed)
        for round in 0..<rounds {
            let mode = ERPConfiguration.Mode.allCases[round % 3]
            try await self.round(SeededRandom(seed: seed, number: round), mode, &report)
        }
        return report
    }

    private func round(_ random: SeededRandom, _ mode: ERPConfiguration.Mode, _ report: inout ChaosReport) async throws {
        var random = random
        let seed = random.next()
        let plan = Site.Plan(mode: mode, orders: 3, seed: seed, settings: "lease: \(Self.leaseMilliseconds)ms")
        let site = try await Site(plan, crossdock: crossdock)
        try await site.prepare()
        let slow = 40 + random.below(60)
        site.shop.addFault(FaultRule(method: "GET", kind: "order", action: .delay(milliseconds: slow, .after)))
        site.erp.addFault(FaultRule(method: "POST", action: .delay(milliseconds: slow, .after)))
        let frozen = try site.start(["sync"])
        // Any moment for K; for the others before the first post, which can't be called back.
        let limit = ContinuousClock.now + .milliseconds(mode == .key ? 50 + random.below(600) : 2000)
        while ContinuousClock.now < limit, frozen.isRunning {
            let reads = site.shop.requestCounts["GET order"] ?? 0
            if mode != .key, reads > 0 { break }
            try await Task.sleep(for: .milliseconds(1))
        }
        frozen.send(SIGSTOP)
        let sentBefore = site.erp.requestCounts["POST orders"] ?? 0
        try await Task.sleep(for: .milliseconds(Self.leaseMilliseconds + 200))
        // The frozen run still has the pull lock: others come by the orders themselves, as people's re-runs do.
        var violations: [String] = []
        for id in site.before.keys.sorted() {
            let ending = try await site.run("rerun", String(id))
            report.count("reruns that ended with \(ending.status.map(String.init) ?? "a signal")")
        }
        let other = try await site.run("sync")
        report.count("syncs beside it that ended with \(other.status.map(String.init) ?? "a signal")")
        frozen.send(SIGCONT)
        let ending = try await frozen.waitForEnd()
        report.count("frozen runs that ended with \(ending.status.map(String.init) ?? "a signal")")
        report.count("rounds")
        if sentBefore > 0 { report.count("rounds frozen with a create sent") }
        if ending.status == nil { violations.append("the frozen run was killed by a signal") }
        try await site.quiet()
        let audit = try await Audit(site)
        violations += audit.violations()
        report.count("orders finished", audit.standings.values.count { $0.standing == "finished" })
        await report.conclude(site, violations, context: "class \(mode.rawValue), round seed \(seed)")
    }
}
