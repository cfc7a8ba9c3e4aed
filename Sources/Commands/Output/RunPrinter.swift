import CloudSuite
import Engine
import OrderFlow
import Orders
import SinkKit
import Synchronization

/// Tells what a run does while it does it: a line for each order that moved.
final class RunPrinter: RunObserver {
    enum Form { case lines, json }

    private let form: Form
    private let isDryRun: Bool
    private let tellsEmptyLists: Bool

    /// - Parameter tellsEmptyLists: whether a line is worth it where the shop lists nothing new.
    init(_ form: Form, isDryRun: Bool, tellsEmptyLists: Bool = true) {
        self.form = form
        self.isDryRun = isDryRun
        self.tellsEmptyLists = tellsEmptyLists
    }

    func runBegan(flow: String) {}

    func listed(flow: String, total: Int, new: Int) {
        switch form {
        case .lines:
            guard tellsEmptyLists || new > 0 else { return }
            Output.line(Style.dim("\(flow): the shop lists \(total.counted("order")), \(new) of them new"))
        case .json: Output.json(["event": "listed", "flow": .text(flow), "total": .integer(total), "new": .integer(new)])
        }
    }

    func settled(_ outcome: OrderOutcome) {
        switch form {
        case .json: Output.json(outcome.json)
        case .lines:
            guard outcome.isWorthALine || isDryRun else { return }
            Output.line(outcome.line)
            if let preview = outcome.preview { Output.line("    would send: \(preview.title)\n\(preview.text.indented)") }
        }
    }
}

extension OrderOutcome {
    /// Whether anything is different from before.
    fileprivate var isWorthALine: Bool { wasPushed || writes > 0 || !(before?.saysTheSame(as: verdict) ?? false) }

    var title: String { reference ?? "order \(key.orderID)" }

    fileprivate var line: String {
        let number = erpOrderNumber.map { "  \($0)" } ?? ""
        return "\(verdict.standing.styled.padded(to: 12, visible: verdict.standing.rawValue.count))\(title)\(number)  "
            + (verdict.standing == .finished ? "" : "\(Style.dim(verdict.reason.rawValue))  ") + verdict.sentence
            + verdict.faultLines
    }

    var json: JSONValue {
        var object = JSONObject([
            ("event", "order"), ("flow", .text(flow)), ("shop", .text(key.shop)), ("order_id", .integer(key.orderID)),
            ("reference", .text(reference)), ("standing", .text(verdict.standing.rawValue)),
            ("reason", .text(verdict.reason.rawValue)), ("sentence", .text(verdict.sentence)),
            ("faults", .array(verdict.faults.map { ["path": .text($0.path), "message": .text($0.message)] })),
            ("erp_order_number", .text(erpOrderNumber)), ("pushed", .bool(wasPushed)), ("writes", .integer(writes)),
        ])
        if let until = verdict.until { object["next_look_at_ms"] = .integer(until.milliseconds) }
        if let preview { object["would_send"] = ["title": .text(preview.title), "body": preview.json] }
        return .object(object)
    }
}

extension Verdict {
    var faultLines: String { faults.map { "\n    - \($0)" }.joined() }
}

extension Verdict.Standing {
    /// In the colour of its urgency.
    var styled: String {
        switch self {
        case .finished: Style.good(rawValue)
        case .quarantined: Style.bad(rawValue)
        case .held, .waiting: Style.warning(rawValue)
        case .new, .dismissed: Style.dim(rawValue)
        }
    }
}

extension String {
    /// Padded with blanks; `visible` is the length without what a terminal doesn't show.
    func padded(to width: Int, visible: Int) -> String { self + String(repeating: " ", count: max(1, width - visible)) }
}

extension Preview {
    fileprivate var text: String {
        documents.isEmpty ? body.prettyText : documents.map { DocumentText($0.bytes).text }.joined(separator: "\n")
    }

    fileprivate var json: JSONValue {
        guard !documents.isEmpty else { return body }
        return .array(
            documents.map { document in
                [
                    "kind": .text(document.kind.rawValue), "document_number": .text(document.number),
                    "document": .text(DocumentText(document.bytes).text),
                ]
            })
    }
}

extension String {
    fileprivate var indented: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { "      " + $0 }.joined(separator: "\n")
    }
}
