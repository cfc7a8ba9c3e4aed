import Orders
import SinkKit

/// Texts and decimals, which reach the ERP as they are or not at all.
enum ContentRules {
    static let all = [
        SinkRule("text.unicode", "texts beyond ASCII are taken, or refused with a fault", unicode),
        SinkRule("text.kept", "the ERP holds the texts as they were sent", kept),
        SinkRule(
            "decimal.long", "decimals of 30 digits are taken exactly or refused with a fault, never bent",
            { trial async throws(RuleEnd) in
                try await exact(
                    [("123456789012345678901234567.891", "1"), ("1", "98765432109876543210987654.3219")], trial)
            }),
        SinkRule(
            "decimal.fraction", "fractional quantities and prices are taken exactly or refused with a fault",
            { trial async throws(RuleEnd) in try await exact([("0.125", "12.3456"), ("2.5", "0.1"), ("1.005", "0.07")], trial) }),
        SinkRule(
            "decimal.negative", "negative quantities are taken as they are or refused with a fault",
            { trial async throws(RuleEnd) in try await exact([("3", "10"), ("-1", "10")], trial) }),
    ]

    private static let texts = [
        "Crème brûlée à l'orange", "“Ünïcödé” <b>&amp;</b> \\ \"quoted\" 'single'", "日本語 Ελληνικά עברית", "🥐🇳🇱 e\u{301} ñ",
        "%s ; -- {0} ${x} /* */",
    ]

    private static func order(_ trial: SinkTrial) throws(RuleEnd) -> SinkOrder {
        let lines = trial.target.sample.lines(texts.count)
        return try trial.order(
            zip(lines, texts).map { line, text in
                var line = line
                line.description = text
                return line
            })
    }

    static func unicode(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try order(trial)
        let ended = try await trial.create(order)
        switch ended {
        case .rejected(let faults):
            try trial.expect(!faults.isEmpty, "a fault that says what is refused", seen: "none")
        case .failed:
            try trial.expect(
                false, "accepted, or refused with a fault", seen: ended.words, hint: "UTF-8 all the way, and texts as parameters."
            )
        case .accepted(let receipt):
            try trial.expect(LineRules.uncovered(receipt, order).isEmpty, "a receipt that covers every line", seen: ended.words)
        }
        return ended.words
    }

    static func kept(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try order(trial)
        let ended = try await trial.create(order)
        if case .rejected = ended { return try refused(ended, trial) }
        guard ended.receipt != nil else { throw .notRun("the order wasn't made: \(ended.words); see text.unicode") }
        guard let lines = try await trial.audited(order.key)?.first?.lines, lines.contains(where: { $0.description != nil })
        else {
            throw .notRun("nobody but the sink can say which texts the ERP holds")
        }
        for (line, text) in zip(lines, texts) {
            guard let description = line.description else { continue }
            try trial.expect(
                Array(description.utf8) == Array(text.utf8), "'\(text)'", seen: "'\(description)'",
                hint: "UTF-8 all the way; nothing escaped twice, nothing normalized.")
        }
        return "\(lines.count) texts, byte by byte"
    }

    private static func refused(_ ended: SinkTrial.Ended, _ trial: SinkTrial) throws(RuleEnd) -> String {
        guard case .rejected(let faults) = ended else { return "" }
        try trial.expect(
            faults.contains { !$0.message.isEmpty }, "a fault that says what is refused", seen: ended.words,
            hint: "A person must be able to tell from it what to change.")
        return ended.words
    }

    /// Makes an order of lines with these quantities and prices.
    static func exact(_ values: [(quantity: String, unitPrice: String)], _ trial: SinkTrial) async throws(RuleEnd) -> String {
        let products = trial.target.sample.lines(values.count)
        let order = try trial.order(
            zip(products, values).map { line, value in
                SinkSample.Line(product: line.product, quantity: value.quantity, unitPrice: value.unitPrice)
            })
        let ended = try await trial.create(order)
        switch ended {
        case .rejected: return try refused(ended, trial)
        case .failed:
            try trial.expect(
                false, "accepted exactly, or refused with a fault", seen: ended.words,
                hint: "What the ERP can't hold is a fault of the order's (.rejected), which a person can mend.")
        case .accepted: break
        }
        guard let lines = try await trial.audited(order.key)?.first?.lines else {
            throw .notRun("the order was accepted, and nobody but the sink can say which decimals the ERP holds")
        }
        try trial.expect(lines.count == values.count, "\(values.count) lines in the ERP", seen: "\(lines.count)")
        for (line, sent) in zip(lines, order.order.lines) {
            try trial.expect(
                line.quantity == sent.quantity, "the quantity \(sent.quantity)", seen: "\(line.quantity)",
                hint:
                    "Keep decimals as text or as decimals from the wire to the wire; never as binary floats. Refuse what doesn't fit."
            )
            guard let price = line.unitPrice, let wanted = sent.unitPrice else { continue }
            try trial.expect(
                price == wanted, "the unit price \(wanted)", seen: "\(price)",
                hint:
                    "Keep decimals as text or as decimals from the wire to the wire; never as binary floats. Refuse what doesn't fit."
            )
        }
        return "taken exactly: " + lines.map { "\($0.quantity) × \($0.unitPrice?.description ?? "–")" }.joined(separator: ", ")
    }
}
