package import Orders
package import SinkKit

/// The sink's named attempts at the order's key, folded.
extension OrderProgress {
    /// One call of the sink that isn't idempotent by itself.
    package enum AttemptProgress: Sendable, Equatable {
        case open(OpenAttempt)
        case finished(JSONObject)
    }

    /// One that was begun, and of which nobody knows how it ended.
    package struct OpenAttempt: Sendable, Equatable {
        /// When the first try whose end isn't known was begun.
        package var firstBegunAt: Timestamp
        /// From when on nobody waits for its answer any more, as far as is known.
        package var since: Timestamp
        /// Somebody may be waiting for its answer.
        package var isUnderWay = true
        /// An earlier try was begun, and what became of that isn't known either.
        package var hasEarlierTry = false
        /// A person looked in the ERP and ordered it to be sent once more.
        package var isOrdered = false
    }

    /// What a sink is told of one, by the clock as it stands now.
    ///
    /// One that this journal doesn't know may have been made by what was lost of it, or by a ledger before this one.
    package func state(of attempt: SinkAttemptName, policy: FlowPolicy, at now: Timestamp) -> SinkAttemptState {
        switch sinkAttempts[attempt] {
        case .finished(let evidence)?: return .finished(evidence)
        case .open(let open)?:
            return .unanswered(
                for: silence(since: open.since, at: now), sinceFirst: max(.zero, now - open.firstBegunAt),
                isOrdered: open.isOrdered)
        case nil:
            guard let end = lostAttemptsEnd(policy) else { return .new }
            let isOrdered = openIntent?.wasOrderedByPerson ?? false
            return .unanswered(for: silence(since: end, at: now), isOrdered: isOrdered)
        }
    }

    private func silence(since: Timestamp, at now: Timestamp) -> Duration { max(.zero, now - max(since, clockSetAt ?? since)) }

    /// Whoever began one may be gone, and with it whoever waited for its answer.
    var hasAttemptUnderWay: Bool {
        sinkAttempts.values.contains { if case .open(let open) = $0 { open.isUnderWay } else { false } }
    }

    /// Until when an attempt may have been made that this journal knows nothing of.
    private func lostAttemptsEnd(_ policy: FlowPolicy) -> Timestamp? {
        if let attemptsLostAt { return attemptsLostAt }
        if let confirmedAt = reading?.confirmedAt, confirmedAt >= policy.ledgerCreatedAt { return nil }
        return policy.ledgerCreatedAt
    }

    /// A part of the create is in the ERP, or may be, though the create isn't done.
    var isPartlyPushed: Bool { !sinkAttempts.isEmpty }

    /// As the beginning of a sentence; of what nobody answered it isn't known whether it went.
    var partWentWords: String {
        let isAnyDone = sinkAttempts.values.contains { if case .finished = $0 { true } else { false } }
        return isAnyDone ? "A part of it went to the ERP" : "A part of it may have gone to the ERP"
    }

    /// What was done of it, and what may have been, by the names that the sink gave to it.
    var partlyPushedWords: String {
        let names = sinkAttempts.keys.sorted { ($0.name, $0.key) < ($1.name, $1.key) }
        let done = names.filter { if case .finished? = sinkAttempts[$0] { true } else { false } }
        let open = names.filter { !done.contains($0) }
        let parts = [("done", done), ("perhaps done", open)].filter { !$0.1.isEmpty }.map { word, names in
            let shown = names.prefix(Self.namesShownMax).map { "'\($0)'" }.joined(separator: ", ")
            return "\(word): \(shown)" + (names.count > Self.namesShownMax ? " and \(names.count - Self.namesShownMax) more" : "")
        }
        return parts.joined(separator: "; ")
    }

    private static let namesShownMax = 5

    /// Whether any part of it was sent for other content: what the ERP has doesn't follow a change of the order.
    func isPartlyPushed(otherThan contentDigest: String) -> Bool {
        isPartlyPushed && attemptsContentDigests.contains { $0 != contentDigest }
    }

    mutating func applyAttemptBeginning(_ attempt: SinkAttemptName, at instant: Timestamp) {
        if sinkAttempts.isEmpty { attemptsContentDigests = [] }
        if let digest = openIntent?.intent.contentDigest { attemptsContentDigests.insert(digest) }
        var open = OpenAttempt(firstBegunAt: instant, since: instant)
        if case .open(let earlier)? = sinkAttempts[attempt] {
            open.firstBegunAt = earlier.firstBegunAt
            open.hasEarlierTry = true
        }
        sinkAttempts[attempt] = .open(open)
        attemptsBegunAt[attempt] = attemptsBegunAt[attempt] ?? instant
    }

    /// Whether a message that came then can be about that attempt, as far as this journal knows.
    package func mayConclude(_ attempt: SinkAttemptName, at instant: Timestamp) -> Bool {
        if receipt != nil || wasRestored { return true }
        return attemptsBegunAt[attempt].map { $0 <= instant } ?? false
    }

    mutating func applyAttemptEnd(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd, at instant: Timestamp) {
        switch end {
        case .finished(let evidence): sinkAttempts[attempt] = .finished(evidence)
        case .notApplied:
            // A try that had no effect says nothing about an earlier one, whose end is still open.
            if case .open(let open)? = sinkAttempts[attempt], open.hasEarlierTry {
                doubt(attempt, at: instant)
            } else {
                sinkAttempts[attempt] = nil
            }
        case .unknown: doubt(attempt, at: instant)
        }
    }

    /// Whoever made them is gone.
    mutating func doubtAttempts(at instant: Timestamp) {
        for attempt in sinkAttempts.keys { doubt(attempt, at: instant) }
    }

    private mutating func doubt(_ attempt: SinkAttemptName, at instant: Timestamp) {
        guard case .open(var open)? = sinkAttempts[attempt] else { return }
        open.since = instant
        open.isUnderWay = false
        sinkAttempts[attempt] = .open(open)
    }

    /// A person looked in the ERP and ordered the create to be sent once more: what nobody can ask about doesn't stand against it.
    mutating func orderOpenAttempts() {
        for (attempt, state) in sinkAttempts {
            guard case .open(var open) = state else { continue }
            open.isOrdered = true
            sinkAttempts[attempt] = .open(open)
        }
    }
}
