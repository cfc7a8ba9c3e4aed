import CloudSuite
import Engine
import Ledger
import OrderFlow
import Orders
import SinkKit

/// An order explained: the same decision function that drives the engine, printed.
struct OrderStory {
    let row: OrderRow
    let flow: Flow
    let entries: [JournalEntry]
    /// Its documents, as the ledger numbers them.
    let documents: [DocumentRow]
    /// What the ERP sent by itself and says something of it.
    let messages: [MessageRow]
    let now: Timestamp

    private var progress: OrderProgress { OrderProgress(entries) }
    private var time: ShopTime { ShopTime(clock: flow.shop.settings.clock) }

    var text: String {
        let progress = progress
        var lines = [
            Style.bold(row.state.reference ?? "order \(row.key.orderID)")
                + "   id \(row.key.orderID), webshop \(row.state.webshop.map(String.init) ?? "?"), shop \(row.key.shop), flow \(row.flow)",
            "",
            field("in the ERP", answer(progress)),
            field("stands", "\(row.state.standing.styled) (\(row.state.reason.rawValue)): \(row.state.sentence)"),
        ]
        for fault in progress.verdict?.faults ?? [] { lines.append(field("", "- \(fault)")) }
        if let receipt = progress.receipt { lines.append(field("ERP order", describe(receipt))) }
        if let reading = progress.reading { lines.append(field("in the shop", describe(reading))) }
        for document in documents { lines.append(field("document \(document.id)", describe(document))) }
        lines.append(field("next", next.words))
        lines += ["", Style.bold("Story") + Style.dim("   times in \(flow.shop.settings.clock.zoneName)")]
        lines += events.map { "  \(time.fineText($0.at))  \($0.words)" }
        return lines.joined(separator: "\n")
    }

    /// What happened, oldest first; a message stands where it came in, what it changed where it was taken in.
    private var events: [(at: Timestamp, words: String)] {
        let words = EntryText(time: time, documents: documents)
        var events = [(at: row.firstListedAt, words: "listed by the shop for the first time")]
        events += entries.map { ($0.at, words.describe($0.event)) }
        events += messages.flatMap { message in
            message.findings.filter { $0.order == row.key }.map { finding in
                (message.receivedAt, "message \(message.id) came in (\(finding.reason.rawValue)): \(finding.sentence)")
            }
        }
        // Sorting is stable: what the journal says of one instant stays in its order.
        return events.sorted { $0.at < $1.at }
    }

    private func field(_ name: String, _ text: String) -> String {
        "  \(Style.dim(name.padded(to: 13, visible: name.count)))\(text)"
    }

    private func answer(_ progress: OrderProgress) -> String {
        if progress.isListedOffline { return "no, and it never goes there: it was placed elsewhere" }
        if let receipt = progress.receipt { return Style.good("yes, as \(receipt.erpOrderNumber)") }
        if progress.openIntent != nil { return Style.warning("not known: a create was sent and its outcome isn't known") }
        if progress.ticket != nil { return Style.warning("not yet: the ERP is still working on it") }
        return Style.warning("no")
    }

    private func describe(_ receipt: SinkReceipt) -> String {
        let numbers = receipt.lines.map { line in
            let outcome = line.outcome == .accepted ? "" : " (\(line.outcome.rawValue))"
            return "\(line.lineKey) → \(line.erpLineNumber.map(String.init) ?? "no number")\(outcome)"
        }
        if numbers.isEmpty { return "\(receipt.erpOrderNumber), \(receipt.state.rawValue); it tells nothing of its lines" }
        let shown = numbers.prefix(8).joined(separator: ", ") + (numbers.count > 8 ? " and \(numbers.count - 8) more" : "")
        return "\(receipt.erpOrderNumber), \(receipt.state.rawValue); lines \(shown)"
    }

    private func describe(_ reading: OrderReading) -> String {
        // Of what can't be used, nothing but its state is kept.
        guard reading.faults.isEmpty else {
            return "state \(reading.state.rawValue)" + Style.dim("  (read \(time.text(reading.beganAt)))")
        }
        let parts = [
            "state \(reading.state.rawValue)", "payment \(reading.payment?.rawValue ?? "none given")",
            "shipment \(reading.shipment?.rawValue ?? "none given")", "ERP number \(reading.erpOrderNumber ?? "none")",
        ]
        return parts.joined(separator: ", ") + Style.dim("  (read \(time.text(reading.beganAt)))")
    }

    private func describe(_ document: DocumentRow) -> String {
        let (record, status) = (document.record, document.status)
        return "\(record.kind.rawValue) \(record.number), about \(record.cause.words): \(status.state.rawValue)"
            + Style.dim("  (since \(time.text(status.since)))")
    }

    private var next: NextStep { NextStep(row: row, documents: documents, time: time, now: now) }

    var json: JSONValue {
        let progress = progress
        var object = JSONObject([
            ("reference", .text(row.state.reference)), ("order_id", .integer(row.key.orderID)), ("shop", .text(row.key.shop)),
            ("flow", .text(row.flow)), ("webshop", row.state.webshop.map { .integer($0) } ?? .null),
            ("in_erp", progress.receipt != nil ? true : progress.openIntent != nil ? .null : false),
            ("erp_order_number", .text(row.state.erpOrderNumber)), ("standing", .text(row.state.standing.rawValue)),
            ("reason", .text(row.state.reason.rawValue)), ("sentence", .text(row.state.sentence)),
            ("faults", .array((progress.verdict?.faults ?? []).map { ["path": .text($0.path), "message": .text($0.message)] })),
            ("next", .text(next.words)), ("next_look_at_ms", row.state.dueAt.map { .integer($0.milliseconds) } ?? .null),
            ("first_listed_at_ms", .integer(row.firstListedAt.milliseconds)),
        ])
        object["messages"] = .array(messages.map(\.json))
        object["journal"] = .array(
            entries.map { entry in
                [
                    "sequence": .integer(entry.sequence), "at_ms": .integer(entry.at.milliseconds),
                    "kind": .text(entry.event.kind.rawValue), "body": .object(entry.event.body),
                ]
            })
        return .object(object)
    }
}
