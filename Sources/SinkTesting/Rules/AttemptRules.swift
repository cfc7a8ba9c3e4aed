import Orders
import SinkKit

/// Calls inside a create that are written down before and after; see `SinkContext.attempt`.
enum AttemptRules {
    static let all = [
        SinkRule("attempts.replayed", "a create that goes on after a crash makes no attempt again that is done", replayed),
        SinkRule("attempts.unanswered", "an attempt whose end isn't known makes no second order", unanswered),
    ]

    /// Of so many attempts at the most, each is struck once.
    private static let strikesMax = 24

    static func replayed(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let names = try await undisturbed(trial)
        for strike in 1...min(names.count, strikesMax) {
            let order = try trial.order()
            let journal = trial.journal(order.key)
            journal.arrange(.afterEvidence(strike))
            let ended = try await trial.create(order)
            try trial.expect(
                ended.receipt == nil || strike == names.count, "no success where the journal can't be written any more",
                seen: ended.words,
                hint: "What SinkAttemptJournal throws must be thrown on: what isn't written down would be done again.")
            journal.arrange(.never)
            try await trial.restart()
            let again = try await trial.create(order)
            try trial.expect(
                again.receipt != nil, "the create goes on after '\(names[strike - 1])' and is accepted", seen: again.words,
                hint: "Evidence must hold all that the rest of the create needs.")
            try trial.expect(
                journal.complaints.isEmpty, "no attempt is made again that is done",
                seen: journal.complaints.joined(separator: "; "),
                hint: "Ask the journal first, as SinkContext.attempt does.")
            let made = journal.beginnings.map(\.name)
            try trial.expect(
                made == names.map(\.name), "the same attempts in the same order as without a crash",
                seen: made.joined(separator: ", "),
                hint:
                    "Name and key must be the same whenever the sink comes to that call of that order again: no counter, no clock."
            )
            try await isOne(order.key, trial)
        }
        return "\(names.count) attempts, each followed by a crash: \(names.map(\.description).joined(separator: ", "))"
    }

    static func unanswered(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        guard trial.target.auditor != nil else { throw .notRun("nobody but the sink can say how many orders the ERP holds") }
        let names = try await undisturbed(trial)
        var seen: [String] = []
        for strike in 1...min(names.count, strikesMax) {
            let order = try trial.order()
            let journal = trial.journal(order.key)
            journal.arrange(.beforeEvidence(strike))
            _ = try await trial.create(order)
            journal.arrange(.never)
            try await trial.outwaitLateEffects()
            try await trial.restart()
            let again = try await trial.create(order)
            switch again {
            case .accepted: try trial.expect(true, "", seen: "")
            case .failed(let error):
                try trial.expect(
                    error.code == .unknownOutcome, "accepted, or unknownOutcome where nobody can tell", seen: again.words,
                    hint: "The first try may have had its effect.")
            case .rejected:
                try trial.expect(
                    false, "accepted, or unknownOutcome where nobody can tell", seen: again.words,
                    hint: "A duplicate that the ERP refuses is the order that the first try made.")
            }
            try await isOne(order.key, trial)
            seen.append("\(names[strike - 1]): \(again.words)")
        }
        return seen.joined(separator: "; ")
    }

    /// The attempts of a create that nothing happens to.
    private static func undisturbed(_ trial: SinkTrial) async throws(RuleEnd) -> [SinkAttemptName] {
        let order = try trial.order()
        _ = try await trial.made(order)
        let journal = trial.journal(order.key)
        for (name, evidence) in journal.evidence {
            trial.transcript.add("the evidence of '\(name)'", JSONValue.object(evidence).compactText)
        }
        guard !journal.beginnings.isEmpty else { throw .notApplicable("its create is one call, without named attempts") }
        return journal.beginnings
    }

    private static func isOne(_ key: IdempotencyKey, _ trial: SinkTrial) async throws(RuleEnd) {
        guard let orders = try await trial.audited(key) else { return }
        try trial.expect(
            orders.count <= 1, "one order under \(key)", seen: "\(orders.count): \(orders.map(\.number).joined(separator: ", "))",
            hint: "An attempt whose end isn't known must be looked up, or left alone, as its promise says.")
    }
}
