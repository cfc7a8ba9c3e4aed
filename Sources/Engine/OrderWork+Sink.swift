import CloudSuite
import Ledger
import OrderFlow
import Orders
import SinkKit

/// The steps that speak to the sink.
extension OrderWork {
    var key: IdempotencyKey { IdempotencyKey(order: claimed.row.key, generation: progress.generation) }

    var context: SinkContext {
        SinkContext(attempt: progress.attempts, timeLimit: flow.sinkTimeLimit, webshop: progress.reading?.webshop)
    }

    mutating func seek() async throws(Interruption) {
        let found: SinkReceipt
        do throws(SinkError) {
            guard let receipt = try await flow.sink.find(key, context) else {
                note(.sought(.absent))
                return
            }
            if let complaint = JournalLimit.complaint(receipt) { throw SinkError(.notApplied, complaint) }
            found = receipt
        } catch {
            return try fail("look-up in the ERP", error)
        }
        note(.sought(.found(try kept(found))))
        try await flush()
    }

    /// A new attempt: the order is prepared, the intent made durable, and only then the create sent.
    mutating func create(attempt: Int) async throws(Interruption) {
        guard let prepared = try await prepared() else { return }
        guard prepared.faults.isEmpty else {
            let lack = Lack(
                faults: prepared.faults, preparedWith: flow.preparation.digest, isQuestion: prepared.isQuestion)
            return note(.createEnded(attempt: 0, .lacking(lack)))
        }
        // Resolving customer and addresses may have taken time; the loop reads again then.
        guard let reading = freshReading() else { return }
        let bytes = JSONValue.object(prepared.order.json).serialized()
        let digest = ContentDigest.sha256(bytes)
        payloads.append(StoredPayload(digest: digest, bytes: bytes))
        try await send(
            prepared.order,
            CreateIntent(
                attempt: attempt, generation: progress.generation, contentDigest: reading.contentDigest, payloadDigest: digest,
                factors: prepared.factors, ticket: flow.sink.ticket(for: key)?.text))
    }

    /// The same key and the same bytes as before.
    mutating func repeatCreate(_ intent: CreateIntent) async throws(Interruption) {
        let stored: [UInt8]?
        do throws(LedgerError) {
            stored = try await surroundings.ledger.payload(claimed.row.key, digest: intent.payloadDigest)
        } catch { throw .ledger(error) }
        guard let stored, ContentDigest.sha256(stored) == intent.payloadDigest,
            let object = (try? JSONValue(parsing: stored))?.objectValue, let order = try? SinkOrder(json: object)
        else {
            return try fail(
                "create", .conflict,
                "The bytes of create attempt \(intent.attempt) are not in the ledger as they were sent, so it can't be repeated.",
                retryAfter: nil)
        }
        try await send(order, intent)
    }

    private mutating func freshReading() -> OrderReading? {
        let now = surroundings.now
        progress.clockSetAt = surroundings.clock.setAt
        return progress.freshReading(at: now)
    }

    private mutating func send(_ order: SinkOrder, _ intent: CreateIntent) async throws(Interruption) {
        let keyMayHoldOther = progress.wasRefused || !(progress.openIntent?.isOnly(intent.payloadDigest) ?? true)
        note(.createIntended(intent))
        try await flush()
        guard let reading = freshReading() else {
            note(.createEnded(attempt: intent.attempt, .notApplied("the read became too old before anything was sent")))
            return
        }
        outcome.writes += 1
        var context = context
        context.keyMayHoldOther = keyMayHoldOther
        context.startLimit = FlowPolicy.readAgeMax - (surroundings.now - reading.beganAt)
        let recorder = attemptRecorder(latestBeginning: reading.beganAt + FlowPolicy.readAgeMax)
        context.attempts = recorder
        let result: Result<SinkAnswer, SinkError>
        do throws(SinkError) {
            let answer = try await flow.sink.create(order, context)
            // The ERP has it; what it said of it can't be kept.
            if let complaint = JournalLimit.complaint(answer) { throw SinkError(.unknownOutcome, complaint) }
            result = .success(answer)
        } catch { result = .failure(error) }
        try await takeIn(recorder)
        switch result {
        case .success(let answer): try await end(intent.attempt, with: answer)
        case .failure(let error): try await failedCreate(intent.attempt, error)
        }
    }

