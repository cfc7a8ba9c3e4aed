import Foundation
import GRDB
import Ledger
import OrderFlow
import Orders
import SQLiteStore
import TestSupport

@testable import LedgerSQLite

/// When every test begins.
let noon = Timestamp(milliseconds: 1_748_858_400_000)

func key(_ id: Int64) -> OrderKey { OrderKey(shop: "demo", orderID: id) }

/// A folder of its own with room for a ledger.
final class LedgerFolder: Sendable {
    private let folder: ProjectFolder.Temporary

    init() throws { folder = try ProjectFolder.Temporary() }

    var path: String { folder.path }
    var ledgerPath: String { path + "/ledger.db" }

    func open() throws -> SQLiteLedger { try SQLiteLedger(path: ledgerPath, now: noon) }

    /// Lists orders in it and closes it. By itself a ledger closes when its last work has let go of it, which may be a moment later.
    func write(_ ids: ClosedRange<Int64>) async throws {
        let ledger = try open()
        try await ledger.list(ids)
        try await ledger.close()
    }

    /// The file, by SQLite alone, as somebody else would use it.
    func foreignConnection(_ name: String = "ledger.db") throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: "\(path)/\(name)", configuration: configuration)
    }

    func permissions(of name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
    }

    func bytes(of name: String) -> Data? { FileManager.default.contents(atPath: "\(path)/\(name)") }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}

/// What opening a ledger is answered with; `nil` where it opens.
func refusal(opening body: () throws(LedgerError) -> SQLiteLedger) -> String? {
    do {
        _ = try body()
        return nil
    } catch { return error.description }
}

extension SQLiteLedger {
    func list(_ ids: ClosedRange<Int64>, at now: Timestamp = noon) async throws {
        let listed = ids.map { ListedOrder(orderID: $0, reference: "CS\($0)", modifiedDate: nil) }
        _ = try await record(listed, flow: "main", shop: "demo", at: now)
    }

    func claimDue(_ limit: Int = 1000, by holder: String = "worker", at now: Timestamp = noon) async throws -> [ClaimedOrder] {
        try await claimDue(
            ClaimRequest(
                flow: "main", limit: limit, holder: holder, now: now, until: now + .seconds(60), dueBy: now, leasesEndBy: now))
    }

    /// A setting of the ledger's own connection.
    func pragma(_ text: String) async throws -> String? {
        try await commits.read { db in try String.fetchOne(db, sql: "PRAGMA \(text)") }
    }
}

extension ClaimedOrder {
    func change(due: Timestamp? = nil, payload: StoredPayload? = nil, releasesClaim: Bool = true) -> LedgerChange {
        let verdict = Verdict(.held, .unpaid, "Not paid.", until: due)
        var state = row.state
        (state.standing, state.reason, state.sentence, state.dueAt) = (.held, .unpaid, verdict.sentence, due)
        return LedgerChange(
            claim: claim, at: noon,
            entries: [JournalEntry(sequence: progress.entryCount + 1, at: noon, event: .verdict(verdict))],
            state: state, payloads: payload.map { [$0] } ?? [], releasesClaim: releasesClaim)
    }
}
