package import Orders
import SinkKit

/// Answers the one question: given this order's journal, this policy and this instant, what is next?
///
/// Pure. Everything the engine does to an order, `explain` and `--dry-run` come from here.
package struct Planner: Sendable {
    package let policy: FlowPolicy

    package init(policy: FlowPolicy) { self.policy = policy }

    package func next(_ progress: OrderProgress, at now: Timestamp) -> Decision {
        if let skip = progress.skip {
            return .rest(Verdict(.dismissed, .skippedByPerson, "\(skip.by) took it out: \(skip.reason)"))
        }
        if let hold = progress.personHold {
            return .rest(Verdict(.held, .heldByPerson, "\(hold.by) put it on hold: \(hold.reason)"))
        }
        if let retryAt = progress.retryAt, retryAt > now, let failure = progress.lastFailure {
            if progress.ticket != nil, failure.failureClass == .throttled {
                return .rest(Verdict(.waiting, .awaitingERP, "The ERP has it and is still working on it.", until: retryAt))
            }
            return .rest(
                Verdict(.waiting, .retryLater, "\(failure.activity) failed and is tried again: \(failure.message)", until: retryAt))
        }
        if let failure = progress.lastFailure, failure.failureClass == .rejected {
            return .rest(Verdict(.quarantined, .refusedByShop, "\(failure.activity) was refused: \(failure.message)"))
        }
        if progress.failureCount >= policy.failuresMax, let failure = progress.lastFailure, !progress.isReleased(.retriesExhausted) {
            return .rest(
                Verdict(
                    .quarantined, .retriesExhausted,
                    "\(failure.activity) failed \(progress.failureCount) times in a row: \(failure.message)"))
        }
        if let receipt = progress.receipt {
            return AfterPush(policy: policy, receipt: receipt).next(progress, at: now)
        }
        if let conflict = progress.conflict { return .rest(Verdict(.quarantined, .keyConflict, conflict)) }
        if let ticket = progress.ticket { return .poll(ticket) }
        if let open = progress.openIntent { return settle(open, progress, at: now) }
        return beforePush(progress, at: now)
    }

    private func beforePush(_ progress: OrderProgress, at now: Timestamp) -> Decision {
        guard let reading = progress.reading, reading.isFresh(at: now), !progress.mustRead else { return .read }
        if let givenUpOn = progress.givenUpOn, !reading.differs(from: givenUpOn), let verdict = progress.verdict {
            return .rest(verdict)
        }
        switch Gate(policy: policy).judge(reading, progress, at: now) {
        case .stop(let verdict): return .rest(verdict)
        case .onlyIfTheERPHasIt: return adoptOrQuarantine(reading, progress)
        case .go: break
        }
        if let rejection = progress.rejection, rejection.contentDigest == reading.contentDigest {
            let count = rejection.faults.count == 1 ? "1 fault" : "\(rejection.faults.count) faults"
            let sentence = rejection.wasSent ? "The ERP refused it: \(count)." : "It lacks what the ERP needs: \(count); nothing was sent."
            return .rest(Verdict(.quarantined, .rejected, sentence, faults: rejection.faults))
        }
        if policy.sinkClass.canFind {
            if !progress.isKnownAbsent { return .seek }
        } else if !progress.mayCreateOnce, let verdict = olderThanLedger(reading) {
            return .rest(verdict)
        }
        return .create(attempt: progress.attempts + 1)
    }

    /// An order that the shop calls processing or done and that we never pushed: somebody else did, or a lost ledger's Crossdock.
    private func adoptOrQuarantine(_ reading: OrderReading, _ progress: OrderProgress) -> Decision {
        if policy.sinkClass.canFind, !progress.isKnownAbsent { return .seek }
        let lookedUp = policy.sinkClass.canFind ? "the ERP doesn't know it by our key" : "the ERP can't be asked"
        return .rest(
            Verdict(
                .quarantined, .processedElsewhere,
                "The shop shows it as '\(reading.state.rawValue)' though this ledger never pushed it, and \(lookedUp). "
                    + "Use 'adopt' with its ERP number, or 'skip'."))
    }

    private func olderThanLedger(_ reading: OrderReading) -> Verdict? {
        if let confirmedAt = reading.confirmedAt, confirmedAt >= policy.ledgerCreatedAt { return nil }
        return Verdict(
            .quarantined, .olderThanLedger,
            "It was confirmed before this ledger was made, so another ledger may have pushed it, and the ERP can't be asked. "
                + "Look in the ERP; then 'adopt' it, or 'rerun --from push'.")
    }

    // MARK: A create whose end is not known

    private func settle(_ open: OrderProgress.OpenIntent, _ progress: OrderProgress, at now: Timestamp) -> Decision {
        guard let since = open.uncertainSince else { return .recordInterruption }
        switch effectiveClass(open, at: now) {
        case .neither: return .rest(outcomeUnknown(open, "this ERP can't be asked"))
        case .lookUp(let latestEffect): return settleByLookUp(open, progress, since: since, latestEffect: latestEffect, at: now)
        case .key(_, let latestEffect):
            return settleByKey(open, progress, since: since, latestEffect: latestEffect, at: now)
        }
    }

    /// A key that has expired protects nothing any more.
    private func effectiveClass(_ open: OrderProgress.OpenIntent, at now: Timestamp) -> SinkClass {
        guard case .key(let retention?, let latestEffect) = policy.sinkClass, now - open.firstIntendedAt >= retention else {
            return policy.sinkClass
        }
        return latestEffect.map { .lookUp(latestEffect: $0) } ?? .neither
    }

    private func settleByLookUp(
        _ open: OrderProgress.OpenIntent, _ progress: OrderProgress, since: Timestamp, latestEffect: Duration, at now: Timestamp
    ) -> Decision {
        let settledAt = since + latestEffect
        if now < settledAt {
            return .rest(
                Verdict(
                    .waiting, .outcomeSettling,
                    "A create was sent and its answer was lost; the ERP is asked once no late effect is possible.", until: settledAt))
        }
        if let absentAt = open.absentAt, absentAt >= settledAt { return beforePush(progress, at: now) }
        return .seek
    }

    private func settleByKey(
        _ open: OrderProgress.OpenIntent, _ progress: OrderProgress, since: Timestamp, latestEffect: Duration?, at now: Timestamp
    ) -> Decision {
        guard let reading = progress.reading, reading.isFresh(at: now), !progress.mustRead else { return .read }
        let isUnchanged = reading.contentDigest == open.intent.contentDigest && progress.generation == open.intent.generation
        if isUnchanged, Gate(policy: policy).judge(reading, progress, at: now) == .go { return .repeatCreate(open.intent) }
        // The order may not go any more, or not as it was sent: only the ERP can say whether it went.
        if let latestEffect {
            return settleByLookUp(open, progress, since: since, latestEffect: latestEffect, at: now)
        }
        guard open.absentAt != nil else { return .seek }
        return .rest(
            outcomeUnknown(open, "the shop's order was changed since, so it can't be repeated, and the ERP doesn't show it yet"))
    }

    private func outcomeUnknown(_ open: OrderProgress.OpenIntent, _ why: String) -> Verdict {
        Verdict(
            .quarantined, .outcomeUnknown,
            "Create attempt \(open.intent.attempt) was sent and its outcome is not known; \(why). "
                + "Look in the ERP; then 'adopt' it, or 'rerun --from push' to send it once more.")
    }
}
