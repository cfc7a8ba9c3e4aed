package import Orders
package import SinkKit

/// What an order's journal adds up to. A fold: the same entries always give the same value.
package struct OrderProgress: Sendable, Equatable {
    package private(set) var entryCount = 0
    package private(set) var reading: OrderReading?
    package private(set) var verdict: Verdict?
    /// Since when the order has been on hold without a break.
    package private(set) var heldSince: Timestamp?
    /// What the order looked like when a hold on it was given up.
    package private(set) var givenUpOn: OrderReading?
    package private(set) var attempts = 0
    package private(set) var generation = 1
    package private(set) var openIntent: OpenIntent?
    package private(set) var ticket: SinkTicket?
    /// The ERP said, in answer to a look-up, that it has no such order, and no create was sent since.
    package private(set) var isKnownAbsent = false
    package private(set) var receipt: SinkReceipt?
    package private(set) var receiptAt: Timestamp?
    /// The receipt of an ERP order that a person ordered to be replaced: what the shop shows of it is ours to overwrite.
    package private(set) var replacedReceipt: SinkReceipt?
    /// What the ERP was told; `nil` where that isn't known (adopted orders).
    package private(set) var pushedContentDigest: String?
    package private(set) var rejection: Rejection?
    package private(set) var lastFailure: Failure?
    package private(set) var failureCount = 0
    package private(set) var retryAt: Timestamp?
    /// The last reading must not be relied on: something failed or was ordered since.
    package private(set) var mustRead = true
    package private(set) var personHold: PersonDecision?
    package private(set) var skip: PersonDecision?
    package private(set) var released: Release?
    /// A person ordered one create in spite of what stood against it.
    package private(set) var mayCreateOnce = false
    package private(set) var conflict: String?
    package private(set) var lastWrite: LastWrite?
    package private(set) var isFinished = false

    /// A create that was sent and whose end is not known yet.
    package struct OpenIntent: Sendable, Equatable {
        package var intent: CreateIntent
        /// When the first create with these bytes was intended.
        package var firstIntendedAt: Timestamp
        /// Since when nobody is waiting for its answer any more; `nil` while somebody may be.
        package var uncertainSince: Timestamp?
        /// When the ERP was last asked in vain.
        package var absentAt: Timestamp?
        /// The same bytes were sent before, and what became of that isn't known either.
        package var hasEarlierTry = false
    }

    package struct Rejection: Sendable, Equatable {
        package var faults: [SinkFault]
        package var contentDigest: String?
        /// Whether the ERP itself refused it; else it lacked something before anything was sent.
        package var wasSent: Bool
    }

    package struct Release: Sendable, Equatable {
        package var reason: ReasonCode
        package var contentDigest: String?
    }

    package struct LastWrite: Sendable, Equatable {
        package var steps: [WriteStep]
        package var timesInARow: Int
        package var at: Timestamp
    }

    package init() {}

    package init(_ entries: [JournalEntry]) {
        for entry in entries { apply(entry.event, at: entry.at) }
    }

    package mutating func apply(_ event: JournalEvent, at instant: Timestamp) {
        entryCount += 1
        switch event {
        case .read(let reading): applyRead(reading)
        case .verdict(let verdict): applyVerdict(verdict, at: instant)
        case .createIntended(let intent): applyIntent(intent, at: instant)
        case .createEnded(let attempt, let end): applyEnd(end, attempt: attempt, at: instant)
        case .interrupted: openIntent?.uncertainSince = instant
        case .sought(let finding): applyFinding(finding, at: instant)
        case .wrote(let steps, let reading): applyWrite(steps, reading, at: instant)
        case .failed(let failure): applyFailure(failure)
        case .person(let decision): applyDecision(decision, at: instant)
        }
    }

    private mutating func applyRead(_ newReading: OrderReading) {
        reading = newReading
        mustRead = false
        if lastFailure?.activity == "read" { forgetFailures() }
    }

    private mutating func applyVerdict(_ newVerdict: Verdict, at instant: Timestamp) {
        verdict = newVerdict
        isFinished = newVerdict.standing == .finished
        heldSince = newVerdict.standing == .held ? heldSince ?? instant : nil
        givenUpOn = newVerdict.reason == .heldTooLong ? reading : nil
    }

    private mutating func applyIntent(_ intent: CreateIntent, at instant: Timestamp) {
        let earlier = openIntent.flatMap { $0.intent.attempt == intent.attempt ? $0 : nil }
        openIntent = OpenIntent(
            intent: intent, firstIntendedAt: earlier?.firstIntendedAt ?? instant, hasEarlierTry: earlier != nil)
        attempts = max(attempts, intent.attempt)
        isKnownAbsent = false
        mayCreateOnce = false
        rejection = nil
    }

    private mutating func applyEnd(_ end: CreateEnd, attempt: Int, at instant: Timestamp) {
        switch end {
        case .accepted(let receipt): accept(receipt, at: instant, contentDigest: openIntent?.intent.contentDigest)
        case .pending(let ticket):
            self.ticket = ticket
            forgetFailures()
        case .rejected(let faults):
            rejection = Rejection(
                faults: faults, contentDigest: openIntent?.intent.contentDigest ?? reading?.contentDigest, wasSent: attempt > 0)
            openIntent = nil
            ticket = nil
            isKnownAbsent = true
        case .notApplied:
            // A repeat that had no effect says nothing about the first try, whose end is still open.
            if openIntent?.hasEarlierTry == true { openIntent?.uncertainSince = instant } else { openIntent = nil }
            isKnownAbsent = openIntent == nil
        case .unknown: openIntent?.uncertainSince = instant
        }
    }

    private mutating func applyFinding(_ finding: Finding, at instant: Timestamp) {
        switch finding {
        case .found(let receipt): accept(receipt, at: instant, contentDigest: openIntent?.intent.contentDigest)
        case .absent:
            isKnownAbsent = true
            openIntent?.absentAt = instant
            forgetFailures()
        }
    }

    private mutating func accept(_ newReceipt: SinkReceipt, at instant: Timestamp, contentDigest: String?) {
        receipt = newReceipt
        receiptAt = instant
        pushedContentDigest = contentDigest
        openIntent = nil
        ticket = nil
        rejection = nil
        mustRead = true
        forgetFailures()
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
        if failure.failureClass != .throttled { failureCount += 1 }
    }

    private mutating func forgetFailures() {
        lastFailure = nil
        failureCount = 0
        retryAt = nil
    }

    private mutating func applyDecision(_ decision: PersonDecision, at instant: Timestamp) {
        mustRead = true
        forgetFailures()
        lastWrite = nil
        switch decision.kind {
        case .hold: personHold = decision
        case .release:
            personHold = nil
            released = verdict.map { Release(reason: $0.reason, contentDigest: reading?.contentDigest) }
            conflict = nil
            rejection = nil
            heldSince = nil
            givenUpOn = nil
        case .skip: skip = decision
        case .adopt(let receipt):
            skip = nil
            accept(receipt, at: instant, contentDigest: nil)
        case .rerun:
            rejection = nil
            conflict = nil
            skip = nil
            if openIntent == nil { isKnownAbsent = false }
        case .createAgain:
            openIntent = nil
            rejection = nil
            mayCreateOnce = true
        case .newKey:
            generation += 1
            openIntent = nil
            replacedReceipt = receipt
            receipt = nil
            receiptAt = nil
            pushedContentDigest = nil
            isKnownAbsent = false
            isFinished = false
        }
    }

    /// A worker takes the order up: it has read nothing of it yet, however lately another one has.
    package mutating func beginSession() {
        mustRead = true
    }

    /// Takes in a read that showed nothing new: it is worth relying on, and not worth an entry.
    package mutating func refresh(_ newReading: OrderReading) {
        applyRead(newReading)
    }

    /// Whether a person let the order go on past `reason`, for the content it has now.
    package func isReleased(_ reason: ReasonCode) -> Bool {
        released.map { $0.reason == reason && $0.contentDigest == reading?.contentDigest } ?? false
    }
}
