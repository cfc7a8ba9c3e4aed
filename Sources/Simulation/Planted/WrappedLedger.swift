import Ledger
import OrderFlow
import Orders
import Synchronization

/// Hands everything on to another ledger, but for what a planted bug does differently.
struct WrappedLedger: Ledger {
    let base: any Ledger
    /// `nil` as answer: the change is swallowed, and acknowledged all the same.
    var onAppend: (@Sendable (LedgerChange) -> LedgerChange?)?
    /// Called when the claim is lost, to append nonetheless.
    var onClaimLost: (@Sendable (any Ledger, LedgerChange) async -> Void)?
    var onClaimed: (@Sendable (ClaimedOrder) -> ClaimedOrder)?
    var onRequest: (@Sendable (ClaimRequest) -> ClaimRequest)?
    var onListed: (@Sendable ([ListedOrder]) -> [ListedOrder])?
    var onMemory: (@Sendable (FlowMemory) -> FlowMemory)?
    var isLockIgnored = false

    init(_ base: any Ledger) { self.base = base }

    var identity: LedgerIdentity { base.identity }

    func register(_ registration: FlowRegistration) async throws(LedgerError) { try await base.register(registration) }

    func tryLockPull(flow: String) async throws(LedgerError) -> PullLock? {
        let lock = try await base.tryLockPull(flow: flow)
        return lock ?? (isLockIgnored ? PullLock {} : nil)
    }

    func clock(bootID: String) async throws(LedgerError) -> ClockRecord? { try await base.clock(bootID: bootID) }
    func remember(_ clock: ClockRecord) async throws(LedgerError) { try await base.remember(clock) }
    func memory(flow: String) async throws(LedgerError) -> FlowMemory { try await base.memory(flow: flow) }

    func remember(_ memory: FlowMemory, flow: String) async throws(LedgerError) {
        try await base.remember(onMemory?(memory) ?? memory, flow: flow)
    }

    func record(_ listed: [ListedOrder], flow: String, shop: String, at now: Timestamp) async throws(LedgerError) -> ListingCount
    {
        try await base.record(onListed?(listed) ?? listed, flow: flow, shop: shop, at: now)
    }

    func claimDue(_ request: ClaimRequest) async throws(LedgerError) -> [ClaimedOrder] {
        try await base.claimDue(onRequest?(request) ?? request).map { onClaimed?($0) ?? $0 }
    }

    func claim(_ key: OrderKey, by holder: String, at now: Timestamp, until: Timestamp) async throws(LedgerError) -> ClaimAnswer {
        let answer = try await base.claim(key, by: holder, at: now, until: until)
        guard case .claimed(let order) = answer, let onClaimed else { return answer }
        return .claimed(onClaimed(order))
    }

    func append(_ change: LedgerChange) async throws(LedgerError) {
        var changed = change
        if let onAppend {
            guard let other = onAppend(change) else { return }
            changed = other
        }
        do throws(LedgerError) { try await base.append(changed) } catch {
            guard case .claimLost = error, let onClaimLost else { throw error }
            await onClaimLost(base, changed)
        }
    }

    func release(_ claims: [Claim]) async throws(LedgerError) { try await base.release(claims) }
    func nextWaiting(flow: String) async throws(LedgerError) -> Timestamp? { try await base.nextWaiting(flow: flow) }
    func row(_ key: OrderKey) async throws(LedgerError) -> OrderRow? { try await base.row(key) }
    func rows(named name: String) async throws(LedgerError) -> [OrderRow] { try await base.rows(named: name) }
    func rows(_ filter: OrderFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [OrderRow] {
        try await base.rows(filter, after: cursor, limit: limit)
    }
    func journal(_ key: OrderKey) async throws(LedgerError) -> [JournalEntry] { try await base.journal(key) }
    func payload(_ key: OrderKey, digest: String) async throws(LedgerError) -> [UInt8]? {
        try await base.payload(key, digest: digest)
    }
    func documents(_ filter: DocumentFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [DocumentRow] {
        try await base.documents(filter, after: cursor, limit: limit)
    }
    func document(id: Int64) async throws(LedgerError) -> DocumentRow? { try await base.document(id: id) }
    func document(flow: String, kind: DocumentKind, number: String) async throws(LedgerError) -> DocumentRow? {
        try await base.document(flow: flow, kind: kind, number: number)
    }
    func counts() async throws(LedgerError) -> [StandingCount] { try await base.counts() }
    func record(_ run: RunRecord) async throws(LedgerError) { try await base.record(run) }
    func runs(limit: Int) async throws(LedgerError) -> [RunRecord] { try await base.runs(limit: limit) }
}

extension PlantedBug {
    /// A bug in what is written down.
    static func inLedger(_ name: String, _ change: @escaping @Sendable (inout WrappedLedger) -> Void) -> PlantedBug {
        var bug = PlantedBug(name)
        bug.ledger = { base in
            var ledger = WrappedLedger(base)
            change(&ledger)
            return ledger
        }
        return bug
    }

    /// A bug that leaves entries out of the journal.
    static func forgetting(_ name: String, _ isForgotten: @escaping @Sendable (JournalEvent) -> Bool) -> PlantedBug {
        inLedger(name) { ledger in
            ledger.onAppend = { change in
                var change = change
                change.entries.removeAll { isForgotten($0.event) }
                return change
            }
        }
    }
}
