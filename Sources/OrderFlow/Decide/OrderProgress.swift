package import Orders
package import SinkKit

/// What an order's journal adds up to. A fold: the same entries always give the same value.
///
/// Only the fold sets the properties; what people decide is folded in a file of its own.
package struct OrderProgress: Sendable, Equatable {
    package internal(set) var entryCount = 0
    /// The shop listed it as placed elsewhere: whatever else happens, it isn't pushed.
    package internal(set) var isListedOffline = false
    package internal(set) var reading: OrderReading?
    package internal(set) var verdict: Verdict?
    /// Since when the order has been on hold without a break.
    package internal(set) var heldSince: Timestamp?
    package internal(set) var givenUpOn: GivenUp?
    package internal(set) var attempts = 0
    package internal(set) var generation = 1
    package internal(set) var openIntent: OpenIntent?
    package internal(set) var ticket: SinkTicket?
    /// Since when it has said what it says.
    package internal(set) var ticketSince: Timestamp?
    /// What the ledger keeps of the codes that the sink handed out.
    package internal(set) var storedCodes: Set<CodeName> = []
    /// The ERP said, in answer to a look-up, that it has no such order, and no create was sent since.
    package internal(set) var isKnownAbsent = false
    /// A create at the key of this generation was about to be sent once.
    package internal(set) var wasCreateIntended = false
    /// The sink's calls inside the create at the key of this generation, as long as the ERP doesn't have the order.
    package internal(set) var sinkAttempts: [SinkAttemptName: AttemptProgress] = [:]
    /// When each was begun first, also of those that are done.
    var attemptsBegunAt: [SinkAttemptName: Timestamp] = [:]
    /// Of the creates that they belong to.
    var attemptsContentDigests: Set<String> = []
    /// The ledger was rebuilt then: earlier attempts may not be in the journal.
    var attemptsLostAt: Timestamp?
    /// The ERP said, in answer to a look-up, that it has the order as a draft, and no create was sent since.
    package internal(set) var draft: Draft?
    package internal(set) var receipt: SinkReceipt?
    /// Of ERP orders that a person ordered to be replaced: what the shop shows of them is ours to overwrite.
    package internal(set) var replacedReceipts: [SinkReceipt] = []
    package internal(set) var receiptAt: Timestamp?
    /// What the ERP was told; `nil` where that isn't known (adopted orders).
    package internal(set) var pushedContentDigest: String?
    /// In which units the ERP has the order's lines: ``CreateIntent/factors`` of the last create; `nil` where somebody else's
    /// order was found or adopted.
    package internal(set) var factors: [LineFactor]?
    package internal(set) var rejection: Rejection?
    package internal(set) var lastFailure: Failure?
    package internal(set) var failureCount = 0
    package internal(set) var retryAt: Timestamp?
    /// The last reading must not be relied on: something failed or was ordered since.
    package internal(set) var mustRead = true
    /// When the clock was set last, as far as this session's worker knows: a wait that began before begins anew then.
    package var clockSetAt: Timestamp?

    /// The last reading, where it is close enough for a write or a create to rely on it. The age of one that began before the clock was set
    /// can't be told.
    package func freshReading(at now: Timestamp) -> OrderReading? {
        guard let reading, reading.isFresh(at: now) else { return nil }
        // A clock may go back by so little that it counts as right, and then nothing begins after it was set for a while.
        if let clockSetAt, clockSetAt <= now, reading.beganAt < clockSetAt { return nil }
        return reading
    }

    package internal(set) var personHold: PersonDecision?
    package internal(set) var skip: PersonDecision?
    /// What a person let the order go on past since the ERP has it, or before.
    package internal(set) var releases: [Release] = []
    /// A person ordered one create in spite of what stood against it, and it wasn't sent yet.
    package internal(set) var mayCreateOnce = false
    /// Before the push what the ERP holds against our key, after it what somebody else did in the shop.
    package internal(set) var conflict: String?
    package internal(set) var lastWrite: LastWrite?
    /// It was finished once with the receipt it has.
    package internal(set) var isFinished = false
    /// What the ERP told of what left the house; `nil`: it wasn't asked, or told of none yet.
    package internal(set) var shipments: KnownShipments?
    /// The shipments must not be relied on: the ERP wasn't asked in this session.
    package internal(set) var mustAskShipments = true
    /// In the order in which they were rendered: that with ordinal 1 comes first.
    package internal(set) var documents: [DocumentProgress] = []
    /// The ERP's order is older than what this journal knows of it: of the shipments told of next, others may have been told already.
    package internal(set) var mayHaveToldShipments = false
    /// Ids of shipments of ERP orders that this one's order has no more.
    package internal(set) var replacedShipments: [String] = []
    /// Ids of shipments that were there then, and of which this journal has no documents.
    package internal(set) var doubtfulShipments: [String] = []
    /// At most one for each cause.
    package internal(set) var impossibleDocuments: [ImpossibleDocument] = []
    /// ``KnownShipment/digest`` of shipments that a person saw after they had changed.
    package internal(set) var releasedShipmentDigests: [String] = []
    /// The ledger was rebuilt in the midst of it: what was sent last may not be in the journal.
    package internal(set) var wasRestored = false
    /// The ledger was rebuilt since, and no create was sent or found from the new one.
    package internal(set) var restored: Restored?
    /// The ERP refused what it was sent under the present key, whatever came after.
    package internal(set) var wasRefused = false
    /// What the ERP's messages call its creates by, with the generation of the key that each belongs to.
    package internal(set) var tickets: [String: Int] = [:]
    /// What was taken in from the ERP's messages, and what it came to.
    package internal(set) var messages: [MessageName: MessageReason] = [:]
    /// By the SHA-256 of its bytes the first message that had them.
    var messageDigests: [String: String] = [:]
    /// What the ERP told by itself and contradicts what was known before.
    package internal(set) var objection: MessageObjection?
    /// The ERP said by itself that it cancelled what it was sent, before it said that it has it; in its words why.
    package internal(set) var cancellation: String?
    /// Of the ERP's order that it has.
    package internal(set) var cancelRequest: CancelRequest?
    /// How many of the requests to cancel the ERP's order a message may still answer: a later one doesn't end the wait for an earlier one.
    var cancelsOpen = 0

    package init() {}

    package init(_ entries: [JournalEntry]) {
        for entry in entries { apply(entry.event, at: entry.at) }
    }

    package mutating func apply(_ event: JournalEvent, at instant: Timestamp) {
        entryCount += 1
        switch event {
        case .listedOffline: isListedOffline = true
        case .read(let reading): applyRead(reading)
        case .verdict(let verdict): applyVerdict(verdict, at: instant)
        case .createIntended(let intent): applyIntent(intent, at: instant)
        case .createEnded(let attempt, let end): applyEnd(of: attempt, end, at: instant)
        case .attemptBegun(let attempt): applyAttemptBeginning(attempt, at: instant)
        case .attemptEnded(let attempt, let end): applyAttemptEnd(attempt, end, at: instant)
        case .draftKept:
            if let draft { accept(draft.receipt, at: instant, contentDigest: openIntent?.intent.contentDigest) }
        case .interrupted:
            openIntent?.uncertainSince = instant
            doubtAttempts(at: instant)
        case .sought(let finding): applyFinding(finding, at: instant)
        case .wrote(let steps, let reading): applyWrite(steps, reading, at: instant)
        case .shipped(let shipments): applyShipments(shipments)
        case .documentRendered(let record): applyRendering(record, at: instant)
        case .documentImpossible(let cause, let faults): applyImpossible(cause, faults)
        case .documentSending(let ordinal): update(ordinal) { $0.beginSending(at: instant) }
        case .documentEnded(let ordinal, let end): applyEnd(ofDocument: ordinal, end, at: instant)
        case .codesStored(let names): storedCodes.formUnion(names)
        case .codesRevealed: break
        case .failed(let failure): applyFailure(failure)
        case .person(let decision): applyDecision(decision, at: instant)
        case .message(let entry): applyMessage(entry, at: instant)
        case .cancelAsked: beginCancel()
        case .cancelEnded(let end): applyCancelEnd(end)
        case .restored(let restoration): applyRestoration(restoration, at: instant)
        }
    }

    private mutating func applyRead(_ newReading: OrderReading) {
        reading = newReading
        mustRead = false
        forgetFailedReads()
    }

    private mutating func applyVerdict(_ newVerdict: Verdict, at instant: Timestamp) {
        verdict = newVerdict
        switch newVerdict.standing {
        // A failure in between is no break: the order is still on hold, or still given up on.
        case .new, .waiting: break
        case .held: heldSince = heldSince ?? instant
        case .quarantined, .dismissed: heldSince = nil
        case .finished:
            heldSince = nil
            isFinished = true
            // What let the order be marked once more doesn't let it be marked a third time.
            releases.removeAll { $0.reason == .reopenedInShop }
        }
        if newVerdict.reason == .heldTooLong {
            givenUpOn = reading.map { GivenUp(verdict: newVerdict, reading: $0) }
        } else if let givenUpOn, reading?.differs(from: givenUpOn.reading) ?? false {
            self.givenUpOn = nil
        }
        // A read that shows nothing new has no entry of its own, but what it led to has.
        if [.held, .dismissed, .finished].contains(newVerdict.standing) { forgetFailedReads() }
    }

    private mutating func applyIntent(_ intent: CreateIntent, at instant: Timestamp) {
        let earlier = openIntent.flatMap { $0.intent.attempt == intent.attempt ? $0 : nil }
        openIntent = OpenIntent(
            intent: intent, firstIntendedAt: earlier?.firstIntendedAt ?? instant,
            earlierTries: earlier.map { $0.earlierTries + 1 } ?? 0,
            followsOtherBytes: openIntent.map { !$0.isOnly(intent.payloadDigest) } ?? false,
            carriesOnDraft: draft != nil || earlier?.carriesOnDraft ?? false,
            wasOrderedByPerson: mayCreateOnce)
        factors = intent.factors
        if let ticket = intent.ticket { tickets[ticket] = intent.generation }
        attempts = max(attempts, intent.attempt)
        wasCreateIntended = true
        isKnownAbsent = false
        draft = nil
        if mayCreateOnce { orderOpenAttempts() }
        mayCreateOnce = false
        rejection = nil
        restored = nil
    }

    /// - Parameter attempt: 0 where the order lacked something and wasn't sent at all, which closes no open intent.
    mutating func applyEnd(of attempt: Int, _ end: CreateEnd, at instant: Timestamp) {
        let ended = openIntent.flatMap { $0.intent.attempt == attempt ? $0 : nil }
        switch end {
        case .accepted(let receipt): accept(receipt, at: instant, contentDigest: ended?.intent.contentDigest)
        case .pending(let ticket):
            tickets[ticket.text] = generation
            // The final word may have come by a message before the create was answered.
            guard ended != nil, receipt == nil else { return }
            if self.ticket?.text != ticket.text { ticketSince = instant }
            self.ticket = ticket
            forgetFailures()
        case .rejected(let faults):
            rejection = Rejection(
                faults: faults, contentDigest: ended?.intent.contentDigest ?? reading?.contentDigest, wasSent: attempt > 0)
            wasRefused = wasRefused || attempt > 0
            if let ended { applyNoEffect(of: ended, at: instant) }
            openIntent?.wasRefused = true
        case .lacking(let lack):
            rejection = Rejection(
                faults: lack.faults, contentDigest: reading?.contentDigest, wasSent: false, preparedWith: lack.preparedWith,
                isQuestion: lack.isQuestion)
        case .notApplied:
            if let ended {
                applyNoEffect(of: ended, at: instant)
                mayCreateOnce = ended.wasOrderedByPerson
            }
        case .unknown:
            if ended != nil { openIntent?.uncertainSince = instant }
        }
    }

    /// A repeat that had no effect says nothing about an earlier try, whose end is still open.
    private mutating func applyNoEffect(of ended: OpenIntent, at instant: Timestamp) {
        ticket = nil
        if ended.earlierTries > 0 {
            openIntent?.earlierTries -= 1
            openIntent?.uncertainSince = instant
        } else {
            openIntent = nil
            // What the sink did of it before stays done: the ERP may show it.
            isKnownAbsent = sinkAttempts.isEmpty && !ended.carriesOnDraft
        }
    }

    private mutating func applyFinding(_ finding: Finding, at instant: Timestamp) {
        draft = nil
        switch finding {
        case .found(let receipt) where receipt.state == .draft:
            draft = Draft(receipt: receipt, foundAt: instant)
            openIntent?.absentAt = nil
            if openIntent == nil { forgetFailures() } else { retryAt = nil }
        case .found(let receipt): accept(receipt, at: instant, contentDigest: openIntent?.intent.contentDigest)
        case .absent:
            isKnownAbsent = true
            openIntent?.absentAt = instant
            // An ERP that never answers a create, only look-ups, has failures in a row all the same.
            if openIntent == nil { forgetFailures() } else { retryAt = nil }
        }
    }

    mutating func accept(_ newReceipt: SinkReceipt, at instant: Timestamp, contentDigest: String?) {
        var newReceipt = newReceipt
        if cancellation != nil { newReceipt.state = .cancelled }
        if let receipt { replacedReceipts.append(receipt) }
        if receipt?.erpOrderNumber != newReceipt.erpOrderNumber { forgetShipments() }
        receipt = newReceipt
        receiptAt = instant
        forgetCancels()
        // Found or adopted: somebody else brought it there, and may have told of shipments too.
        mayHaveToldShipments = contentDigest == nil || wasRestored
        pushedContentDigest = contentDigest
        // Whoever adopts what was sent before adopts what was sent then; of somebody else's order nothing is known.
        if contentDigest == nil { factors = openIntent?.intent.factors }
        isFinished = false
        mustRead = true
        clearPush()
        forgetFailures()
    }

    /// Nothing of the way to the ERP is open any more.
    mutating func clearPush() {
        openIntent = nil
        draft = nil
        sinkAttempts = [:]
        attemptsBegunAt = [:]
        ticket = nil
        rejection = nil
        conflict = nil
        givenUpOn = nil
        mayCreateOnce = false
        releases = []
        restored = nil
    }

    private mutating func applyWrite(_ steps: [WriteStep], _ newReading: OrderReading, at instant: Timestamp) {
        reading = newReading
        mustRead = false
        let timesBefore = lastWrite?.steps == steps ? lastWrite?.timesInARow ?? 0 : 0
        lastWrite = LastWrite(steps: steps, timesInARow: timesBefore + 1, at: instant)
        forgetFailures()
    }

    private mutating func applyFailure(_ failure: Failure) {
        mustRead = true
        if failure.failureClass == .conflict {
            conflict = failure.message
            return
        }
        lastFailure = failure
        retryAt = failure.retryAt
        if failure.failureClass != .throttled, failure.failureClass != .outage { failureCount += 1 }
    }

    /// Nothing that a create could rely on before counts any more: it may have been sent from what was lost, until this instant.
    private mutating func applyRestoration(_ restoration: Restoration, at instant: Timestamp) {
        mustRead = true
        forgetFailures()
        isKnownAbsent = false
        draft = nil
        doubtAttempts(at: instant)
        mayCreateOnce = false
        wasRestored = true
        mayHaveToldShipments = true
        for index in documents.indices { documents[index].doubt(at: instant) }
        openIntent?.uncertainSince = instant
        openIntent?.absentAt = nil
        attemptsLostAt = instant
        if receipt == nil { restored = Restored(at: instant, doubt: restoration.doubt) }
    }

    mutating func forgetFailures() {
        lastFailure = nil
        failureCount = 0
        retryAt = nil
    }

    private mutating func forgetFailedReads() {
        if lastFailure?.activity == "read" { forgetFailures() }
    }

    /// A worker takes the order up: it has read nothing of it yet, however lately another one has.
    package mutating func beginSession() {
        mustRead = true
        mustAskShipments = true
    }

    /// Takes in a read that showed nothing new: it is worth relying on, and not worth an entry.
    package mutating func refresh(_ newReading: OrderReading) {
        applyRead(newReading)
    }

    /// Whether a person let the order go on past `reason`, for the content it has now.
    package func isReleased(_ reason: ReasonCode) -> Bool {
        releases.contains(Release(reason: reason, contentDigest: reading?.contentDigest))
    }
}
