import Foundation
package import Simulators
import TestSupport

/// Strikes one system call of a three-order run after the other: at the n-th write, sync, open, connect, send, receive … of every
/// kind that the binary makes, it is killed, or the call fails; then it finishes in peace, and is audited.
///
/// n grows from 1 until a run passes without such a call. Errors meet the thread that makes its n-th call first, for strace counts in each
/// thread for itself; kills leave no call out, whichever thread makes it. Class K begins without a ledger, L and N with one that is there.
package struct StruckCalls {
    private let crossdock: String
    private let killer: String
    private let modes: [ERPConfiguration.Mode]

    /// - Parameter killer: the path of `crossdock-strike`.
    package init(crossdock: String, killer: String, modes: [ERPConfiguration.Mode] = ERPConfiguration.Mode.allCases) {
        self.crossdock = crossdock
        self.killer = killer
        self.modes = modes
    }

    /// The classes at once: most of a round is waiting.
    ///
    /// - Parameter step: of all calls of all kinds under all harms, taken in turn, every such is struck; 1: none is left out.
    /// - Throws: ``HarnessFault`` where no process may be traced.
    package func run(seed: UInt64, step: Int = 1, progress: @escaping @Sendable (String) -> Void = { _ in }) async throws
        -> ChaosReport
    {
        try await StruckCall.requireTracing()
        return try await withThrowingTaskGroup(of: (Int, ChaosReport).self) { group in
            for (place, mode) in modes.enumerated() {
                group.addTask { (place, try await run(mode, seed, step, progress)) }
            }
            let reports = try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
            return reports.reduce(into: ChaosReport(name: "calls", seed: seed)) { $0.add($1.1) }
        }
    }

    private func run(
        _ mode: ERPConfiguration.Mode, _ seed: UInt64, _ step: Int, _ progress: @Sendable (String) -> Void
    ) async throws -> ChaosReport {
        var report = ChaosReport(name: "calls", seed: seed)
        let counted = try await census(mode, seed)
        let unused = counted.filter { $0.all == 0 }.map(\.kind.name)
        report.note("class \(mode.rawValue): a run makes no \(unused.joined(separator: ", "))")
        var turn = 0
        for count in counted where count.all > 0 {
            let killedAt = try await strikeAll(count, mode, seed, every: step, &turn, &report)
            report.note(
                "class \(mode.rawValue), \(count.kind.name): killed at \(killedAt) different calls of \(count.all) in a run")
            progress("class \(mode.rawValue), \(count.kind.name): \(report["runs"]) runs, \(report.violations.count) violations")
        }
        return report
    }

    /// - Returns: at how many different calls of a run it was killed.
    private func strikeAll(
        _ counted: Counted, _ mode: ERPConfiguration.Mode, _ seed: UInt64, every step: Int, _ turn: inout Int,
        _ report: inout ChaosReport
    ) async throws -> Int {
        var killedAt: Set<Int> = []
        for harm in counted.kind.harms {
            // Beyond the count: threads share their work differently from run to run, and what they find to do.
            let expected = harm == .kill ? counted.all : counted.inOneThread
            for number in 1... where number > expected || turn.isNext(every: step) {
                if number > expected, step > 1 { break }
                let log = try await strike(StruckCall(kind: counted.kind, harm: harm, number: number), mode, seed, &report)
                if log.isStruck {
                    report.count("\(counted.kind.name) struck by \(harm.rawValue)")
                    if harm == .kill { killedAt.insert(log.count(counted.kind)) }
                } else if number > expected {
                    break
                }
            }
        }
        return killedAt.count
    }

    private typealias Counted = (kind: StruckCall.Kind, all: Int, inOneThread: Int)

    /// What an undisturbed run makes of each kind.
    private func census(_ mode: ERPConfiguration.Mode, _ seed: UInt64) async throws -> [Counted] {
        var counted: [Counted] = []
        for kinds in [StruckCall.Kind.all.filter(\.touchesFiles), StruckCall.Kind.all.filter { !$0.touchesFiles }] {
            let site = try await makeSite(mode, seed)
            let path = site.folder + "/calls"
            let ending = try await site.start(
                ["sync"], wrapper: StruckCall.words(kinds, killer: killer, log: path, files: site.files)
            )
            .waitForEnd()
            guard ending.status == 0 else { throw HarnessFault("a run that isn't struck fails: \(ending.errors)") }
            let log = CallLog(try String(contentsOfFile: path, encoding: .utf8))
            counted += kinds.map { ($0, log.count($0), log.countInOneThread($0)) }
            await site.close()
        }
        return counted
    }

    private func makeSite(_ mode: ERPConfiguration.Mode, _ seed: UInt64) async throws -> Site {
        let site = try await Site(Site.Plan(mode: mode, orders: 3, seed: seed), crossdock: crossdock)
        if mode != .key { try await site.makeLedger() }
        return site
    }

    private func strike(
        _ call: StruckCall, _ mode: ERPConfiguration.Mode, _ seed: UInt64, _ report: inout ChaosReport
    ) async throws -> CallLog {
        let site = try await makeSite(mode, seed)
        let path = site.folder + "/calls"
        let ending = try await site.start(["sync"], wrapper: call.wrapper(killer: killer, log: path, files: site.files))
            .waitForEnd()
        let log = CallLog(try String(contentsOfFile: path, encoding: .utf8))
        report.count("runs")
        report.count("runs that ended with \(ending.status.map(String.init) ?? "a signal")")
        var violations = wrong(ending, call.harm)
        try await site.quiet()
        let audit = try await Audit(site)
        violations += audit.violations()
        if try await site.run("ledger", "verify").status != 0 { violations.append("the ledger isn't whole") }
        report.count("orders finished", audit.standings.values.count { $0.standing == "finished" })
        report.count("orders left to a person", audit.standings.values.count { $0.standing == "quarantined" })
        await report.conclude(
            site, violations, context: "class \(mode.rawValue), \(call.harm.rawValue) at \(call.kind.name) \(call.number)")
        return log
    }

    /// A struck run ends by the kill, or with a status that its caller can make something of, and says why.
    private func wrong(_ ending: ChildProgram.Ending, _ harm: StruckCall.Harm) -> [String] {
        switch ending.status {
        case 0?, 1?: []
        case 69?, 75?, 78?: ending.errors.isEmpty ? ["the run ended with \(ending.status ?? -1) and no word"] : []
        case nil where harm == .kill: []
        default: ["the run ended with \(ending.status.map(String.init) ?? "a signal"): \(ending.errors.suffix(600))"]
        }
    }
}

extension Int {
    /// Counts on; whether it is the turn of the one that is taken out of so many.
    fileprivate mutating func isNext(every step: Int) -> Bool {
        self += 1
        return isMultiple(of: step)
    }
}
