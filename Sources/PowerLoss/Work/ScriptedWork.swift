import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import Simulators
import SinkKit

/// A ledger's life on a recorded disk: it is made, several orders go their way in it, alone and in shared commits, it is closed,
/// which empties its log, and opened again.
struct ScriptedWork {
    let disk: RecordedDisk
    private let machine: RecordedMachine
    private(set) var promises: [Promises.Promise] = []
    private var random: SeededRandom
    private let orders: Int
    /// Bytes of a create; with some hundred thousand, the log grows past its limit and begins anew while the ledger is open.
    private let payloadBytes: Int
    private let prepare: Preparation

    typealias Preparation = @Sendable (SQLiteLedger) async throws -> Void

    static let beginning = Timestamp(milliseconds: 1_772_182_800_000)
    private static let flow = "main", shop = "shop"

    /// - Parameters:
    ///   - skipsSync: whether the n-th sync of a file is reported as done and isn't.
    ///   - prepare: what is done to a ledger that was opened.
    init(
        seed: UInt64, orders: Int, payloadBytes: Int, skipsSync: @escaping @Sendable (Int) -> Bool = { _ in false },
        prepare: @escaping Preparation = { _ in }
    ) throws {
        disk = RecordedDisk(skipsSync: skipsSync)
        machine = try RecordedMachine()
        machine.insert(disk)
        random = SeededRandom(seed: seed)
        self.orders = orders
        self.payloadBytes = payloadBytes
        self.prepare = prepare
    }

    mutating func run() async throws {
        let half = orders / 2
        try await session(listing: 1...half, at: Self.beginning)
        try await session(listing: half + 1...orders, at: Self.beginning + .seconds(3600))
    }

    private mutating func promise(_ what: Promises.Acknowledged) {
        promises.append(Promises.Promise(position: disk.operationCount, what: what))
    }

    private mutating func session(listing ids: ClosedRange<Int>, at now: Timestamp) async throws {
        let ledger = try SQLiteLedger(path: machine.ledgerPath, now: now)
        promise(.opened(ledger.identity))
        try await prepare(ledger)
        var run = RunRecord(id: "run-\(ids.lowerBound)", flow: Self.flow, startedAt: now, counts: RunCounts())
        try await ledger.register(
            FlowRegistration(flow: Self.flow, shop: Self.shop, origin: "https://shop.example", webshop: 1))
        try await ledger.record(run)
        promise(.ran(run))
        let listed = ids.map { ListedOrder(orderID: Int64($0), reference: "CS\($0)", modifiedDate: "2026-02-27T10:00:00") }
        _ = try await ledger.record(listed, flow: Self.flow, shop: Self.shop, at: now)
        promise(.listed(listed.map { OrderKey(shop: Self.shop, orderID: $0.orderID) }))
        let memory = FlowMemory(watermark: now, sweptAt: now)
        try await ledger.remember(memory, flow: Self.flow)
        promise(.remembered(memory, flow: Self.flow))
        try await work(ledger, at: now)
        run.endedAt = now + .seconds(60)
        try await ledger.record(run)
        promise(.ran(run))
        try await ledger.close()
    }

    /// Takes every due order through its stages, in turns: one alone, then two or three in a commit they share.
    private mutating func work(_ ledger: SQLiteLedger, at now: Timestamp) async throws {
        let request = ClaimRequest(
            flow: Self.flow, limit: orders, holder: "worker", now: now, until: now + .seconds(120), dueBy: now, leasesEndBy: now)
        var open = try await ledger.claimDue(request).map { OrderOnItsWay($0) }
        while !open.isEmpty {
            open = (0..<open.count).map { _ in open.remove(at: random.below(open.count)) }
            let count = min(open.count, random.pick([1, 1, 3, 4]))
            let changes = (0..<count).map { open[$0].nextChange(at: now, payload: payload()) }
            try await append(changes, to: ledger)
            open.removeAll(where: \.isDone)
        }
    }

    private mutating func payload() -> [UInt8] {
        [UInt8](repeating: UInt8(random.below(256)), count: payloadBytes / 2 + random.below(payloadBytes))
    }

    /// While the first change is written, the others queue up behind it.
    private mutating func append(_ changes: [LedgerChange], to ledger: SQLiteLedger) async throws {
        let disk = disk
        try await withThrowingTaskGroup(of: Void.self) { group in
            if changes.count == 1 {
                group.addImmediateTask { try await ledger.append(changes[0]) }
            } else {
                disk.holdNextWrite {
                    group.addImmediateTask { try await ledger.append(changes[0]) }
                } _: {
                    for change in changes.dropFirst() { group.addImmediateTask { try await ledger.append(change) } }
                }
            }
            try await group.waitForAll()
        }
        for change in changes { promise(.appended(change)) }
    }
}

/// An order that is worked on, and what is to be written of it next.
private struct OrderOnItsWay {
    private let claimed: ClaimedOrder
    private var stage = 0
    private var entries: Int

    init(_ claimed: ClaimedOrder) {
        self.claimed = claimed
        entries = claimed.progress.entryCount
    }

    var isDone: Bool { stage == 4 }

    mutating func nextChange(at now: Timestamp, payload bytes: [UInt8]) -> LedgerChange {
        defer { stage += 1 }
        let id = claimed.row.key.orderID
        let payload = StoredPayload(digest: ContentDigest.sha256(bytes), bytes: bytes)
        var row = claimed.row.state
        row.erpOrderNumber = "E\(id)"
        let events: [JournalEvent]
        switch stage {
        case 0:
            var reading = OrderReading(beganAt: now, state: .confirmed, contentDigest: "content-\(id)")
            (reading.payment, reading.reference, reading.confirmedAt) = (.paid, "CS\(id)", now - .seconds(3600))
            events = [.read(reading), .sought(.absent)]
        case 1:
            let intent = CreateIntent(
                attempt: 1, generation: 1, contentDigest: "content-\(id)", payloadDigest: payload.digest)
            events = [.createIntended(intent)]
        case 2:
            let line = SinkReceiptLine(lineKey: "id:1", erpLineNumber: 10)
            events = [.createEnded(attempt: 1, .accepted(SinkReceipt(erpOrderNumber: "E\(id)", lines: [line])))]
        default:
            let verdict = Verdict(.finished, .finished, "Done.")
            events = [.verdict(verdict)]
            (row.standing, row.reason, row.sentence, row.dueAt) = (.finished, .finished, verdict.sentence, nil)
        }
        let changes = events.enumerated().map { JournalEntry(sequence: entries + $0 + 1, at: now, event: $1) }
        entries += events.count
        return LedgerChange(
            claim: claimed.claim, at: now, entries: changes, state: stage < 2 ? nil : row, payloads: stage == 1 ? [payload] : [],
            releasesClaim: stage == 3)
    }
}
