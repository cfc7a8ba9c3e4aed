import Orders
import SinkKit

/// Classes L and N: what may still happen after an unanswered create.
enum LateRules {
    static let all = [
        SinkRule(
            "class.look-up.latest-effect", "nothing shows in the look-up later than the declared time (class L)", latestEffect),
        SinkRule("class.neither.one-attempt", "an unanswered create is never sent a second time (class N)", oneAttempt),
        SinkRule("class.neither.find", "find never says 'nothing' of an order that is there (class N)", find),
    ]

    static func latestEffect(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsClass("L", "the rule is about look-ups after a waiting time")
        guard case .lookUp(let latest) = try await trial.capabilities().sinkClass else { return "" }
        let order = try trial.order()
        try await trial.arrange(.lateEffect)
        let ended = try await trial.create(order)
        let since = ContinuousClock.now
        try await trial.mend()
        if case .failed(let error) = ended {
            try trial.expect(
                error.code == .unknownOutcome, "unknownOutcome", seen: ended.words,
                hint: "The ERP may take the order after its connection has ended.")
        }
        try await trial.outwaitLateEffects()
        let intime = try await trial.found(order.key)
        let countInTime = try await trial.audited(order.key)?.count
        let longer = min(max(latest, .seconds(1)) + latest, trial.target.limits.patience)
        try await trial.wait(longer)
        let later = try await trial.found(order.key)
        let countLater = try await trial.audited(order.key)?.count
        if later == nil, countLater ?? 0 == 0 { throw .notRun("'late-effect' was arranged, and the ERP never took the order") }
        let waited = (ContinuousClock.now - since).words
        try trial.expect(
            intime?.erpOrderNumber == later?.erpOrderNumber && countInTime == countLater,
            "\(latest.words) after the create ended, find gives what it gives ever after",
            seen: "then \(intime?.erpOrderNumber ?? "nothing"), \(waited) after it \(later?.erpOrderNumber ?? "nothing")",
            hint: "Declare the longest time that a post was ever seen to take effect late, queues and look-up lag included.")
        return "found within \(latest.words), and \(waited) after the create nothing else"
    }

    static func oneAttempt(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsClass("N", "the rule is about sinks that can't be asked")
        guard trial.target.auditor != nil else { throw .notRun("nobody but the sink can say how many orders the ERP holds") }
        var seen: [String] = []
        for mishap in try trial.mishaps([.cutOffAfter, .errorPageAfter, .garbageAfter]) {
            let order = try trial.order()
            try await trial.arrange(mishap)
            let ended = try await trial.create(order)
            try await trial.mend()
            // What a later run does before a person has decided: nothing of it may send the order again.
            try await trial.restart()
            _ = try await trial.call("check") { sink, context throws(SinkError) in try await sink.check(context) }
            let orders = try await trial.audited(order.key) ?? []
            let requests = try await trial.requests(order.key) ?? orders.count
            try trial.expect(
                orders.count <= 1 && requests <= 1, "the ERP is sent the order once",
                seen: "\(requests) sent, \(orders.count) made",
                hint: "Nobody can tell what came of the first; a person decides about a second.")
            seen.append("\(mishap.rawValue): \(ended.words), \(orders.count) made")
        }
        return seen.joined(separator: "; ")
    }

    static func find(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsClass("N", "the rule is about sinks that can't be asked")
        let order = try trial.order()
        let made = try await trial.made(order)
        let found = try await trial.find(order.key)
        switch found {
        case .success(nil):
            try trial.expect(
                false, "an error that says that this ERP can't be asked", seen: "nothing",
                hint: "nil means that the ERP itself said that it has no such order. Throw misconfigured.")
        case .success(let receipt?):
            try trial.expect(receipt.erpOrderNumber == made.erpOrderNumber, made.erpOrderNumber, seen: receipt.erpOrderNumber)
        case .failure: try trial.expect(true, "", seen: "")
        }
        return found.words
    }
}
