import Ledger
import OrderFlow
import Orders

/// How many messages of ERPs stand where, and those that somebody may have to look at.
struct MessageSummary {
    let counts: [MessageCount]
    /// The oldest that aren't handled.
    let open: [MessageRow]

    static let openMax = 20

    var isEmpty: Bool { counts.isEmpty }

    func tables(_ time: (String) -> ShopTime?) -> [Table] {
        var sums = Table("FLOW", "MESSAGES OF THE ERP", "NUMBER")
        for count in counts { sums.add(count.flow, count.state.rawValue, String(count.count)) }
        var rows = Table("CAME IN", "FLOW", "MESSAGE", "STANDS", "WHY")
        for row in open {
            rows.add(
                time(row.flow)?.text(row.receivedAt) ?? String(row.receivedAt.milliseconds), row.flow, row.id,
                row.state.rawValue, row.sentence)
        }
        return [sums, rows]
    }

    var json: JSONValue {
        let counts: [JSONValue] = counts.map { count in
            ["flow": .text(count.flow), "state": .text(count.state.rawValue), "messages": .integer(count.count)]
        }
        return ["counts": .array(counts), "open": .array(open.map(\.json))]
    }
}

extension MessageRow {
    var json: JSONValue {
        let findings: [JSONValue] = findings.map { finding in
            [
                "order_id": finding.order.map { .integer($0.orderID) } ?? .null, "reason": .text(finding.reason.rawValue),
                "sentence": .text(finding.sentence),
            ]
        }
        return [
            "message": .text(id), "flow": .text(flow), "received_at_ms": .integer(receivedAt.milliseconds),
            "bytes": bytes.map { .integer($0) } ?? .null, "state": .text(state.rawValue), "sentence": .text(sentence),
            "tries": .integer(tries), "next_try_at_ms": dueAt.map { .integer($0.milliseconds) } ?? .null,
            "findings": .array(findings),
        ]
    }
}