    private func attemptRecorder(latestBeginning: Timestamp?) -> AttemptRecorder {
        AttemptRecorder(
            claim: claimed.claim, progress: progress, policy: flow.policy, surroundings: surroundings,
            latestBeginning: latestBeginning)
    }

    /// What the sink's attempts left in the journal is the order's from here on.
    private mutating func takeIn(_ recorder: AttemptRecorder) async throws(Interruption) {
        let (entries, failure) = await recorder.closed()
        for entry in entries {
            progress.apply(entry.event, at: entry.at)
            // An order of very many attempts is no circle.
            if case .attemptEnded(_, .finished) = entry.event { decisionsInARow = 0 }
        }
        if let failure { throw .ledger(failure) }
    }

    private mutating func failedCreate(_ attempt: Int, _ error: SinkError) async throws(Interruption) {
        var error = error
        error.message = JournalLimit.shortened(error.message)
        // No fault of the order's: the loop reads again.
        if error.code == .notSentInTime { return note(.createEnded(attempt: attempt, .notApplied(error.message))) }
        let isUnknown = error.code == .unknownOutcome
        note(.createEnded(attempt: attempt, isUnknown ? .unknown(error.message) : .notApplied(error.message)))
        // When nobody waits for the answer any more is where the wait for late effects begins: durable at once.
        if isUnknown { try await flush() }
        try fail("create", error)
    }

    private mutating func end(_ attempt: Int, with answer: SinkAnswer) async throws(Interruption) {
        switch answer {
        case .accepted(let receipt):
            note(.createEnded(attempt: attempt, .accepted(try kept(receipt))))
            outcome.wasPushed = true
        case .pending(let ticket): note(.createEnded(attempt: attempt, .pending(try kept(ticket))))
        case .rejected(let faults): note(.createEnded(attempt: attempt, .rejected(JournalLimit.shortened(faults))))
        }
        try await flush()
    }

    mutating func poll(_ ticket: SinkTicket) async throws(Interruption) {
        let recorder = attemptRecorder(latestBeginning: nil)
        var context = context
        context.attempts = recorder
        let result: Result<SinkAnswer, SinkError>
        do throws(SinkError) {
            let answer = try await flow.sink.poll(ticket, context)
            if let complaint = JournalLimit.complaint(answer) { throw SinkError(.notApplied, complaint) }
            result = .success(answer)
        } catch { result = .failure(error) }
        try await takeIn(recorder)
        guard case .success(let answer) = result else {
            if case .failure(let error) = result { try fail("poll", error) }
            return
        }
        if case .pending(let next) = answer {
            let next = try kept(next)
            if next != ticket { note(.createEnded(attempt: progress.attempts, .pending(next))) }
            // What was handed out is safe before anything else happens.
            if !codes.isEmpty { try await flush() }
            let waited = progress.ticketSince.map { surroundings.now - $0 } ?? .zero
            note(
                .failed(
                    Failure(
                        activity: "poll", failureClass: .throttled, message: "the ERP is still working on it",
                        retryAt: surroundings.now + flow.policy.poll.delay(afterWaiting: waited))))
            return
        }
        try await end(progress.attempts, with: answer)
    }

    mutating func fail(_ activity: String, _ error: SinkError) throws(Interruption) {
        let failureClass: FailureClass =
            switch error.code {
            case .throttled: .throttled
            case .unavailable: .outage
            case .unauthorized: .unauthorized
            case .misconfigured: .misconfigured
            case .unknownOutcome: .unknown
            case .conflict: .conflict
            default: .transient
            }
        try fail(activity, failureClass, JournalLimit.shortened(error.message), retryAfter: error.retryAfter)
    }

    // MARK: Preparing

    /// `nil` where the order's parties couldn't be found out.
    mutating func prepared() async throws(Interruption) -> Preparation.Prepared? {
        guard let order = shopOrder?.order else { return nil }
        do throws(ShopError) {
            let parties = try await flow.resolvedParties(of: order)
            return flow.preparation.prepare(
                order, key: key, parties, isReleased: progress.isReleased(.mappingQuestion))
        } catch {
            try fail("look-up of customer and addresses", error.failureClass, error.message, retryAfter: error.retryAfter)
            return nil
        }
    }
}
