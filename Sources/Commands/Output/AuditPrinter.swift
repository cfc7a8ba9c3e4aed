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
        case .refused(let why): Output.line("    \(why)")
        }
    }

    func tell(_ report: ShopAudit.Report, flow: String) {
        if isJSON { return Output.json(report.json(flow: flow)) }
        let found = AuditFinding.Kind.allCases.compactMap { kind in report.findings[kind].map { "\($0) \(kind.rawValue)" } }
        var parts = [found.isEmpty ? "no difference" : found.joined(separator: ", ")]
        if report.notListedYet > 0 { parts.append("\(report.notListedYet) confirmed since the last run") }
        if !isDryRun, !found.isEmpty {
            parts.append(report.needingPerson == 0 ? "all mended" : "\(report.needingPerson.counted("order")) left to a person")
        }
        Output.line("\(flow): the shop lists \(report.listed.counted("order")); \(parts.joined(separator: "; "))")
        if !report.withoutID.isEmpty {
            let names = report.withoutID.map { $0.isEmpty ? "one without a reference" : $0 }.joined(separator: ", ")
            Output.error("crossdock: \(flow): the shop lists orders without an id, of which nothing can be said: \(names)")
        }
        if !report.isComplete {
            Output.error("crossdock: \(flow): the list wasn't seen to its end, so there may be more; say it again")
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
        case .settled(let outcome): object["outlook"] = outcome.json
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
        object["complete"] = .bool(isComplete)
        object["without_id"] = .array(withoutID.map { .text($0) })
        return .object(object)
    }
}
