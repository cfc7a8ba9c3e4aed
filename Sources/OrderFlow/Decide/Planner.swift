package import Orders
import SinkKit

/// Answers the one question: given this order's journal and this instant, what is next?
package protocol Planning: Sendable {
    func next(_ progress: OrderProgress, at now: Timestamp) -> Decision
}

/// Answers it for one policy.
///
/// Pure. Everything the engine does to an order, `explain` and `--dry-run` come from here.
package struct Planner: Planning {
    package let policy: FlowPolicy

    package init(policy: FlowPolicy) { self.policy = policy }

    package func next(_ progress: OrderProgress, at now: Timestamp) -> Decision {
        if let objection = progress.objection, progress.personHold == nil {
            return .rest(Verdict(.quarantined, objection.reason, objection.sentence))
        }
        if let skip = progress.skip {
            return .rest(Verdict(.dismissed, .skippedByPerson, "\(skip.by) took it out: \(skip.reason)"))
        }
        if let hold = progress.personHold {
            return .rest(Verdict(.held, .heldByPerson, "\(hold.by) put it on hold: \(hold.reason)"))
        }
        if let verdict = needsPersonForOutcome(progress) ?? silence(progress) ?? failureVerdict(progress, at: now) {
            return .rest(verdict)
        }
        if progress.isListedOffline { return OfflineOrder(policy: policy).next(progress, at: now) }
        if let receipt = progress.receipt {
            return AfterPush(policy: policy, receipt: receipt).next(progress, at: now)
        }
        if let why = progress.cancellation { return .rest(cancelledInERP(why)) }
        if let conflict = progress.conflict { return .rest(Verdict(.quarantined, .keyConflict, conflict)) }
        if let ticket = progress.ticket { return progress.hasAttemptUnderWay ? .recordInterruption : .poll(ticket) }
        if let open = progress.openIntent { return settle(open, progress, at: now) }
        return beforePush(progress, at: now)
    }

    /// A create of class N whose end is unknown isn't tried again, so there is nothing to wait for.
    private func needsPersonForOutcome(_ progress: OrderProgress) -> Verdict? {
        guard policy.sinkClass == .neither, progress.receipt == nil, progress.ticket == nil, progress.conflict == nil,
            !progress.mayCreateOnce, let open = progress.openIntent, open.uncertainSince != nil
        else { return nil }
        return outcomeUnknown(open, "this ERP can't be asked")
    }

    private func cancelledInERP(_ why: String) -> Verdict {
        Verdict(
            .quarantined, .cancelledInERP,
            "The ERP says that it cancelled it: \(why.isEmpty ? "it doesn't say why" : why). The shop isn't told. "
                + "'rerun --from push' sends it once more, 'skip' leaves it.")
    }

    /// The ERP took it, and what became of it was to come by a message that didn't come. Nothing is sent again by itself.
    private func silence(_ progress: OrderProgress) -> Verdict? {
        guard policy.sinkClass == .neither, policy.receivesMessages, progress.receipt == nil, progress.ticket != nil,
            let failure = progress.lastFailure, failure.activity == "poll", failure.failureClass == .unknown
        else { return nil }
        return Verdict(
            .quarantined, .outcomeUnknown,
            "The ERP took it and didn't tell what became of it: \(failure.message). A message that comes yet is believed. "
                + "Look in the ERP; then 'adopt' it, or 'rerun --from push' to send it once more.")
    }

    private func failureVerdict(_ progress: OrderProgress, at now: Timestamp) -> Verdict? {
        guard let failure = progress.lastFailure else { return nil }
        if let retryAt = progress.retryAt, retryAt > now {
            if progress.ticket != nil, failure.failureClass == .throttled {
                return Verdict(.waiting, .awaitingERP, "The ERP has it and is still working on it.", until: retryAt)
            }
            if progress.openIntent != nil, failure.failureClass == .unknown {
                return Verdict(
                    .waiting, .outcomeSettling,
                    "The step '\(failure.activity)' was sent and its outcome is not known yet: \(failure.message)",
                    until: retryAt)
            }
            return Verdict(
                .waiting, .retryLater, "The step '\(failure.activity)' failed and is tried again: \(failure.message)",
                until: retryAt)
        }
        if failure.failureClass == .rejected {
            return Verdict(.quarantined, .refusedByShop, "The step '\(failure.activity)' was refused: \(failure.message)")
        }
        if progress.failureCount >= policy.failuresMax {
            return Verdict(
                .quarantined, .retriesExhausted,
                "The step '\(failure.activity)' failed \(progress.failureCount) times in a row: \(failure.message)")
        }
        return nil
    }

    private func beforePush(_ progress: OrderProgress, at now: Timestamp) -> Decision {
        guard let reading = progress.freshReading(at: now), !progress.mustRead else { return .read }
        if let givenUpOn = progress.givenUpOn, !reading.differs(from: givenUpOn.reading) { return .rest(givenUpOn.verdict) }
        switch Gate(policy: policy).judge(reading, progress, at: now) {
        case .onlyIfTheERPHasIt where progress.draft != nil:
            return policy.deliversSecrets ? .rest(codesMissing(reading, progress)) : .keepDraft
        case .stop(let verdict):
            if mustLookBeforeDropping(verdict, reading, progress) { return seekOnceSettled(reading, progress, at: now) }
            return .rest(numberedElsewhere(verdict, reading, progress) ?? stopped(verdict, progress))
        case .onlyIfTheERPHasIt: return adoptOrQuarantine(reading, progress, at: now)
        case .go: break
        }
        if let verdict = rejection(of: reading, progress) { return .rest(verdict) }
        if let verdict = partlyPushed(reading, progress) { return .rest(verdict) }
        if progress.draft != nil { return carryOn(reading, progress) }
        if policy.sinkClass.canFind, !progress.isKnownAbsent { return seekOnceSettled(reading, progress, at: now) }
        if !progress.mayCreateOnce, let verdict = unknownPast(reading, progress) { return .rest(verdict) }
        return .create(attempt: progress.attempts + 1)
    }

    // MARK: What another ledger may have done

    /// Until when a create may have been sent that this ledger knows nothing of; `nil`: there can be none.
    private func unknownPastEnd(_ reading: OrderReading, _ progress: OrderProgress) -> Timestamp? {
        if let restored = progress.restored { return max(restored.at, progress.clockSetAt ?? restored.at) }
        if let confirmedAt = reading.confirmedAt, confirmedAt >= policy.ledgerCreatedAt { return nil }
        return max(policy.ledgerCreatedAt, progress.clockSetAt ?? policy.ledgerCreatedAt)
    }

    /// What another ledger sent last may still be on its way: the ERP's "no" counts only once that can't be.
    private func seekOnceSettled(_ reading: OrderReading, _ progress: OrderProgress, at now: Timestamp) -> Decision {
        guard case .lookUp(let latestEffect) = policy.sinkClass, let end = unknownPastEnd(reading, progress),
            now < end + latestEffect
        else { return .seek }
        return .rest(
            Verdict(
                .waiting, .outcomeSettling,
                "The ledger is new, and what another one may have sent must have settled before the ERP is asked.",
                until: end + latestEffect))
    }

    /// Where the ERP can be asked, it was, and has no such order.
    private func unknownPast(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        if let doubt = progress.restored?.doubt {
            return Verdict(
                .quarantined, .olderThanLedger,
                "The ledger was rebuilt, and \(doubt). Look in the ERP; then 'adopt' it, 'skip' it, or 'rerun --from push'.")
        }
        guard !policy.sinkClass.canFind, unknownPastEnd(reading, progress) != nil else { return nil }
        return Verdict(
            .quarantined, .olderThanLedger,
            "It was confirmed before this ledger was made, so another ledger may have pushed it, and the ERP can't be asked. "
                + "Look in the ERP; then 'adopt' it, or 'rerun --from push'.")
    }

    private func rejection(of reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        guard let rejection = progress.rejection, rejection.contentDigest == reading.contentDigest else { return nil }
        // Made ready with other tables, it may lack nothing.
        if !rejection.wasSent, rejection.preparedWith != policy.preparedWith { return nil }
        if rejection.isQuestion {
            guard !progress.isReleased(.mappingQuestion) else { return nil }
            let count = rejection.faults.count.counted("entry", plural: "entries")
            return Verdict(
                .quarantined, .mappingQuestion,
                "The mapping tables lack \(count) for it; nothing was sent. Write what is missing, or 'release' it as the shop has it.",
                faults: rejection.faults)
        }
        let count = rejection.faults.count.counted("fault")
        return Verdict(.quarantined, .rejected, sentence(rejection, count, progress), faults: rejection.faults)
    }

    /// What went before the refusal is there all the same, and only a person can put it in order.
    private func sentence(_ rejection: OrderProgress.Rejection, _ count: String, _ progress: OrderProgress) -> String {
        guard progress.isPartlyPushed else {
            return rejection.wasSent
                ? "The ERP refused it: \(count)." : "It lacks what the ERP needs: \(count); nothing was sent."
        }
        let refusal = rejection.wasSent ? "The ERP refused the rest of it: \(count)" : "It lacks what the ERP needs: \(count)"
        return "\(refusal). \(progress.partWentWords) before: \(progress.partlyPushedWords). Put that in order in the ERP."
    }

    /// An order that the shop calls processing or done and that we never pushed: somebody else did, or a lost ledger's Crossdock.
    private func adoptOrQuarantine(_ reading: OrderReading, _ progress: OrderProgress, at now: Timestamp) -> Decision {
        if policy.sinkClass.canFind, !progress.isKnownAbsent { return seekOnceSettled(reading, progress, at: now) }
        let lookedUp = policy.sinkClass.canFind ? "the ERP doesn't know it by our key" : "the ERP can't be asked"
        return .rest(
            Verdict(
                .quarantined, .processedElsewhere,
                "The shop shows it as '\(reading.state.rawValue)' though this ledger never pushed it, and \(lookedUp). "
                    + "Use 'adopt' with its ERP number, or 'skip'."))
    }

    /// What was bought for it hands out codes, and this ledger has none of them: to go on would close an order whose buyer got nothing.
    private func codesMissing(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict {
        Verdict(
            .quarantined, .processedElsewhere,
            "The shop shows it as '\(reading.state.rawValue)', and codes were bought for it as \(progress.draft?.receipt.erpOrderNumber ?? ""), "
                + "which this ledger doesn't have. Look at the seller of the codes, and whether the buyer has them; then 'adopt' it with that "
                + "number, or 'skip'.")
    }

    // MARK: A create of which a part is done

    private func partlyPushed(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        guard progress.isPartlyPushed(otherThan: reading.contentDigest), !progress.isReleased(.partlyPushed) else { return nil }
        return Verdict(
            .quarantined, .partlyPushed,
            "\(progress.partWentWords) (\(progress.partlyPushedWords)), and then it was changed in the shop. Look in the ERP; "
                + "'release' sends the rest as it is now.")
    }

    /// With the bytes that made the draft, where they are known and still those of the shop's order.
    private func carryOn(_ reading: OrderReading, _ progress: OrderProgress) -> Decision {
        guard let open = progress.openIntent, open.intent.contentDigest == reading.contentDigest else {
            return .create(attempt: progress.attempts + 1)
        }
        return .repeatCreate(open.intent)
    }

    /// A create was sent once that left nothing, as far as is known: only the ERP can say whether it has a draft.
    private func mustLookBeforeDropping(_ verdict: Verdict, _ reading: OrderReading, _ progress: OrderProgress) -> Bool {
        let mayBeThere = progress.wasCreateIntended || foreignNumber(verdict, reading, progress) != nil
        return verdict.standing == .dismissed && mayBeThere && policy.sinkClass.canFind
            && !progress.isKnownAbsent && progress.draft == nil && progress.openIntent == nil
    }

    /// The ERP number of a cancelled order that this ledger didn't write there: another ledger, or somebody else, may have got it for it.
    private func foreignNumber(_ verdict: Verdict, _ reading: OrderReading, _ progress: OrderProgress) -> String? {
        guard verdict.reason == .cancelledBeforePush, let number = reading.erpOrderNumber, !number.isEmpty,
            !progress.replacedReceipts.contains(where: { $0.erpOrderNumber == number })
        else { return nil }
        return number
    }

    private func numberedElsewhere(_ verdict: Verdict, _ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        guard let number = foreignNumber(verdict, reading, progress), !progress.isPartlyPushed, progress.draft == nil else {
            return nil
        }
        let lookedUp = policy.sinkClass.canFind ? "the ERP doesn't know it by our key" : "the ERP can't be asked"
        return Verdict(
            .quarantined, .processedElsewhere,
            "It was cancelled in the shop, which shows ERP order \(number) though this ledger never pushed it, and \(lookedUp). "
                + "Put it in order in the ERP, then 'skip' it.")
    }

    /// An order that is over in the shop isn't over in the ERP where a part of it went there; one that only has to wait says so.
    private func stopped(_ verdict: Verdict, _ progress: OrderProgress) -> Verdict {
        guard verdict.standing == .dismissed else { return mentioningParts(verdict, progress) }
        if let draft = progress.draft {
            return Verdict(
                .quarantined, .partlyPushed,
                "The ERP has it as draft \(draft.receipt.erpOrderNumber), and then: \(verdict.sentence) "
                    + "Put it in order in the ERP, then 'skip' it.")
        }
        guard progress.isPartlyPushed else { return verdict }
        return Verdict(
            .quarantined, .partlyPushed,
            "\(progress.partWentWords) (\(progress.partlyPushedWords)), and then: \(verdict.sentence) Put it in order in the ERP, then "
                + "'skip' it.")
    }

    private func mentioningParts(_ verdict: Verdict, _ progress: OrderProgress) -> Verdict {
        var verdict = verdict
        if let draft = progress.draft {
            verdict.sentence += " The ERP has it as draft \(draft.receipt.erpOrderNumber)."
        } else if progress.isPartlyPushed {
            verdict.sentence += " \(progress.partWentWords) before: \(progress.partlyPushedWords)."
        }
        return verdict
    }

    // MARK: A create whose end is not known

    private func settle(_ open: OrderProgress.OpenIntent, _ progress: OrderProgress, at now: Timestamp) -> Decision {
        guard let uncertainSince = open.uncertainSince else { return .recordInterruption }
        let since = max(uncertainSince, progress.clockSetAt ?? uncertainSince)
        switch policy.sinkClass {
        case .neither: return leaveToPerson(open, "this ERP can't be asked", progress, at: now)
        case .lookUp(let latestEffect):
            return settleByLookUp(open, progress, since: since, latestEffect: latestEffect, at: now)
        case .key(let retention, let latestEffect):
            if isProtected(open, retention: retention, at: now) {
                return settleByKey(open, progress, since: since, latestEffect: latestEffect, at: now)
            }
            if let latestEffect { return settleByLookUp(open, progress, since: since, latestEffect: latestEffect, at: now) }
            if progress.draft != nil { return beforePush(progress, at: now) }
            guard open.absentAt != nil else { return .seek }
            return leaveToPerson(open, "its key has expired, and the ERP doesn't show it", progress, at: now)
        }
    }

    /// Whether the ERP will still know the key when a repeat reaches it: the retention's last tenth is left for the way there.
    private func isProtected(_ open: OrderProgress.OpenIntent, retention: Duration?, at now: Timestamp) -> Bool {
        guard let retention else { return true }
        return now - open.firstIntendedAt < retention - retention / 10
    }

    private func settleByLookUp(
        _ open: OrderProgress.OpenIntent, _ progress: OrderProgress, since: Timestamp, latestEffect: Duration, at now: Timestamp
    ) -> Decision {
        let settledAt = since + latestEffect
        if now < settledAt {
            return .rest(
                Verdict(
                    .waiting, .outcomeSettling,
                    "A create was sent and its answer was lost; the ERP is asked once no late effect is possible.",
                    until: settledAt))
        }
        let lookedUpAt = open.absentAt ?? progress.draft?.foundAt
        if let lookedUpAt, lookedUpAt >= settledAt { return beforePush(progress, at: now) }
        return .seek
    }

    private func settleByKey(
        _ open: OrderProgress.OpenIntent, _ progress: OrderProgress, since: Timestamp, latestEffect: Duration?, at now: Timestamp
    ) -> Decision {
        guard let reading = progress.freshReading(at: now), !progress.mustRead else { return .read }
        let isRepeatable = reading.contentDigest == open.intent.contentDigest && progress.rejection == nil
        let mayGo = isRepeatable && Gate(policy: policy).judge(reading, progress, at: now) == .go
        // What was refused is refused again; made ready anew, by tables that were mended, it may not be.
        if mayGo, !open.wasRefused { return .repeatCreate(open.intent) }
        // The order may not go any more, or not as it was sent: only the ERP can say whether it went.
        if let latestEffect {
            return settleByLookUp(open, progress, since: since, latestEffect: latestEffect, at: now)
        }
        if progress.draft != nil { return beforePush(progress, at: now) }
        guard open.absentAt != nil else { return .seek }
        if let verdict = rejection(of: reading, progress) { return .rest(verdict) }
        // Should a try before take effect yet, the key forbids another order.
        if mayGo { return beforePush(progress, at: now) }
        return leaveToPerson(
            open, "the shop's order was changed since, so it can't be repeated, and the ERP doesn't show it yet", progress,
            at: now)
    }

    /// One create per human decision.
    private func leaveToPerson(
        _ open: OrderProgress.OpenIntent, _ why: String, _ progress: OrderProgress, at now: Timestamp
    ) -> Decision {
        progress.mayCreateOnce ? beforePush(progress, at: now) : .rest(outcomeUnknown(open, why))
    }

    private func outcomeUnknown(_ open: OrderProgress.OpenIntent, _ why: String) -> Verdict {
        Verdict(
            .quarantined, .outcomeUnknown,
            "Create attempt \(open.intent.attempt) was sent and its outcome is not known; \(why). "
                + "Look in the ERP; then 'adopt' it, or 'rerun --from push' to send it once more.")
    }
}
