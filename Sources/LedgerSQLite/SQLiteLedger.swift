import Foundation
internal import GRDB
package import Ledger
package import OrderFlow
package import Orders
import SQLiteStore
import Synchronization

/// The ledger in one SQLite file: WAL, mode 0600, `synchronous=FULL`, group-committed.
///
/// Several processes on one machine may have it open at once. A network file system is refused.
package final class SQLiteLedger: Ledger {
    package let identity: LedgerIdentity
    let path: String
    let commits: GroupCommit<LedgerError>
    private let hasProvenIndexes = Atomic(false)

    /// Opens the ledger, making or migrating it where needed.
    ///
    /// - Parameters:
    ///   - now: becomes the creation date of a new ledger.
    ///   - runsInPlace: everything is done on its caller's thread.
    /// - Throws: ``LedgerError/unusable(_:)`` where the file can't be read, written or trusted.
    package convenience init(path: String, now: Timestamp, runsInPlace: Bool = false) throws(LedgerError) {
        try self.init(
            path: path, database: LedgerFile.open(at: path, readOnly: false), creating: now, runsInPlace: runsInPlace)
    }

    /// Opens an existing ledger so that nothing in it can be changed.
    package convenience init(readingOnly path: String) throws(LedgerError) {
        try self.init(path: path, database: LedgerFile.open(at: path, readOnly: true), creating: nil)
    }

    /// In a database without a file. Everything is done on its caller's thread.
    convenience init(inMemory database: DatabaseQueue, createdAt now: Timestamp) throws(LedgerError) {
        try self.init(path: ":memory:", database: database, creating: now, runsInPlace: true)
    }

    private init(
        path: String, database: DatabaseQueue, creating now: Timestamp?, runsInPlace: Bool = false
    ) throws(LedgerError) {
        self.path = path
        commits = GroupCommit(database: database, label: runsInPlace ? nil : "crossdock.ledger") {
            LedgerFile.fault($0, path)
        }
        do {
            identity = try database.writeWithoutTransaction { db in try Self.identity(db, creating: now) }
        } catch {
            throw LedgerFile.fault(error, path)
        }
    }

    private static func identity(_ db: Database, creating now: Timestamp?) throws -> LedgerIdentity {
        if let now {
            // Also tells a file that can't be written before any call is made; a full disk shows when the run is recorded.
            try db.cachedStatement(
                sql: "INSERT INTO identity (id, created_at) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM identity)"
            ).execute(arguments: [UUID().uuidString.lowercased(), now.milliseconds])
        }
        guard let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT id, created_at FROM identity")) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "no identity")
        }
        return LedgerIdentity(
            id: try row.decode(atIndex: 0), createdAt: Timestamp(milliseconds: try row.decode(atIndex: 1)))
    }

    /// Gives the file free at once, for whoever is to replace it.
    package func close() async throws(LedgerError) { try await commits.close() }

    package func register(_ registration: FlowRegistration) async throws(LedgerError) {
        try await commits.write { db in try LedgerStatements.register(registration, db) }
    }

    package func tryLockPull(flow: String) async throws(LedgerError) -> PullLock? {
        try FileLock.tryLock("\(path).\(flow).pull.lock")
    }

    package func clock(bootID: String) async throws(LedgerError) -> ClockRecord? {
        try await commits.read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT offset_milliseconds, set_at FROM clocks WHERE boot_id = ?"), arguments: [bootID])
            return try row.map { row in
                ClockRecord(
                    bootID: bootID, offsetMilliseconds: try row.decode(atIndex: 0),
                    setAt: Timestamp(milliseconds: try row.decode(atIndex: 1)))
            }
        }
    }

    package func remember(_ clock: ClockRecord) async throws(LedgerError) {
        try await commits.write { db in
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO clocks (boot_id, offset_milliseconds, set_at) VALUES (?, ?, ?)")
                .execute(arguments: [clock.bootID, clock.offsetMilliseconds, clock.setAt.milliseconds])
        }
    }

    package func memory(flow: String) async throws(LedgerError) -> FlowMemory {
        try await commits.read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: "SELECT watermark, swept_at, offline_watermark, offline_swept_at FROM flow_memory WHERE flow = ?"),
                arguments: [flow])
            return FlowMemory(
                watermark: try row?.instant(atIndex: 0), sweptAt: try row?.instant(atIndex: 1),
                offlineWatermark: try row?.instant(atIndex: 2), offlineSweptAt: try row?.instant(atIndex: 3))
        }
    }

    package func remember(_ memory: FlowMemory, flow: String) async throws(LedgerError) {
        try await commits.write { db in
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO flow_memory (flow, watermark, swept_at, offline_watermark, offline_swept_at)
                    VALUES (?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                flow, memory.watermark?.milliseconds, memory.sweptAt?.milliseconds, memory.offlineWatermark?.milliseconds,
                memory.offlineSweptAt?.milliseconds,
            ])
        }
    }

    package func record(_ listed: [ListedOrder], flow: String, shop: String, at now: Timestamp) async throws(LedgerError)
        -> ListingCount
    {
        try await commits.write { db in
            let count = try LedgerStatements.record(listed, flow: flow, shop: shop, at: now, db)
            if count.new > 0, !self.hasProvenIndexes.exchange(true, ordering: .relaxed) { try LedgerStatements.proveIndexes(db) }
            return count
        }
    }

    package func wake(flow: String, preparedWith: String, limit: Int, at now: Timestamp) async throws(LedgerError) -> Int {
        try await commits.write { db in
            try LedgerStatements.wake(flow: flow, preparedWith: preparedWith, limit: limit, at: now, db)
        }
    }

    package func claimDue(_ request: ClaimRequest) async throws(LedgerError) -> [ClaimedOrder] {
        try await commits.write { db in try LedgerStatements.claimDue(request, db) }
    }

    package func claim(
        _ key: OrderKey, by holder: String, leasesEndBy: Timestamp, until: Timestamp
    ) async throws(LedgerError) -> ClaimAnswer {
        try await commits.write { db in
            try LedgerStatements.claim(key, by: holder, leasesEndBy: leasesEndBy, until: until, db)
        }
    }

    package func append(_ change: LedgerChange) async throws(LedgerError) {
        try await commits.commit { db in try LedgerStatements.append(change, db) }
    }

    package func release(_ claims: [Claim]) async throws(LedgerError) {
        try await commits.commit { db in try LedgerStatements.release(claims, db) }
    }

    package func nextWaiting(flow: String) async throws(LedgerError) -> Timestamp? {
        try await commits.read { db in
            try Int64.fetchOne(
                db.cachedStatement(
                    sql: "SELECT min(due_at) FROM orders WHERE flow = ? AND standing = 'waiting' AND due_at IS NOT NULL"),
                arguments: [flow])
        }.map(Timestamp.init(milliseconds:))
    }

    package func row(_ key: OrderKey) async throws(LedgerError) -> OrderRow? {
        try await commits.read { db in
            try Row.fetchOne(
                db.cachedStatement(sql: "SELECT \(OrderRow.columns) FROM orders WHERE shop = ? AND order_id = ?"),
                arguments: [key.shop, key.orderID]
            ).map { try OrderRow($0) }
        }
    }

    package func rows(named name: String) async throws(LedgerError) -> [OrderRow] {
        try await commits.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: "SELECT \(OrderRow.columns) FROM orders WHERE reference = ? OR order_id = ? ORDER BY position"),
                arguments: [name, Int64(name).flatMap { String($0) == name ? $0 : nil }]
            ).map { try OrderRow($0) }
        }
    }

    package func rows(_ filter: OrderFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [OrderRow] {
        let names = filter.standings.isEmpty ? Verdict.Standing.allCases : filter.standings
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let arguments: [(any DatabaseValueConvertible)?] = [cursor, filter.flow, filter.flow] + names.map(\.rawValue) + [limit]
        let values = StatementArguments(arguments)
        return try await commits.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT \(OrderRow.columns) FROM orders
                        WHERE position > ? AND (? IS NULL OR flow = ?) AND standing IN (\(marks)) ORDER BY position LIMIT ?
                        """), arguments: values
            ).map { try OrderRow($0) }
        }
    }

    package func journal(_ key: OrderKey) async throws(LedgerError) -> [JournalEntry] {
        try await commits.read { db in
            let position = try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT position FROM orders WHERE shop = ? AND order_id = ?"),
                arguments: [key.shop, key.orderID])
            return try position.map { try LedgerStatements.journal(at: $0, db) } ?? []
        }
    }

    package func payload(_ key: OrderKey, digest: String) async throws(LedgerError) -> [UInt8]? {
        try await commits.read { db in
            try Data.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT bytes FROM payloads JOIN orders USING (position) WHERE shop = ? AND order_id = ? AND digest = ?
                        """), arguments: [key.shop, key.orderID, digest]
            ).map { [UInt8]($0) }
        }
    }

    package func codes(_ key: OrderKey) async throws(LedgerError) -> [SealedCode] {
        try await commits.read { db in
            let position = try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT position FROM orders WHERE shop = ? AND order_id = ?"),
                arguments: [key.shop, key.orderID])
            return try position.map { try LedgerStatements.codes(at: $0, db).map { $0.code } } ?? []
        }
    }

    package func documents(_ filter: DocumentFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [DocumentRow] {
        try await commits.read { db in try LedgerStatements.documents(filter, after: cursor, limit: limit, db) }
    }

    package func document(id: Int64) async throws(LedgerError) -> DocumentRow? {
        try await commits.read { db in
            try LedgerStatements.documents("WHERE documents.id = ?", [id], db).first
        }
    }

    package func document(flow: String, kind: DocumentKind, number: String) async throws(LedgerError) -> DocumentRow? {
        try await commits.read { db in
            try LedgerStatements.document(flow: flow, kind: kind, number: number, db)
        }
    }

    package func counts() async throws(LedgerError) -> [StandingCount] {
        try await commits.read { db in
            let sql = "SELECT flow, standing, reason, count(*) FROM orders GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
            return try Row.fetchAll(db.cachedStatement(sql: sql)).compactMap { row in
                guard let standing = Verdict.Standing(rawValue: try row.decode(atIndex: 1)),
                    let reason = ReasonCode(rawValue: try row.decode(atIndex: 2))
                else { return nil }
                return StandingCount(
                    flow: try row.decode(atIndex: 0), standing: standing, reason: reason, count: try row.decode(atIndex: 3))
            }
        }
    }

    package func record(_ run: RunRecord) async throws(LedgerError) {
        try await commits.write { db in
            try db.execute(
                // Written again in place, so that runs of one instant keep their order.
                sql: """
                    INSERT INTO runs (\(RunRecord.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome, listed = excluded.listed,
                        new = excluded.new, looked_at = excluded.looked_at, pushed = excluded.pushed, finished = excluded.finished,
                        newly_quarantined = excluded.newly_quarantined, writes = excluded.writes
                    """, arguments: run.arguments)
        }
    }

    package func runs(limit: Int) async throws(LedgerError) -> [RunRecord] {
        try await commits.read { db in
            try Row.fetchAll(
                db.cachedStatement(sql: "SELECT \(RunRecord.columns) FROM runs ORDER BY started_at DESC, rowid DESC LIMIT ?"),
                arguments: [limit]
            ).map { try RunRecord($0) }
        }
    }
}

extension [UInt8] {
    var asData: Data { Data(self) }
}
