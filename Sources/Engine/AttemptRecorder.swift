import Ledger
import OrderFlow
import Orders
import SinkKit

/// Journals what a sink attempts while one of its calls is under way; the order's own work stands still meanwhile.
///
/// Each intent and each end is durable before the sink goes on. Attempts that run side by side share a write where they can.
actor AttemptRecorder: SinkAttemptJournal {
    private let claim: Claim
    private let policy: FlowPolicy
    private let surroundings: Surroundings
    /// After that, nothing is begun any more: the read that the sink's call relies on has grown old. `nil`: it relies on none.
    private let latestBeginning: Timestamp?
    private var progress: OrderProgress
    private var entries: [JournalEntry] = []
    /// How many of ``entries`` are on disk.
    private var writtenCount = 0
    /// Begun in this call and not ended.
    private var underWay: Set<SinkAttemptName> = []
    private var isWriting = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var failure: LedgerError?
    private var isClosed = false

    init(claim: Claim, progress: OrderProgress, policy: FlowPolicy, surroundings: Surroundings, latestBeginning: Timestamp?) {
        self.claim = claim
        self.progress = progress
        self.policy = policy
        self.surroundings = surroundings
        self.latestBeginning = latestBeginning
    }

    func state(of attempt: SinkAttemptName) -> SinkAttemptState {
        progress.clockSetAt = surroundings.clock.setAt
        return progress.state(of: attempt, policy: policy, at: surroundings.now)
    }

    func begin(_ attempt: SinkAttemptName) async throws(SinkError) {
        guard !surroundings.isDryRun else { throw SinkError(.notApplied, "'\(attempt)' isn't made in a dry run") }
        guard !isClosed else { throw SinkError(.notApplied, "'\(attempt)' came after the call it belonged to had ended") }
        let nameBytes = attempt.name.utf8.count + attempt.key.utf8.count
        guard nameBytes <= JournalLimit.attemptNameBytesMax else {
            throw SinkError(
                .misconfigured,
                "an attempt's name has \(nameBytes) bytes, more than the \(JournalLimit.attemptNameBytesMax) that the journal takes; it wasn't made"
            )
        }
        do throws(LedgerError) { try await write(.attemptBegun(attempt)) } catch {
            throw SinkError(.notApplied, "'\(attempt)' couldn't be written down, so it wasn't made")
        }
        // Writing it down may have taken time.
        guard let latestBeginning, surroundings.now > latestBeginning else { return }
        let why = "the read became too old before '\(attempt)' was made"
        try await end(attempt, .notApplied(why))
        throw SinkError(.notSentInTime, why)
    }

    func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) async throws(SinkError) {
        guard !isClosed else { throw SinkError(.unknownOutcome, "'\(attempt)' ended after the call it belonged to") }
        var complaint: String?
        if case .finished(let evidence) = end { complaint = JournalLimit.complaint(evidence, of: attempt) }
        // The call was made, and what proves it can't be kept.
        let kept = complaint.map { SinkAttemptEnd.unknown($0) } ?? JournalLimit.shortened(end)
        // Whoever was told that it couldn't be kept says once more that its end isn't known.
        if case .unknown = kept, !underWay.contains(attempt) { return }
        do throws(LedgerError) { try await write(.attemptEnded(attempt, kept)) } catch {
            throw SinkError(.unknownOutcome, "what became of '\(attempt)' couldn't be written down")
        }
        if let complaint { throw SinkError(.unknownOutcome, complaint) }
    }

    /// What was begun and not ended within the call has an unknown end from now on: nobody waits for its answer any more.
    ///
    /// - Returns: what is on disk, and why anything isn't. Nothing is written after this.
    func closed() async -> (entries: [JournalEntry], failure: LedgerError?) {
        isClosed = true
        while isWriting { await turn() }
        for attempt in underWay.sorted(by: { $0.description < $1.description }) where failure == nil {
            note(.attemptEnded(attempt, .unknown("the call it belonged to ended before it")))
        }
        if failure == nil, writtenCount < entries.count { await writeAll() }
        return (Array(entries.prefix(writtenCount)), failure)
    }

    // MARK: Writing

    private func write(_ event: JournalEvent) async throws(LedgerError) {
        note(event)
        let place = entries.count
        while writtenCount < place {
            if let failure { throw failure }
            // Once closed, whoever closed it writes the rest.
            if isWriting || isClosed { await turn() } else { await writeAll() }
        }
    }

    private func note(_ event: JournalEvent) {
        let now = surroundings.now
        progress.apply(event, at: now)
        entries.append(JournalEntry(sequence: progress.entryCount, at: now, event: event))
        switch event {
        case .attemptBegun(let attempt): underWay.insert(attempt)
        case .attemptEnded(let attempt, _): underWay.remove(attempt)
        default: break
        }
    }

    /// Whoever comes while a write is under way waits for it; the first of them then writes all that has come together.
    private func turn() async {
        await withCheckedContinuation { waiting.append($0) }
    }

    private func writeAll() async {
        isWriting = true
        let count = entries.count
        let change = LedgerChange(
            claim: claim, at: surroundings.now, entries: Array(entries[writtenCount..<count]), state: nil, releasesClaim: false,
            claimedUntil: surroundings.now + surroundings.lease)
        do throws(LedgerError) {
            try await surroundings.ledger.append(change)
            writtenCount = count
        } catch { failure = error }
        isWriting = false
        let woken = waiting
        waiting = []
        for continuation in woken { continuation.resume() }
    }
}
