import Ledger
import OrderFlow
import Orders
import SinkKit
import Transport

/// A process's way to the disk. A change is written, then synced, then acknowledged; what is written and not synced a crash may
/// take away.
final class SimulatedLedger: LedgerOverlay {
    private let world: World
    private let worker: Worker
    private let disk: any Ledger

    init(_ world: World, _ worker: Worker) {
        self.world = world
        self.worker = worker
        disk = world.disk
    }

    var identity: LedgerIdentity { disk.identity }

    private static let dead = LedgerError.unusable("the process is gone")

    private func durable<Value>(
        _ effect: Effect, _ change: () async throws(LedgerError) -> Value
    ) async throws(LedgerError) -> Value {
        guard case .on = world.reach(effect, .before, worker) else { throw Self.dead }
        guard await world.wait(worker, world.draw.between(0, 3)) else { throw Self.dead }
        switch world.reach(effect, .written, worker) {
        case .on: break
        case .crashed(.keepsWrites):
            world.count(.writeSurvived)
            _ = try? await change()
            throw Self.dead
        case .crashed:
            world.count(.writeLost)
            throw Self.dead
        case .dead: throw Self.dead
        }
        let value = try await change()
        guard case .on = world.reach(effect, .synced, worker) else { throw Self.dead }
        return value
    }

    func readable() throws(LedgerError) -> any Ledger {
        if !worker.isAlive { throw Self.dead }
        return disk
    }

    func register(_ registration: FlowRegistration) async throws(LedgerError) {
        try await durable(.register) { () async throws(LedgerError) in try await disk.register(registration) }
    }

    func tryLockPull(flow: String) async throws(LedgerError) -> PullLock? {
        guard case .on = world.reach(.lockPull, .before, worker) else { throw Self.dead }
        if world.schedule.isPullLocked, world.pullHolders[flow] != nil { return nil }
        world.pullHolders[flow] = worker.number
        let lock = PullLock { [world, worker] in
            if world.pullHolders[flow] == worker.number { world.pullHolders[flow] = nil }
        }
        guard case .on = world.reach(.lockPull, .synced, worker) else { throw Self.dead }
        return lock
    }

    func remember(_ clock: ClockRecord) async throws(LedgerError) {
        try await durable(.rememberClock) { () async throws(LedgerError) in try await disk.remember(clock) }
    }

    func memory(flow: String) async throws(LedgerError) -> FlowMemory {
        let disk = try readable()
        world.referee.walkBegan(worker)
        return try await disk.memory(flow: flow)
    }

    func remember(_ memory: FlowMemory, flow: String) async throws(LedgerError) {
        try await durable(.remember) { () async throws(LedgerError) in
            let before = try await disk.memory(flow: flow)
            try await disk.remember(memory, flow: flow)
            // The list of offline orders has a watermark of its own, and leaves this one where it is.
            if let watermark = memory.watermark, before.watermark.map({ $0 < watermark }) ?? true {
                world.referee.remembered(memory, by: worker)
            }
        }
    }

    func record(_ listed: [ListedOrder], flow: String, shop: String, at now: Timestamp) async throws(LedgerError) -> ListingCount
    {
        try await durable(.recordListing) { () async throws(LedgerError) in
            let count = try await disk.record(listed, flow: flow, shop: shop, at: now)
            world.referee.recorded(listed)
            return count
        }
    }

    /// Nobody mends tables in this world, so this changes nothing, and there is nothing to crash in.
    func wake(flow: String, preparedWith: String, limit: Int, at now: Timestamp) async throws(LedgerError) -> Int {
        try await readable().wake(flow: flow, preparedWith: preparedWith, limit: limit, at: now)
    }

    func claimDue(_ request: ClaimRequest) async throws(LedgerError) -> [ClaimedOrder] {
        try await durable(.claimDue) { () async throws(LedgerError) in
            try await freeClaimsOfTheDead()
            let claimed = try await disk.claimDue(request)
            for order in claimed { take(order.claim) }
            return claimed
        }
    }

    func claim(_ key: OrderKey, by holder: String, leasesEndBy: Timestamp, until: Timestamp) async throws(LedgerError)
        -> ClaimAnswer
    {
        try await durable(.claimOne) { () async throws(LedgerError) in
            try await freeClaimsOfTheDead()
            let answer = try await disk.claim(key, by: holder, leasesEndBy: leasesEndBy, until: until)
            if case .claimed(let order) = answer { take(order.claim) }
            return answer
        }
    }

    private func take(_ claim: Claim) {
        worker.claims.append(claim)
        world.referee.claimed(claim, by: worker)
    }

    /// On one machine everybody sees which processes are no more; of another machine's nobody does, and their leases must end.
    private func freeClaimsOfTheDead() async throws(LedgerError) {
        for other in world.workers where !other.isAlive && !other.isRemote && !other.claims.isEmpty {
            try await disk.release(other.claims)
            other.claims = []
        }
    }

    func append(_ change: LedgerChange) async throws(LedgerError) {
        try await durable(.append) { () async throws(LedgerError) in
            do throws(LedgerError) { try await disk.append(change) } catch {
                if case .claimLost = error { world.count(.changeRefused) }
                throw error
            }
            world.referee.appended(change, by: worker)
        }
    }

    func release(_ claims: [Claim]) async throws(LedgerError) {
        try await durable(.release) { () async throws(LedgerError) in try await disk.release(claims) }
    }

    func record(_ run: RunRecord) async throws(LedgerError) {
        try await durable(.recordRun) { () async throws(LedgerError) in try await disk.record(run) }
    }

    func keep(_ message: InboundMessage, flow: String) async throws(LedgerError) {
        try await durable(.keepMessage) { () async throws(LedgerError) in try await disk.keep(message, flow: flow) }
    }

    func settle(_ outcome: MessageOutcome) async throws(LedgerError) {
        try await durable(.settleMessage) { () async throws(LedgerError) in try await disk.settle(outcome) }
    }
}

/// A process's clock: all processes of the machine see the same one.
struct SimulatedTimekeeper: Timekeeper {
    let world: World
    let worker: Worker

    var millisecondsSince1970: Int64 { world.wallNow }

    var uptime: Uptime { Uptime(bootID: worker.isRemote ? "other machine" : "machine", milliseconds: world.executor.now) }

    func sleep(milliseconds: Int64) async throws {
        guard milliseconds > 0 else { return }
        guard await world.wait(worker, milliseconds) else { throw CancellationError() }
    }
}

/// Where circuits outlive a process.
struct SimulatedEndpointStore: EndpointStateStore {
    let world: World
    let worker: Worker

    func load(origin: String) async throws -> EndpointState? { world.endpointStates[origin] }

    func save(_ state: EndpointState, origin: String) async throws {
        guard case .on = world.reach(.saveEndpoint, .before, worker) else { throw CancellationError() }
        guard await world.wait(worker, world.draw.between(0, 2)) else { throw CancellationError() }
        guard case .on = world.reach(.saveEndpoint, .written, worker) else { throw CancellationError() }
        world.endpointStates[origin] = state
        world.referee.savedCircuit(state.circuit, origin: origin)
        guard case .on = world.reach(.saveEndpoint, .synced, worker) else { throw CancellationError() }
    }
}

/// The same dice for all of a schedule's jitter.
struct SimulatedRandom: RandomSource {
    let world: World

    func uniform(below bound: UInt64) -> UInt64 { bound == 0 ? 0 : world.draw.next().multipliedFullWidth(by: bound).high }
}
