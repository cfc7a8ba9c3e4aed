import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import Simulators
import SinkKit

/// The ledger of a simulated machine whose power fails in the middle of one change: from then on the file is what the failure
/// left of it. Until then, what it acknowledges is kept as promises.
final class PoweredLedger: LedgerOverlay, @unchecked Sendable {
    let identity: LedgerIdentity
    private(set) var promises: [Promises.Promise] = []
    /// Changes asked for so far.
    private(set) var changes = 0
    private(set) var fault: LedgerError?
    private let machine: RecordedMachine
    private var disk: RecordedDisk
    private var base: SQLiteLedger
    private let cut: (change: Int, seed: UInt64)?
    /// Whether the power may fail now; then it does.
    var mayFail: () -> Bool = { true }
    var onFailure: () -> Void = {}

    /// - Parameters:
    ///   - now: becomes the ledger's creation date.
    ///   - cut: the change in the midst of which the power fails, from 1, and what decides how.
    init(on machine: RecordedMachine, now: Timestamp, cut: (change: Int, seed: UInt64)? = nil) throws {
        self.machine = machine
        self.cut = cut
        disk = RecordedDisk()
        machine.insert(disk)
        base = try SQLiteLedger(path: machine.ledgerPath, now: now, runsInPlace: true)
        identity = base.identity
        promise(.opened(identity))
    }

    var operations: [DiskOperation] { disk.operations }

    private func promise(_ what: Promises.Acknowledged?) {
        if let what { promises.append(Promises.Promise(position: disk.operationCount, what: what)) }
    }

    /// - Parameter isThere: whether what the failure left has the change; `nil`: it makes no difference to anybody.
    private func change<Value>(
        _ perform: (SQLiteLedger) async throws(LedgerError) -> Value, _ acknowledged: (Value) -> Promises.Acknowledged?,
        isThere: (SQLiteLedger) async throws(LedgerError) -> Bool = { _ in true }
    ) async throws(LedgerError) -> Value {
        if let fault { throw fault }
        let begin = disk.operationCount
        let value = try await perform(base)
        if mayFail() {
            changes += 1
            if changes == cut?.change {
                try fail(from: begin)
                // Whoever watches is told of what is there all the same, as after any crash behind the write.
                guard try await isThere(base) else { throw .unusable("the power is gone") }
            }
        }
        promise(acknowledged(value))
        return value
    }

    private func fail(from begin: Int) throws(LedgerError) {
        let seed = cut?.seed ?? 0
        var random = SeededRandom(seed: seed), images = CrashImages(seed: seed)
        let operations = disk.operations
        let image = images.image(after: operations.prefix(begin + random.below(operations.count - begin + 1)))
        disk = RecordedDisk(image.contents)
        machine.insert(disk)
        do {
            base = try SQLiteLedger(path: machine.ledgerPath, now: identity.createdAt, runsInPlace: true)
        } catch {
            fault = error
            onFailure()
            throw error
        }
        onFailure()
    }

    /// After the failure nothing of what was promised before it may be missing.
    func brokenPromises() async throws -> [String] {
        if let fault { return ["the ledger can't be opened: \(fault)"] }
        var all = Promises()
        for promise in promises { all.add(promise.what) }
        return try await all.broken(by: base) + (try await base.verify()).faults.map(\.message)
    }

    // MARK: Changes

    func register(_ registration: FlowRegistration) async throws(LedgerError) {
        try await change({ base throws(LedgerError) in try await base.register(registration) }, { _ in nil })
    }

    func remember(_ clock: ClockRecord) async throws(LedgerError) {
        try await change(
            { base throws(LedgerError) in try await base.remember(clock) }, { _ in .looked(clock) },
            isThere: { base throws(LedgerError) in try await base.clock(bootID: clock.bootID) == clock })
    }

    func remember(_ memory: FlowMemory, flow: String) async throws(LedgerError) {
        try await change(
            { base throws(LedgerError) in try await base.remember(memory, flow: flow) }, { _ in .remembered(memory, flow: flow) },
            isThere: { base throws(LedgerError) in try await base.memory(flow: flow) == memory })
    }

    func record(_ listed: [ListedOrder], flow: String, shop: String, at now: Timestamp) async throws(LedgerError) -> ListingCount
    {
        let keys = listed.map { OrderKey(shop: shop, orderID: $0.orderID) }
        return try await change(
            { base throws(LedgerError) in try await base.record(listed, flow: flow, shop: shop, at: now) },
            { _ in .listed(keys) },
            isThere: { base throws(LedgerError) in
                for key in keys where try await base.row(key) == nil { return false }
                return true
            })
    }

    /// Nothing is promised: orders that aren't woken are woken by the next run.
    func wake(flow: String, preparedWith: String, limit: Int, at now: Timestamp) async throws(LedgerError) -> Int {
        try await change(
            { base throws(LedgerError) in
                try await base.wake(flow: flow, preparedWith: preparedWith, limit: limit, at: now)
            }, { _ in nil })
    }

    func claimDue(_ request: ClaimRequest) async throws(LedgerError) -> [ClaimedOrder] {
        try await change({ base throws(LedgerError) in try await base.claimDue(request) }, { _ in nil })
    }

    func claim(_ key: OrderKey, by holder: String, leasesEndBy: Timestamp, until: Timestamp) async throws(LedgerError)
        -> ClaimAnswer
    {
        try await change(
            { base throws(LedgerError) in try await base.claim(key, by: holder, leasesEndBy: leasesEndBy, until: until) },
            { _ in nil })
    }

    func append(_ change: LedgerChange) async throws(LedgerError) {
        try await self.change(
            { base throws(LedgerError) in try await base.append(change) }, { _ in .appended(change) },
            isThere: { base throws(LedgerError) in
                try await base.journal(change.claim.key).suffix(change.entries.count).elementsEqual(change.entries)
            })
    }

    /// Where it can't be told whether it was done, whoever asked for it asks again, which does no harm.
    func release(_ claims: [Claim]) async throws(LedgerError) {
        try await change(
            { base throws(LedgerError) in try await base.release(claims) }, { _ in nil },
            isThere: { _ throws(LedgerError) in false })
    }

    func record(_ run: RunRecord) async throws(LedgerError) {
        try await change(
            { base throws(LedgerError) in try await base.record(run) }, { _ in .ran(run) },
            isThere: { base throws(LedgerError) in try await base.runs(limit: 1000).contains(run) })
    }

    func keep(_ message: InboundMessage, flow: String) async throws(LedgerError) {
        try await change(
            { base throws(LedgerError) in try await base.keep(message, flow: flow) }, { _ in .kept(message, flow: flow) },
            isThere: { base throws(LedgerError) in try await base.keeps(message, flow: flow) })
    }

    /// Nothing is promised: a message that isn't known to be done with is handled again, which does no harm.
    func settle(_ outcome: MessageOutcome) async throws(LedgerError) {
        try await change({ base throws(LedgerError) in try await base.settle(outcome) }, { _ in nil })
    }

    // MARK: Reading

    func readable() -> any Ledger { base }

    func tryLockPull(flow: String) async throws(LedgerError) -> PullLock? { try await base.tryLockPull(flow: flow) }
}
