import Engine
import Ledger
import OrderFlow
import Orders

/// Tells what the service does: a line for each run that did something, and each event as JSON for machines.
struct ServicePrinter: Sendable {
    let printsJSON: Bool

    func listens(at url: String, health: String) {
        if printsJSON {
            Output.json(["event": "listening", "url": .text(url), "health": .text(url + health)])
        } else {
            Output.line("listening on \(url); health under \(health)")
        }
    }

    func tell(_ event: FlowService.Event) {
        switch event {
        case .ran(let report, let missed):
            if missed > 0, !printsJSON {
                Output.line("\(report.flow): this run makes up for \(missed.counted("missed tick")) as well")
            }
            summary(report)
        case .tended(let report):
            guard report.counts.lookedAt > 0 || report.stop != nil else { return }
            summary(report)
        case .skipped(let flow, let ticks, let byOther):
            if printsJSON {
                Output.json([
                    "event": "skipped", "flow": .text(flow), "ticks": .integer(ticks), "by_other_process": .bool(byOther),
                ])
            } else {
                let why = byOther ? "another run of this flow is active" : "the run before took that long"
                Output.line("\(flow): \(ticks.counted("tick")) skipped, \(why)")
            }
        }
    }

    private func summary(_ report: FlowRun.Report) {
        let didNothing = report.counts.new == 0 && report.counts.lookedAt == 0 && report.stop == nil && report.withoutID.isEmpty
        guard printsJSON || !didNothing else { return }
        RunSummary(reports: [report], counts: [], isDryRun: false, wasStopped: false, requests: nil).print(json: printsJSON)
    }

    func ended() {
        if printsJSON { Output.json(["event": "ended"]) } else { Output.line("stopped on request; the next start carries on") }
    }
}
