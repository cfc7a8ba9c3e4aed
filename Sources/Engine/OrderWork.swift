import CloudSuite
package import Ledger
import OrderFlow
import Orders
import SinkKit

/// Works on one claimed order until there is nothing to do for it now: asks the planner, performs, journals, asks again.
package struct OrderWork {
    let flow: Flow
    let surroundings: Surroundings
    let claimed: ClaimedOrder
    var progress: OrderProgress
    /// The last read of this session, whole; what writes are made from.
    var shopOrder: ShopOrder?
    /// What the sink told of in this session, whole; what documents are made from.
    var sinkShipments: SinkShipments?
    /// Journalled in memory; on disk with the next flush.
    private var unwritten: [JournalEntry] = []
    /// The order's row as it is on disk.
    private var rowOnDisk: RowState
    /// Its documents as they stand on disk.
    private var documentsOnDisk: [DocumentProgress]
    /// Bytes that go to disk with the next flush.
    var payloads: [StoredPayload] = []
    /// Sealed codes that go to disk with the next flush, and with the entry that names them.
    var codes: [SealedCode] = []
    var outcome: OrderOutcome

    /// How an order's work ends.
    package enum Ending: Sendable {
        case settled(OrderOutcome)
        /// The order is left as it was because a remote is out of reach.
        case deferred(String)
        /// Somebody else has the order now.
        case lost
    }

    /// More decisions in a row than any path needs: something goes round in circles.
    private static let decisionsMax = 100
    /// Reads in a row before it is clear that the shop's answers are too old when they come.
    private static let readsInARowMax = 3
    private var readsInARow = 0
    /// Since something was brought to its end for good.
    var decisionsInARow = 0

    package init(_ claimed: ClaimedOrder, flow: Flow, surroundings: Surroundings) {
        self.claimed = claimed
        self.flow = flow
        self.surroundings = surroundings
        rowOnDisk = claimed.row.state
        documentsOnDisk = claimed.progress.documents
        progress = claimed.progress
        progress.beginSession()
        outcome = OrderOutcome(
            flow: flow.name, key: claimed.row.key, reference: claimed.row.state.reference, before: claimed.progress.verdict,
            verdict: Verdict(.new, .listed, claimed.row.state.sentence))
        if claimed.row.isListedOffline, !progress.isListedOffline { note(.listedOffline) }
    }

    /// A step's failure, on its way to whoever must act on it.
    enum Interruption: Error {
        case ledger(LedgerError)
        case flow(FlowStop)
        case outage(String)
    }

    package mutating func run() async throws(FlowStop) -> Ending {
        do throws(Interruption) {
            while decisionsInARow < Self.decisionsMax {
                decisionsInARow += 1
                let now = surroundings.now
                progress.clockSetAt = surroundings.clock.setAt
                let decision = flow.planner.next(progress, at: now)
                if surroundings.isDryRun, try await previewed(decision) { return .settled(outcome) }
                if case .rest(let verdict) = decision {
                    try await rest(verdict)
                    return .settled(outcome)
                }
                try await perform(decision)
            }
            throw .flow(.misconfigured("order \(claimed.row.key) went through \(Self.decisionsMax) decisions without an end"))
        } catch {
            switch error {
            case .outage(let why): return try await postpone(why)
            case .flow(let stop):
                try? await flush(releasing: true)
                throw stop
            case .ledger(.claimLost): return .lost
            case .ledger(let error): throw .ledger(error)
            }
        }
    }

    /// Journals a person's decision and leaves the order due, or at rest where the decision says so.
    mutating func record(_ decision: PersonDecision) async throws(Interruption) -> OrderOutcome {
        note(.person(decision))
        if case .rest(let verdict) = flow.planner.next(progress, at: surroundings.now) {
            try await rest(verdict)
        } else {
            try await leaveDue("\(decision.by) said '\(decision.name)': \(decision.reason)")
        }
        return outcome
    }

    /// Gives the order back to be gone on with as soon as anybody looks for what is due.
    mutating func leaveDue(_ why: String) async throws(Interruption) {
        let verdict = Verdict(.waiting, .retryLater, why, until: surroundings.now)
        note(.verdict(verdict))
        try await flush(verdict, releasing: true)
        settle(verdict)
    }

    /// Gives the order back as it was, without a trace.
    func giveBack() async throws(Interruption) {
        do throws(LedgerError) { try await surroundings.ledger.release([claimed.claim]) } catch { throw .ledger(error) }
    }

    private mutating func perform(_ decision: Decision) async throws(Interruption) {
        readsInARow = decision == .read ? readsInARow + 1 : 0
        switch decision {
        case .read where readsInARow > Self.readsInARowMax:
            try fail(
                "read", .transient,
                "the shop takes longer than \(FlowPolicy.readAgeMax) to answer, and nothing may rely on a read that old",
                retryAfter: nil)
        case .read: try await read()
        case .recordInterruption:
            note(.interrupted(attempt: progress.attempts))
            try await flush()
        case .seek: try await seek()
        case .create(let attempt): try await create(attempt: attempt)
        case .repeatCreate(let intent): try await repeatCreate(intent)
        case .poll(let ticket): try await poll(ticket)
        case .keepDraft:
            note(.draftKept)
            try await flush()
        case .write(let steps): try await write(steps)
        case .cancel(let receipt): try await cancel(receipt)
        case .askShipments: try await askShipments()
        case .render(let cause): try await render(cause)
        case .send(let ordinal): try await send(ordinal: ordinal)
        case .settle(let ordinal): try await settle(ordinal: ordinal)
        case .recordEvidence(let ordinal): note(.documentEnded(ordinal: ordinal, .acknowledged))
        case .doubt(let ordinal, let why): note(.documentEnded(ordinal: ordinal, .unknown(why)))
        case .rest: break
        }
    }

    // MARK: The journal

    mutating func note(_ event: JournalEvent) {
        let now = surroundings.now
        progress.apply(event, at: now)
        unwritten.append(JournalEntry(sequence: progress.entryCount, at: now, event: event))
    }

    /// Makes everything noted so far durable.
    mutating func flush(_ verdict: Verdict? = nil, releasing: Bool = false) async throws(Interruption) {
        let entries = verdict?.standing == .finished ? JournalEntry.joiningWrites(unwritten) : unwritten
        let change = LedgerChange(
            claim: claimed.claim, at: surroundings.now, entries: entries, state: rowState(verdict, releasing: releasing),
            payloads: payloads, codes: codes, documents: progress.documents.filter { !documentsOnDisk.contains($0) },
            releasesClaim: releasing,
            claimedUntil: releasing ? nil : surroundings.now + surroundings.lease)
        do throws(LedgerError) { try await surroundings.ledger.append(change) } catch { throw .ledger(error) }
        rowOnDisk = change.state ?? rowOnDisk
        unwritten = []
        payloads = []
        codes = []
        documentsOnDisk = progress.documents
    }

    /// The row as the journal now has it; `nil` where it may stay as it is until the order comes to rest. An order that is being
    /// worked on is due, so that a crash leaves it to the next run.
    private func rowState(_ verdict: Verdict?, releasing: Bool) -> RowState? {
        let isDue = rowOnDisk.dueAt.map { $0 <= surroundings.now } ?? false
        if verdict == nil, !releasing, isDue { return nil }
        var state = rowOnDisk
        if let reading = progress.reading {
            state.reference = reading.reference ?? state.reference
            state.webshop = reading.webshop ?? state.webshop
            state.modifiedDate = reading.modifiedDate ?? state.modifiedDate
        }
        state.erpOrderNumber = progress.receipt?.erpOrderNumber
        if let verdict {
            state.standing = verdict.standing
            state.reason = verdict.reason
            state.sentence = verdict.sentence
            state.dueAt = verdict.until
            state.lackedWith = progress.lackedWith
        } else {
            state.dueAt = surroundings.now
        }
        return state
    }

    private mutating func rest(_ verdict: Verdict) async throws(Interruption) {
        if !(progress.verdict?.saysTheSame(as: verdict) ?? false) { note(.verdict(verdict)) }
        if verdict.reason == .malformed, let shopOrder {
            payloads.append(
                StoredPayload(
                    digest: shopOrder.reading.contentDigest, bytes: JSONValue.object(shopOrder.json).serialized()))
        }
        try await flush(verdict, releasing: true)
        settle(verdict)
    }

    mutating func settle(_ verdict: Verdict) {
        outcome.verdict = verdict
        outcome.reference = progress.reading?.reference ?? outcome.reference
        outcome.erpOrderNumber = progress.receipt?.erpOrderNumber
    }

    /// An outage costs the order nothing: it is looked at again soon, and no attempt is counted.
    private mutating func postpone(_ why: String) async throws(FlowStop) -> Ending {
        let verdict = Verdict(
            .waiting, .retryLater, "A remote is out of reach: \(why)", until: surroundings.now + flow.policy.retry.initial)
        do throws(Interruption) {
            try await flush(verdict, releasing: true)
        } catch {
            if case .ledger(let error) = error, error != .claimLost(claimed.row.key) { throw .ledger(error) }
        }
        return .deferred(why)
    }
}
