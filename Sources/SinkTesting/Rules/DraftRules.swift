import Orders
import SinkKit

/// Orders that the ERP has and nobody has confirmed.
enum DraftRules {
    static let all = [
        SinkRule("draft.carried-on", "a draft of ours is carried on rather than made anew", carriedOn),
        SinkRule("draft.foreign", "a draft under our key with other lines is a conflict", foreign),
        SinkRule("draft.release", "a draft is let go, and telling it twice does no harm", release),
    ]

    static func carriedOn(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try trial.order()
        try await leave(order, trial)
        let left = try await trial.found(order.key)
        try trial.expect(
            left != nil, "find gives the draft", seen: "nothing", hint: "A draft that isn't found is made a second time.")
        let ended = try await trial.create(order)
        try trial.expect(
            ended.receipt != nil, "the draft is carried on and accepted", seen: ended.words,
            hint: "A draft with our key and our lines is what an earlier process of ours left.")
        try trial.expect(
            LineRules.uncovered(ended.receipt, order).isEmpty, "the receipt covers every line", seen: ended.words,
            hint: "The numbers of a draft's lines are in the ERP.")
        if let orders = try await trial.audited(order.key) {
            try trial.expect(
                orders.count == 1, "one order in the ERP",
                seen: "\(orders.count): \(orders.map(\.number).joined(separator: ", "))",
                hint: "Look for a draft before making one.")
        }
        return "left as a draft, then \(ended.words)"
    }

    static func foreign(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try trial.order()
        var lines = trial.target.sample.lines(3)
        lines[0].quantity = "7"
        try await leave(try trial.variant(of: order, lines), trial)
        let ended = try await trial.create(order)
        if case .failed(let error) = ended {
            try trial.expect(
                error.code == .conflict, "conflict", seen: ended.words, hint: "A person must look at it; trying again won't help."
            )
        } else {
            try trial.expect(
                false, "conflict, because the draft under our key has other lines", seen: ended.words,
                hint: "Compare products, quantities and prices of every line before a draft is carried on.")
        }
        if let orders = try await trial.audited(order.key) {
            try trial.expect(orders.count == 1, "the draft alone in the ERP", seen: "\(orders.count) orders")
            try trial.expect(
                orders.first?.lines?.count ?? 3 == 3, "the draft as it was", seen: "\(orders.first?.lines?.count ?? 0) lines",
                hint: "What isn't ours isn't changed.")
        }
        return ended.words
    }

    static func release(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        guard try await trial.capabilities().releases else {
            throw .notApplicable("the sink doesn't say that it can let drafts go")
        }
        let order = try trial.order()
        try await leave(order, trial)
        guard let left = try await trial.found(order.key) else { throw .notRun("the draft that it starts with isn't found") }
        // A draft may get the number that people use only when it is let go; from then on it has it.
        var number: String?
        for time in ["first", "second"] {
            let answer = try await trial.call("release", key: order.key) { sink, context throws(SinkError) in
                try await sink.release(left, key: order.key, context)
            }
            guard case .success(.accepted(let receipt)) = answer else {
                try trial.expect(
                    false, "the \(time) release is accepted", seen: "\(answer)", hint: "Letting go what is let go is no fault.")
                continue
            }
            try trial.expect(
                receipt.state == .confirmed && !receipt.erpOrderNumber.isEmpty
                    && receipt.erpOrderNumber == number ?? receipt.erpOrderNumber,
                "\(number ?? "a number"), confirmed", seen: "\(receipt.erpOrderNumber), \(receipt.state.rawValue)")
            number = receipt.erpOrderNumber
        }
        let found = try await trial.found(order.key)
        try trial.expect(
            found?.erpOrderNumber == number, "find gives \(number ?? "it")", seen: found?.erpOrderNumber ?? "nothing",
            hint: "Letting a draft go makes no other order.")
        return "\(left.erpOrderNumber), let go twice as \(number ?? "")"
    }

    /// Leaves the order in the ERP as a draft, or ends the rule.
    private static func leave(_ order: SinkOrder, _ trial: SinkTrial) async throws(RuleEnd) {
        try await trial.needsFind()
        switch trial.target.drafts {
        case .none: throw .notApplicable("this ERP has no drafts, or the sink makes orders in one call")
        case .untold: throw .notRun("nobody told the kit how to leave a draft in this ERP, or that there are none")
        case .left(let leave):
            do { try await leave(order) } catch { throw .notRun("a draft couldn't be left in the ERP: \(error)") }
        }
    }
}
