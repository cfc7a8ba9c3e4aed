import Engine
import Ledger
import OrderFlow
import Orders

/// What a sync came to, over its flows.
struct RunSummary {
    let reports: [FlowRun.Report]
    let counts: [StandingCount]
    let isDryRun: Bool
    let wasStopped: Bool
    /// To all remotes; `nil`: they weren't counted for these flows alone.
    let requests: Int?

    var status: ExitStatus {
        let stops = reports.compactMap { $0.stop.map { ExitStatus($0) } }
        let deferred: [ExitStatus] = reports.contains { $0.deferred > 0 } ? [.unavailable] : []
        let people: [ExitStatus] =
            reports.contains { $0.counts.newlyQuarantined > 0 || !$0.withoutID.isEmpty } ? [.needsPerson] : []
        return (stops + deferred + people + (wasStopped ? [.tryLater] : [])).max() ?? .done
    }

    func print(json: Bool) {
        if json {
            Output.json(self.json)
            return
        }
        for report in reports { Output.line(text(report)) }
        for report in reports where report.stop != nil {
            Output.error("crossdock: flow '\(report.flow)' ended early: \(report.stop?.description ?? "")")
        }
        for report in reports { report.withoutIDWords.map { Output.error("crossdock: flow '\(report.flow)': \($0)") } }
        if wasStopped { Output.error("crossdock: stopped on request; the next run carries on") }
    }

    private func text(_ report: FlowRun.Report) -> String {
        let counts = report.counts
        if isDryRun {
            return "\(report.flow): a dry run; \(counts.lookedAt.counted("order")) looked at, nothing was written anywhere"
        }
        var text =
            "\(Style.bold(report.flow)): \(counts.lookedAt) looked at, \(counts.pushed) pushed, \(counts.finished) finished"
        if counts.newlyQuarantined > 0 { text += ", " + Style.bad("\(counts.newlyQuarantined) newly need a person") }
        if report.deferred > 0 { text += ", \(report.deferred) left for later" }
        if counts.writes == 0, report.stop == nil { text += "; nothing was written to the shop or the ERP" }
        let standings = Verdict.Standing.allCases.compactMap { standing in
            let count = self.counts.filter { $0.flow == report.flow && $0.standing == standing }.reduce(0) { $0 + $1.count }
            return count > 0 ? "\(count) \(standing.rawValue)" : nil
        }
        return standings.isEmpty ? text : text + "\n  all known orders: " + standings.joined(separator: ", ")
    }

    private var json: JSONValue {
        let flows: [JSONValue] = reports.map { report in
            let counts = report.counts
            return [
                "flow": .text(report.flow), "listed": .integer(counts.listed), "new": .integer(counts.new),
                "looked_at": .integer(counts.lookedAt), "pushed": .integer(counts.pushed), "finished": .integer(counts.finished),
                "newly_quarantined": .integer(counts.newlyQuarantined), "writes": .integer(counts.writes),
                "deferred": .integer(report.deferred), "ended_early": .text(report.stop?.description),
                "listed_without_id": .array(report.withoutID.map { .text($0) }),
            ]
        }
        var object = JSONObject([
            ("event", "summary"), ("dry_run", .bool(isDryRun)), ("exit_status", .integer(status.rawValue)),
        ])
        if let requests { object["requests"] = .integer(requests) }
        object["flows"] = .array(flows)
        return .object(object)
    }
}
