import Orders
import SinkKit

/// Making an order, whatever happens to the answer.
enum CreateRules {
    static let all = [
        SinkRule("create.accepted", "a good order is accepted, with a number", accepted),
        SinkRule("create.then-find", "an order that was made is found by our key, under the same number", thenFind),
        SinkRule(
            "create.cut-off", "an answer lost after the ERP took the order is an unknown outcome, and the order is found", cutOff),
        SinkRule(
            "create.cut-off-before", "a connection lost before the ERP did anything never counts as a success", cutOffBefore),
        SinkRule("create.one-send", "one call of create is sent once; Crossdock decides about trying again", oneSend),
        SinkRule("create.killed", "a process killed between acceptance and answer leaves one order, which is found", killed),
        SinkRule("restart.remembers", "a new process finds what an earlier one made", restart),
    ]

    static func accepted(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try trial.order()
        let ended = try await trial.create(order)
        try trial.expect(
            ended.receipt?.erpOrderNumber.isEmpty == false, "an order of two lines with a known product is accepted",
            seen: ended.words,
            hint: "Do the sample's products, parties and currency exist in this ERP?")
        if let orders = try await trial.audited(order.key) {
            try trial.expect(
                orders.count == 1 && orders.first?.number == ended.receipt?.erpOrderNumber,
                "the ERP holds one order under the key, with the number of the receipt",
                seen: "\(orders.count) orders: \(orders.map(\.number).joined(separator: ", ")); the receipt says \(ended.words)",
                hint: "The receipt's number must be the one people see in the ERP.")
        }
        return ended.words
    }

    static func thenFind(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsFind()
        let order = try trial.order()
        let made = try await trial.made(order)
        var found = try await trial.find(order.key)
        if case .success(nil) = found { found = .success(try await trial.foundInTime(order.key)) }
        try trial.expect(
            (try? found.get())??.erpOrderNumber == made.erpOrderNumber, "find gives \(made.erpOrderNumber)", seen: found.words,
            hint: "Is the key stored with the order, and is it what find asks for?")
        return "\(made.erpOrderNumber), made and found"
    }

    static func cutOff(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        var seen: [String] = []
        for mishap in try trial.mishaps([.cutOffAfter, .errorPageAfter, .garbageAfter]) {
            let order = try trial.order()
            try await trial.arrange(mishap)
            let ended = try await trial.create(order)
            try await trial.mend()
            try await isUnknown(ended, order.key, mishap, trial)
            try await isFound(order.key, mishap, trial)
            seen.append("\(mishap.rawValue): \(ended.words)")
            try await trial.restart()
        }
        return seen.joined(separator: "; ")
    }

    /// Whether the sink told the truth about a create that the ERP took.
    private static func isUnknown(
        _ ended: SinkTrial.Ended, _ key: IdempotencyKey, _ mishap: SinkMishap, _ trial: SinkTrial
    ) async throws(RuleEnd) {
        switch ended {
        case .failed(let error):
            try trial.expect(
                error.code == .unknownOutcome, "unknownOutcome, for \(mishap.words)", seen: ended.words,
                hint: "Anything but a refusal that the ERP declares, or a request that was never sent, may have had its effect.")
        case .accepted(let receipt):
            // A sink may have looked it up by itself; then it must be right.
            let orders = try await trial.audited(key)
            try trial.expect(
                orders?.map(\.number) == [receipt.erpOrderNumber], "unknownOutcome, for \(mishap.words)", seen: ended.words,
                hint: "There was no answer to take the receipt from.")
        case .rejected:
            try trial.expect(
                false, "unknownOutcome, for \(mishap.words)", seen: ended.words,
                hint: "A refusal says that nothing was made; here the ERP holds an order.")
        }
    }

    private static func isFound(_ key: IdempotencyKey, _ mishap: SinkMishap, _ trial: SinkTrial) async throws(RuleEnd) {
        let canFind = try await trial.capabilities().sinkClass.canFind
        let found = canFind ? try await trial.foundInTime(key) : nil
        let orders = try await trial.audited(key)
        if orders?.isEmpty == true { throw .notRun("'\(mishap.rawValue)' was arranged, and the ERP took no order") }
        if let orders {
            try trial.expect(
                orders.count == 1, "one order in the ERP",
                seen: "\(orders.count): \(orders.map(\.number).joined(separator: ", "))",
                hint: "Who sent it again? Look for retries in the HTTP library.")
        }
        guard canFind else { return }
        try trial.expect(
            found != nil && (orders == nil || found?.erpOrderNumber == orders?.first?.number),
            "find gives the order that the ERP took", seen: found.map { "order \($0.erpOrderNumber)" } ?? "nothing",
            hint: "Without it, Crossdock would take the order for not made and make a second one.")
    }

    static func cutOffBefore(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try trial.order()
        try await trial.arrange(.cutOffBefore)
        let ended = try await trial.create(order)
        try await trial.mend()
        switch ended {
        case .failed: try trial.expect(true, "", seen: "")
        case .accepted, .rejected:
            try trial.expect(
                false, "an error, because the ERP never saw the order", seen: ended.words,
                hint: "A receipt must come out of an answer of the ERP's, or out of a look-up.")
        }
        if let orders = try await trial.audited(order.key) {
            try trial.expect(
                orders.isEmpty, "no order in the ERP", seen: "\(orders.count)",
                hint: "The one send failed, and there was another; Crossdock alone decides about trying again.")
        }
        return ended.words
    }

    static func oneSend(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let mishaps = try trial.mishaps([.cutOffBefore, .cutOffAfter, .errorPageAfter])
        guard trial.target.auditor?.requests != nil else { throw .notRun("nobody counts the creates that reach this ERP") }
        var seen: [String] = []
        for mishap in mishaps {
            let order = try trial.order()
            try await trial.arrange(mishap)
            _ = try await trial.create(order)
            try await trial.mend()
            guard let count = try await trial.requests(order.key) else { continue }
            try trial.expect(
                count == 1, "one request reaches the ERP, where \(mishap.words)", seen: "\(count)",
                hint: "Turn off the retries of the HTTP library, those on reused connections too.")
            seen.append("\(mishap.rawValue): 1 request")
            try await trial.restart()
        }
        return seen.joined(separator: "; ")
    }

    static func restart(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsFind()
        let order = try trial.order()
        let made = try await trial.made(order)
        _ = try await trial.foundInTime(order.key)
        try await trial.restart()
        let found = try await trial.find(order.key)
        try trial.expect(
            (try? found.get())??.erpOrderNumber == made.erpOrderNumber, "after a restart, find gives \(made.erpOrderNumber)",
            seen: found.words, hint: "What a sink must know after a restart belongs into the ERP, with our key.")
        return "\(made.erpOrderNumber), found by a new instance"
    }
}
