package import Orders
package import SinkKit

/// The sink's named attempts at the order's key, folded.
extension OrderProgress {
    /// One call of the sink that isn't idempotent by itself.
    package enum AttemptProgress: Sendable, Equatable {
        /// Begun, and nobody knows how it ended. `since`: from when on nobody waits for its answer any more, as far as is known.
        case open(since: Timestamp)
        case finished(JSONObject)
    }

    /// What a sink is told of one, by the clock as it stands now.
    ///
    /// One that this journal doesn't know may have been made by what was lost of it, or by a ledger before this one.
    package func state(of attempt: SinkAttemptName, policy: FlowPolicy, at now: Timestamp) -> SinkAttemptState {
        switch sinkAttempts[attempt] {
        case .finished(let evidence)?: return .finished(evidence)
        case .open(let since)?: return unanswered(since: since, at: now)
        case nil:
            guard !(openIntent?.wasOrderedByPerson ?? false), let end = lostAttemptsEnd(policy) else { return .new }
            return unanswered(since: end, at: now)
        }
    }

    private func unanswered(since: Timestamp, at now: Timestamp) -> SinkAttemptState {
        .unanswered(for: max(.zero, now - max(since, clockSetAt ?? since)))
    }

    /// Until when an attempt may have been made that this journal knows nothing of.
    private func lostAttemptsEnd(_ policy: FlowPolicy) -> Timestamp? {
        if let attemptsLostAt { return attemptsLostAt }
        if let confirmedAt = reading?.confirmedAt, confirmedAt >= policy.ledgerCreatedAt { return nil }
        return policy.ledgerCreatedAt
    }

    /// What a part of the create was done for, where the create isn't; what the ERP has doesn't follow a change of the order.
    var partlyPushedContentDigest: String? { sinkAttempts.isEmpty ? nil : attemptsContentDigest }

    mutating func applyAttemptBeginning(_ attempt: SinkAttemptName, at instant: Timestamp) {
        if sinkAttempts.isEmpty { attemptsContentDigest = openIntent?.intent.contentDigest }
        sinkAttempts[attempt] = .open(since: instant)
    }

    mutating func applyAttemptEnd(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd, at instant: Timestamp) {
        switch end {
        case .finished(let evidence): sinkAttempts[attempt] = .finished(evidence)
        // An earlier try with an unknown end was settled before this one was begun.
        case .notApplied: sinkAttempts[attempt] = nil
        case .unknown: sinkAttempts[attempt] = .open(since: instant)
        }
    }

    /// Whoever made them is gone.
    mutating func doubtAttempts(at instant: Timestamp) {
        for (attempt, state) in sinkAttempts {
            if case .open = state { sinkAttempts[attempt] = .open(since: instant) }
        }
    }

    /// A person looked in the ERP and ordered the create to be sent once more: what is open doesn't stand against it.
    mutating func forgetOpenAttempts() {
        sinkAttempts = sinkAttempts.filter { if case .finished = $0.value { true } else { false } }
    }
}
