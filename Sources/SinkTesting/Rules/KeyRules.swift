import Orders
import SinkKit

/// Class K: the ERP enforces our key.
enum KeyRules {
    static let all = [
        SinkRule("create.twice", "the same create again gives the same order (class K)", twice),
        SinkRule(
            "class.key.repeat", "after an unknown outcome and a restart, the same key and bytes make no second order (class K)",
            repeated),
        SinkRule("class.key.changed", "the same key with other content is a conflict, not an order (class K)", changed),
        SinkRule("concurrent.one-key", "creates of one key at once make one order (class K)", concurrent),
    ]

    private static let why = "Crossdock never sends it a create twice"

    static func twice(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsClass("K", why)
        let order = try trial.order()
        let first = try await trial.made(order)
        // With a ledger that was lost, the ERP alone can know that it has the order.
        trial.forgetAttempts(order.key)
        let second = try await trial.create(order)
        try trial.expect(
            second.receipt?.erpOrderNumber == first.erpOrderNumber, "the second create gives \(first.erpOrderNumber) too",
            seen: second.words, hint: "Class K needs a unique key in the ERP. An ERP without one is class L or N.")
        try trial.expect(
            second.receipt?.lines.map(\.lineKey).sorted() == first.lines.map(\.lineKey).sorted(),
            "the second receipt covers the same lines", seen: second.receipt?.lines.map(\.lineKey).joined(separator: ", ") ?? "",
            hint: "Crossdock may only ever see the second answer.")
        try await isOne(order.key, trial)
        return "\(first.erpOrderNumber), twice"
    }

    static func repeated(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsClass("K", why)
        let order = try trial.order()
        var seen = "an answered create"
        if let mishap = try? trial.mishaps([.cutOffAfter]).first {
            try await trial.arrange(mishap)
            seen = (try await trial.create(order)).words
            try await trial.mend()
        } else {
            _ = try await trial.made(order)
        }
        var numbers: [String] = []
        for _ in 1...3 {
            try await trial.restart()
            let ended = try await trial.create(order)
            guard let receipt = ended.receipt else {
                try trial.expect(
                    false, "the same bytes under the same key are accepted again", seen: ended.words,
                    hint: "After a lost answer Crossdock repeats the create of a class K sink to learn what came of it.")
                continue
            }
            numbers.append(receipt.erpOrderNumber)
        }
        try trial.expect(
            Set(numbers).count == 1, "each repeat gives the same order", seen: numbers.joined(separator: ", "),
            hint: "Class K needs a unique key in the ERP. An ERP without one is class L or N.")
        try await isOne(order.key, trial)
        return "\(seen), then \(numbers.joined(separator: ", "))"
    }

    static func changed(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsClass("K", why)
        let order = try trial.order()
        let first = try await trial.made(order)
        trial.forgetAttempts(order.key)
        var lines = trial.target.sample.lines(3)
        lines[0].quantity = "8"
        let ended = try await trial.create(try trial.variant(of: order, lines))
        if case .failed(let error) = ended {
            try trial.expect(
                error.code == .conflict, "conflict", seen: ended.words,
                hint: "A person must look at it: neither waiting nor trying again helps.")
        } else {
            try trial.expect(
                false, "conflict, because \(first.erpOrderNumber) stands under this key with other lines", seen: ended.words,
                hint: "The shop would be told that lines were accepted which the ERP doesn't have.")
        }
        try await isOne(order.key, trial)
        return ended.words
    }

    static func concurrent(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsClass("K", why)
        let order = try trial.order()
        let instances = [try await trial.sink(), try await trial.reopen()]
        let count = trial.target.limits.concurrency
        let all = await withTaskGroup(of: Result<SinkTrial.Ended, RuleEnd>.self) { group in
            for index in 0..<count {
                group.addTask {
                    do throws(RuleEnd) {
                        return .success(
                            try await trial.create(
                                order, on: instances[index % instances.count], journal: RehearsalJournal()))
                    } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var ends: [SinkTrial.Ended] = []
        for end in all { ends.append(try end.get()) }
        // A race may end in an error that says nothing for certain; the one order is what counts, and that a repeat gives it.
        let last = try await trial.create(order)
        let numbers = Set((ends + [last]).compactMap(\.receipt?.erpOrderNumber))
        let seen = (ends + [last]).map(\.words).joined(separator: "; ")
        try trial.expect(
            numbers.count == 1 && last.receipt != nil, "one number for all that were accepted, and a repeat gives it", seen: seen,
            hint: "Find-before-create races; let the ERP's database enforce the key.")
        for end in ends {
            guard case .failed(let error) = end else { continue }
            try trial.expect(
                error.code != .conflict, "no conflict, for the content is the same", seen: end.words,
                hint: "A duplicate key is answered with the order that has it.")
        }
        try await isOne(order.key, trial)
        return "\(count) at once: \(numbers.joined())"
    }

    private static func isOne(_ key: IdempotencyKey, _ trial: SinkTrial) async throws(RuleEnd) {
        guard let count = try await trial.count(key) else { return }
        try trial.expect(
            count == 1, "one order under \(key)", seen: "\(count) \(trial.witness)",
            hint: "Class K needs a unique key in the ERP. An ERP without one is class L or N.")
    }
}
