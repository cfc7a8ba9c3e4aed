import Engine
import Ledger
import OrderFlow
import Orders

/// Tells what an audit finds, as it finds it.
struct AuditPrinter {
    let isJSON: Bool
    let isDryRun: Bool

    func tell(_ finding: AuditFinding) {
        if isJSON { return Output.json(finding.json) }
        let kind = finding.kind.rawValue
        let name = finding.reference.map { "\($0) (id \(finding.key.orderID))" } ?? "order \(finding.key.orderID)"
        Output.line("\(Style.bad(kind).padded(to: 10, visible: kind.count))\(name)  \(finding.sentence)")
        switch finding.outlook {
        case .settled(let outcome):
            let verdict = outcome.verdict
            let reason = verdict.reason == .finished ? "" : " \(Style.dim(verdict.reason.rawValue))"
            Output.line(
                "    \(isDryRun ? "a run would leave it" : "now") \(verdict.standing.styled)\(reason)  \(verdict.sentence)"
                    + verdict.faultLines)
        case .refused(let why):
            Output.line("    \(why)\(finding.isHarmless ? " It was finished, so there is nothing to do." : "")")
            if finding.kind == .gone, !finding.isHarmless { Output.line("    'crossdock skip' ends it, with a reason.") }
        }
    }

    func tell(_ report: ShopAudit.Report, flow: String) {
        if isJSON {
            Output.json(report.json(flow: flow))
        } else {
            summarize(report, flow)
        }
        complain(of: report, flow)
    }

    private func summarize(_ report: ShopAudit.Report, _ flow: String) {
        let found = AuditFinding.Kind.allCases.compactMap { kind in report.findings[kind].map { "\($0) \(kind.rawValue)" } }
        var parts = [found.isEmpty ? "no difference" : found.joined(separator: ", ")]
        if !isDryRun {
            let mended = report.findingCount - report.needingPerson - report.leftToRuns - report.harmless
            if mended > 0 { parts.append("\(mended) mended") }
            if report.leftToRuns > 0 { parts.append("\(report.leftToRuns) left to the next run") }
            if report.needingPerson > 0 { parts.append("\(report.needingPerson) left to a person") }
        }
        if report.notListedYet > 0 { parts.append("\(report.notListedYet) that the next run takes in") }
        if report.ofOtherFlows > 0 { parts.append("\(report.ofOtherFlows) that the ledger has under another flow") }
        if report.ambiguous > 0 {
            parts.append("\(report.ambiguous) left out, since the shop lists them as placed elsewhere, and as not")
        }
        Output.line("\(flow): the shop lists \(report.listed.counted("order")); \(parts.joined(separator: "; "))")
    }

    private func complain(of report: ShopAudit.Report, _ flow: String) {
        if !report.withoutID.isEmpty {
            let names = report.withoutID.map { $0.isEmpty ? "one without a reference" : $0 }.joined(separator: ", ")
            Output.error("crossdock: \(flow): the shop lists orders without an id, of which nothing can be said: \(names)")
        }
        if let stop = report.stop {
            Output.error("crossdock: \(flow): it ended early: \(stop)")
        } else if !report.isComplete {
            Output.error("crossdock: \(flow): not everything was seen, so there may be more; say it again")
        }
    }
}

extension AuditFinding {
    fileprivate var json: JSONValue {
        var object = JSONObject([
            ("event", "finding"), ("finding", .text(kind.rawValue)), ("flow", .text(flow)),
            ("shop", .text(key.shop)), ("order_id", .integer(key.orderID)), ("reference", .text(reference)),
            ("sentence", .text(sentence)),
        ])
        if let shop {
            object["in_shop"] = ["state": .text(shop.state.rawValue), "erp_order_number": .text(shop.erpOrderNumber)]
        }
        if let row {
            object["in_ledger"] = [
                "standing": .text(row.state.standing.rawValue), "reason": .text(row.state.reason.rawValue),
                "erp_order_number": .text(row.state.erpOrderNumber),
            ]
        }
        switch outlook {
        case .settled(let outcome):
            // Without what would be sent: it holds personal data, and who looks through many orders keeps the output.
            var outlook = outcome.json.objectValue ?? JSONObject()
            outlook["would_send"] = outcome.preview.map { .text($0.title) }
            object["outlook"] = .object(outlook)
        case .refused(let why): object["refused"] = .text(why)
        }
        return .object(object)
    }
}

extension ShopAudit.Report {
    fileprivate func json(flow: String) -> JSONValue {
        var object = JSONObject([
            ("event", "audited"), ("flow", .text(flow)), ("listed", .integer(listed)), ("not_listed_yet", .integer(notListedYet)),
        ])
        for kind in AuditFinding.Kind.allCases { object[kind.rawValue] = .integer(findings[kind] ?? 0) }
        object["need_a_person"] = .integer(needingPerson)
        object["left_to_runs"] = .integer(leftToRuns)
        object["of_other_flows"] = .integer(ofOtherFlows)
        object["ambiguous"] = .integer(ambiguous)
        object["stopped_by"] = .text(stop?.description)
        object["complete"] = .bool(isComplete)
        object["without_id"] = .array(withoutID.map { .text($0) })
        return .object(object)
    }
}
