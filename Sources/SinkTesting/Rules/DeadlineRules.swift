import Orders
import SinkKit

/// Calls that nobody answers.
enum DeadlineRules {
    static let all = [
        SinkRule("deadline.create", "a create without an answer ends by its deadline, as an unknown outcome", create),
        SinkRule("deadline.find", "a look-up without an answer ends by its deadline, as an error", find),
        SinkRule("deadline.start", "an order that may not be sent any more isn't sent, and can be sent later", start),
    ]

    private static let hint =
        "SinkContext.timeLimit is for the whole call: connecting, sending, waiting, and whatever the sink asks in between."

    static func create(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let limits = trial.target.limits
        let order = try trial.order()
        _ = try await trial.sink()
        try await trial.arrange(.silentAfter)
        let start = ContinuousClock.now
        let ended = try await trial.tryCall("create", key: order.key, limit: limits.deadline) { sink, context throws(SinkError) in
            try await sink.create(order, context)
        }
        let elapsed = ContinuousClock.now - start
        try await trial.mend()
        try trial.expect(
            ended != nil && elapsed <= limits.deadline + limits.grace, "an end within \(limits.deadline.words)",
            seen: ended == nil ? "none after \(elapsed.words)" : "one after \(elapsed.words)", hint: hint)
        guard case .failure(let error)? = ended else {
            try trial.expect(false, "unknownOutcome", seen: ended.map { "\($0)" } ?? "", hint: "There was no answer.")
            return ""
        }
        if [.notApplied, .unavailable, .notSentInTime].contains(error.code) {
            // What comes before the create may have used the time up: then it is the truth that nothing was done.
            try await trial.outwaitLateEffects()
            if try await trial.audited(order.key)?.isEmpty == true {
                throw .notRun("its time of \(limits.deadline.words) was up before it had sent the order: \(error.message)")
            }
        }
        try trial.expect(
            error.code == .unknownOutcome, "unknownOutcome", seen: "\(error.code.words): \(error.message)",
            hint: "The ERP has the order; giving up to wait doesn't take it back.")
        try await trial.outwaitLateEffects()
        if let orders = try await trial.audited(order.key) {
            try trial.expect(orders.count <= 1, "one order at most", seen: "\(orders.count)", hint: "Who sent it again?")
        }
        return "unknownOutcome after \(elapsed.words)"
    }

    /// The read that the order was decided on has grown old by the time in which it would be sent.
    static func start(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try trial.order()
        let ended = try await trial.call("create", key: order.key, startLimit: .milliseconds(-1)) {
            sink, context throws(SinkError) in
            try await sink.create(order, context)
        }
        let code = if case .failure(let error) = ended { error.code } else { SinkError.Code?.none }
        try trial.expect(
            code == .notSentInTime, "notSentInTime", seen: ended.words,
            hint: "SinkContext.startLimit, for plugins start_by_ms, is to be looked at right before the order is sent.")
        try await trial.outwaitLateEffects()
        if let count = try await trial.count(order.key) {
            try trial.expect(
                count == 0, "no order in the ERP", seen: "\(count) \(trial.witness)",
                hint: "notSentInTime says that nothing was sent.")
        }
        let again = try await trial.create(order)
        try trial.expect(
            again.receipt != nil, "the same order is taken once it may be sent", seen: again.words,
            hint: "What wasn't sent must not use its key up.")
        return "notSentInTime, then \(again.words)"
    }

    static func find(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsFind()
        let limits = trial.target.limits
        let order = try trial.order()
        _ = try await trial.made(order)
        try await trial.arrange(.silentLookUp)
        let start = ContinuousClock.now
        let ended = try await trial.tryCall("find", limit: limits.deadline) { sink, context throws(SinkError) in
            try await sink.find(order.key, context)
        }
        let elapsed = ContinuousClock.now - start
        try await trial.mend()
        try trial.expect(
            ended != nil && elapsed <= limits.deadline + limits.grace, "an end within \(limits.deadline.words)",
            seen: ended == nil ? "none after \(elapsed.words)" : "one after \(elapsed.words)", hint: hint)
        if case .success(nil)? = ended {
            try trial.expect(
                false, "an error, because the ERP didn't answer", seen: "nothing",
                hint: "nil makes Crossdock create the order again. Return it only where the ERP itself said that it has none.")
        }
        return "\(ended?.words ?? "") after \(elapsed.words)"
    }
}
