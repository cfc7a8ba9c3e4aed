import Orders
import SinkKit

/// What was sent out.
enum ShipmentRules {
    static let all = [
        SinkRule("shipments.none", "of an order that nobody has sent out, no shipment is told", none),
        SinkRule("shipments.partial", "a partial shipment is told with its line and quantity, and the line stays open", partial),
        SinkRule("shipments.unchanged", "what was told is told again unchanged, before what is new", unchanged),
    ]

    static func none(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let (order, receipt) = try await made(trial)
        let told = try await told(order, receipt, trial)
        try trial.expect(
            told.shipments.isEmpty && told.closedLines.isEmpty && !told.isCancelled, "no shipments, no closed lines",
            seen: words(told),
            hint: "What is planned, picked or printed hasn't left. A closed line is never waited for again.")
        return "none"
    }

    static func partial(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let (order, receipt) = try await made(trial)
        let (first, second) = (order.order.lines[0].key, order.order.lines[1].key)
        try await ship(first, "4", order, receipt, trial)
        let told = try await told(order, receipt, trial)
        try trial.expect(
            told.shipments.count == 1 && contents(told) == ["\(first) 4"], "one shipment, with 4 of \(first)", seen: words(told),
            hint: "Lines are named by OrderLine.key, quantities are what this package holds, in the order line's unit.")
        try trial.expect(
            told.closedLines.isEmpty, "no line is closed: of \(first) 6 are left, of \(second) all", seen: words(told),
            hint: "A line is closed when nothing more of it will be sent out.")
        try trial.expect(
            told.shipments.allSatisfy { !$0.id.isEmpty && hasZone($0.shippedAt) }, "an id, and a time with a zone",
            seen: words(told), hint: "The numbers of documents derive from the id; times are ISO 8601 with a zone.")
        try await ship(first, "6", order, receipt, trial)
        let rest = try await self.told(order, receipt, trial)
        try trial.expect(
            rest.closedLines == [first], "\(first) is closed once all 10 were sent out, \(second) isn't", seen: words(rest),
            hint: "Crossdock finishes an order when its last line is closed.")
        return words(rest)
    }

    static func unchanged(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let (order, receipt) = try await made(trial)
        let line = order.order.lines[0].key
        try await ship(line, "1", order, receipt, trial)
        let first = try await told(order, receipt, trial)
        guard first.shipments.count == 1 else { throw .notRun("the shipment isn't told: \(words(first)); see shipments.partial") }
        try await same(first, try await told(order, receipt, trial), "asked again", trial)
        try await trial.restart()
        try await same(first, try await told(order, receipt, trial), "asked after a restart", trial)
        try await ship(line, "2", order, receipt, trial)
        let both = try await told(order, receipt, trial)
        try trial.expect(
            both.shipments.count == 2 && both.shipments[0] == first.shipments[0], "the first shipment unchanged, then the second",
            seen: words(both), hint: "A shipment that was told once is told unchanged for as long as anybody asks, oldest first.")
        try trial.expect(
            Set(both.shipments.map(\.id)).count == both.shipments.count, "an id for each shipment", seen: words(both),
            hint: "Shipment ids never name another shipment.")
        return words(both)
    }

    private static func same(
        _ first: SinkShipments, _ again: SinkShipments, _ when: String, _ trial: SinkTrial
    ) async throws(RuleEnd) {
        try trial.expect(
            again == first, "\(when), the same: \(json(first))", seen: json(again),
            hint: "A document was made of it: a shipment that changes afterwards is a second one for the receiver.")
    }

    // MARK: Means

    private static func made(_ trial: SinkTrial) async throws(RuleEnd) -> (SinkOrder, SinkReceipt) {
        guard try await trial.capabilities().tellsShipments else {
            throw .notApplicable("the sink doesn't say that it tells shipments")
        }
        var lines = trial.target.sample.lines(2)
        (lines[0].quantity, lines[1].quantity) = ("10", "3")
        let order = try trial.order(lines)
        return (order, try await trial.made(order))
    }

    private static func ship(
        _ line: String, _ quantity: String, _ order: SinkOrder, _ receipt: SinkReceipt, _ trial: SinkTrial
    ) async throws(RuleEnd) {
        guard let warehouse = trial.target.warehouse else {
            throw .notRun("nobody told the kit how goods are sent out in this ERP")
        }
        do {
            let sent = SinkShippedLine(lineKey: line, quantity: try ExactDecimal(quantity))
            try await warehouse.ship(receipt, order.key, sent)
        } catch { throw .notRun("the goods couldn't be sent out: \(error)") }
    }

    private static func told(
        _ order: SinkOrder, _ receipt: SinkReceipt, _ trial: SinkTrial
    ) async throws(RuleEnd) -> SinkShipments {
        let answer = try await trial.call("shipments") { sink, context throws(SinkError) in
            try await sink.shipments(for: receipt, key: order.key, context)
        }
        switch answer {
        case .success(let told):
            trial.transcript.add("shipments", json(told))
            return told
        case .failure(let error):
            try trial.expect(
                false, "shipments", seen: "the error \(error.code.words): \(error.message)",
                hint: "An order without shipments has an empty list of them.")
            throw .notRun("")
        }
    }

    private static func contents(_ told: SinkShipments) -> [String] {
        told.shipments.flatMap(\.packages).flatMap(\.lines).map { "\($0.lineKey) \($0.quantity)" }
    }

    private static func words(_ told: SinkShipments) -> String {
        let shipments = told.shipments.map { shipment in
            "\(shipment.id) of \(shipment.shippedAt) with "
                + shipment.packages.flatMap(\.lines).map { "\($0.quantity) of \($0.lineKey)" }.joined(separator: ", ")
        }
        let closed = told.closedLines.isEmpty ? "nothing closed" : "closed: \(told.closedLines.joined(separator: ", "))"
        return (shipments + [closed]).joined(separator: "; ") + (told.isCancelled ? "; cancelled" : "")
    }

    private static func json(_ told: SinkShipments) -> String { JSONValue.object(told.json).compactText }

    /// Whether an ISO 8601 time says its zone.
    private static func hasZone(_ text: String) -> Bool {
        guard let time = text.split(separator: "T", maxSplits: 1).last, text.contains("T") else { return false }
        return time.hasSuffix("Z") || time.contains("+") || time.contains("-")
    }
}
