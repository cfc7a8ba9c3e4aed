import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import TestSupport
import Testing

/// The ledgers that keep the contract.
enum LedgerKind: String, CaseIterable, CustomTestStringConvertible {
    case inMemory = "in memory"
    case sqlite = "in a SQLite file"

    var testDescription: String { rawValue }

    /// Runs a test on a new ledger.
    func ledger(_ test: (any Ledger) async throws -> Void) async throws {
        switch self {
        case .inMemory: try await test(InMemoryLedger(identity: LedgerIdentity(id: "test", createdAt: noon)))
        case .sqlite:
            let folder = try ProjectFolder.Temporary()
            try await test(SQLiteLedger(path: folder.path + "/ledger.db", now: noon))
            withExtendedLifetime(folder) {}
        }
    }
}

/// When every test begins.
let noon = Timestamp(milliseconds: 1_748_858_400_000)

extension Ledger {
    /// Gives orders a row each, under flow `main` of shop `demo`.
    @discardableResult
    func list(_ ids: Int64..., flow: String = "main", modified: String? = "m1", at instant: Timestamp = noon) async throws
        -> ListingCount
    {
        let listed = ids.map { ListedOrder(orderID: $0, reference: "CS\($0)", modifiedDate: modified) }
        return try await record(listed, flow: flow, shop: "demo", at: instant)
    }

    /// Claims one order for a minute.
    func take(_ id: Int64, by holder: String = "worker", at instant: Timestamp = noon) async throws -> ClaimedOrder {
        let answer = try await claim(key(id), by: holder, leasesEndBy: instant, until: instant + .seconds(60))
        guard case .claimed(let order) = answer else { throw NotClaimed(answer: "\(answer)") }
        return order
    }

    /// The ids that `claimDue` hands out, in its order.
    func claimedIDs(
        limit: Int = 100, flow: String = "main", by holder: String = "worker", at now: Timestamp = noon, dueBy: Timestamp? = nil,
        inHand: [Int64] = []
    ) async throws -> [Int64] {
        let request = ClaimRequest(
            flow: flow, limit: limit, holder: holder, now: now, until: now + .seconds(60), dueBy: dueBy ?? now, leasesEndBy: now,
            inHand: inHand)
        return try await claimDue(request).map(\.row.key.orderID)
    }

    /// Makes an order stand so, and gives it back.
    func settle(_ id: Int64, _ standing: Verdict.Standing, _ reason: ReasonCode, due: Timestamp?, at now: Timestamp = noon)
        async throws
    {
        let order = try await take(id, at: now)
        try await append(order.change(standing, reason, due: due, at: now))
    }
}

struct NotClaimed: Error { let answer: String }

func key(_ id: Int64) -> OrderKey { OrderKey(shop: "demo", orderID: id) }

extension ClaimedOrder {
    /// A verdict appended to the journal as it was when the order was claimed.
    func change(
        _ standing: Verdict.Standing = .held, _ reason: ReasonCode = .unpaid, due: Timestamp? = nil, at now: Timestamp = noon,
        payload: StoredPayload? = nil, releasesClaim: Bool = true
    ) -> LedgerChange {
        let verdict = Verdict(standing, reason, "Because.", until: due)
        var state = row.state
        (state.standing, state.reason, state.sentence, state.dueAt) = (standing, reason, verdict.sentence, due)
        return LedgerChange(
            claim: claim, at: now, entries: [entry(.verdict(verdict), at: now)], state: state,
            payloads: payload.map { [$0] } ?? [],
            releasesClaim: releasesClaim)
    }

    func entry(_ event: JournalEvent, after count: Int = 0, at instant: Timestamp = noon) -> JournalEntry {
        JournalEntry(sequence: progress.entryCount + count + 1, at: instant, event: event)
    }
}
