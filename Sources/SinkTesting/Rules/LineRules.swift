import Orders
import SinkKit

/// Lines, and the receipt that covers them.
enum LineRules {
    static let all = [
        SinkRule("receipt.covers-lines", "a receipt covers every line exactly once, from create and from find", covers),
        SinkRule("lines.one", "an order of one line is made", { trial async throws(RuleEnd) in try await many(1, trial) }),
        SinkRule(
            "lines.many", "an order of very many lines is made whole",
            { trial async throws(RuleEnd) in try await many(trial.target.limits.lines, trial) }),
        SinkRule("lines.duplicate-products", "lines of the same product stay lines of their own", duplicates),
    ]

    /// What a receipt lacks or has too much of; empty: it covers the order.
    static func uncovered(_ receipt: SinkReceipt?, _ order: SinkOrder) -> [String] {
        let keys = receipt?.lines.map(\.lineKey) ?? []
        let lines = order.order.lines.map(\.key)
        return lines.filter { key in keys.count { $0 == key } != 1 } + keys.filter { !lines.contains($0) }
    }

    /// ERP line numbers that stand for more than one line.
    private static func sharedNumbers(_ receipt: SinkReceipt) -> [Int64] {
        let numbers = receipt.lines.compactMap(\.erpLineNumber)
        return Array(Set(numbers.filter { number in numbers.count { $0 == number } > 1 })).sorted()
    }

    private static func expectCovered(
        _ receipt: SinkReceipt, _ order: SinkOrder, by call: String, _ trial: SinkTrial
    ) throws(RuleEnd) {
        let uncovered = uncovered(receipt, order)
        try trial.expect(
            uncovered.isEmpty, "the receipt of \(call) has each of the \(order.order.lines.count) line keys once",
            seen: "\(receipt.lines.count) lines; wrong: \(uncovered.prefix(5).joined(separator: ", "))",
            hint: "Lines are named by OrderLine.key, never by their product. What the ERP left out is told as rejected.")
        let shared = sharedNumbers(receipt)
        try trial.expect(
            shared.isEmpty, "each line has an ERP line number of its own", seen: "\(shared.prefix(5)) stand for several",
            hint: "The shop stores the number on the line; shipments come back by it.")
    }

    static func covers(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try trial.order(trial.target.sample.lines(4))
        let made = try await trial.made(order)
        try expectCovered(made, order, by: "create", trial)
        guard try await trial.capabilities().sinkClass.canFind else { return "\(made.lines.count) lines" }
        guard let found = try await trial.foundInTime(order.key) else {
            throw .notRun("the order isn't found; see create.then-find")
        }
        // Of what isn't finished the ERP may tell no lines: create carries it on, and its receipt is what counts.
        if found.state == .draft, found.lines.isEmpty {
            trial.forgetAttempts(order.key)
            let carriedOn = try await trial.made(order)
            try expectCovered(carriedOn, order, by: "the create that carries it on", trial)
            return "\(made.lines.count) lines from create, and from the create that carries on what find gives"
        }
        try expectCovered(found, order, by: "find", trial)
        let numbers = { (receipt: SinkReceipt) in
            Dictionary(receipt.lines.map { ($0.lineKey, $0.erpLineNumber) }, uniquingKeysWith: { first, _ in first })
        }
        try trial.expect(
            numbers(made) == numbers(found), "find gives each line the number that create gave it",
            seen: "\(made.lines.map { $0.erpLineNumber ?? 0 }) and \(found.lines.map { $0.erpLineNumber ?? 0 })",
            hint: "After a crash Crossdock has only what find says.")
        return "\(made.lines.count) lines from create and from find"
    }

    static func many(_ count: Int, _ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try trial.order(trial.target.sample.lines(count))
        let ended = try await trial.create(order)
        guard let receipt = ended.receipt else {
            try trial.expect(
                false, "an order of \(count) lines is accepted", seen: ended.words,
                hint: "Is there a limit on lines, size or time?")
            return ""
        }
        try expectCovered(receipt, order, by: "create", trial)
        if let lines = try await trial.audited(order.key)?.first?.lines {
            try trial.expect(
                lines.count == count, "\(count) lines in the ERP", seen: "\(lines.count)",
                hint: "The receipt tells of lines that the ERP doesn't have. Is there a page size or a limit?")
            try trial.expect(
                lines.map(\.quantity) == order.order.lines.map(\.quantity), "the lines' quantities in their order",
                seen: "the first that differs: \(difference(lines, order))")
        }
        return "\(receipt.erpOrderNumber) with \(receipt.lines.count) lines"
    }

    private static func difference(_ lines: [SinkAuditedOrder.Line], _ order: SinkOrder) -> String {
        zip(lines, order.order.lines).first { $0.quantity != $1.quantity }.map { "\($0.quantity) for \($1.quantity)" } ?? "none"
    }

    static func duplicates(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        guard let product = trial.target.sample.products.first else { throw .notRun("the sample names no product") }
        let quantities = ["3", "5", "3"]
        let order = try trial.order(quantities.map { SinkSample.Line(product: product, quantity: $0) })
        let ended = try await trial.create(order)
        guard let receipt = ended.receipt else {
            try trial.expect(
                false, "an order with three lines of '\(product)' is accepted", seen: ended.words,
                hint: "The same product may stand on two lines of a webshop's order.")
            return ""
        }
        try expectCovered(receipt, order, by: "create", trial)
        guard let lines = try await trial.audited(order.key)?.first?.lines else { return "three lines on the receipt" }
        try trial.expect(
            lines.map(\.quantity.description) == quantities || lines.map(\.quantity) == order.order.lines.map(\.quantity),
            "three lines of \(quantities.joined(separator: ", "))",
            seen: "\(lines.count) lines of \(lines.map(\.quantity.description).joined(separator: ", "))",
            hint: "Don't add up lines by product: each has its own number in the shop.")
        return "three lines in the ERP"
    }
}
