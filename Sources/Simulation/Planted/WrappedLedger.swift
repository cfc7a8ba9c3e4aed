import Ledger
import OrderFlow
import Orders
import SinkKit
import Synchronization

/// Hands everything on to another ledger, but for what a planted bug does differently.
struct WrappedLedger: LedgerOverlay {
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
    /// Whether a message that is to be kept is.
    var keepsMessages = true
    var onSettle: (@Sendable (MessageOutcome) -> MessageOutcome)?

    init(_ base: any Ledger) { self.base = base }

    var identity: LedgerIdentity { base.identity }

    func readable() -> any Ledger { base }

    func register(_ registration: FlowRegistration) async throws(LedgerError) { try await base.register(registration) }

    func tryLockPull(flow: String) async throws(LedgerError) -> PullLock? {
        let lock = try await base.tryLockPull(flow: flow)
        return lock ?? (isLockIgnored ? PullLock {} : nil)
    }

    func remember(_ clock: ClockRecord) async throws(LedgerError) { try await base.remember(clock) }

    func remember(_ memory: FlowMemory, flow: String) async throws(LedgerError) {
        try await base.remember(onMemory?(memory) ?? memory, flow: flow)
    }

    func record(_ listed: [ListedOrder], flow: String, shop: String, at now: Timestamp) async throws(LedgerError) -> ListingCount
    {
        try await base.record(onListed?(listed) ?? listed, flow: flow, shop: shop, at: now)
    }

    func wake(flow: String, preparedWith: String, limit: Int, at now: Timestamp) async throws(LedgerError) -> Int {
        try await base.wake(flow: flow, preparedWith: preparedWith, limit: limit, at: now)
    }

    func claimDue(_ request: ClaimRequest) async throws(LedgerError) -> [ClaimedOrder] {
        try await base.claimDue(onRequest?(request) ?? request).map { onClaimed?($0) ?? $0 }
    }

    func claim(_ key: OrderKey, by holder: String, leasesEndBy: Timestamp, until: Timestamp) async throws(LedgerError)
        -> ClaimAnswer
    {
        let answer = try await base.claim(key, by: holder, leasesEndBy: leasesEndBy, until: until)
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
    func record(_ run: RunRecord) async throws(LedgerError) { try await base.record(run) }

    func keep(_ message: InboundMessage, flow: String) async throws(LedgerError) {
        if keepsMessages { try await base.keep(message, flow: flow) }
    }

    func settle(_ outcome: MessageOutcome) async throws(LedgerError) {
        try await base.settle(onSettle?(outcome) ?? outcome)
    }
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
