internal import GRDB
package import Ledger
package import Orders

/// Ledgers in memory one after the other, each empty at first, over one connection: for a short life, making the tables and preparing
/// the statements takes longer than what is done with them.
package final class MemoryLedgers: Sendable {
    private let database: DatabaseQueue
    private let tables: [String]

    /// - Throws: ``LedgerError/unusable(_:)`` where there is no memory for one.
    package init() throws(LedgerError) {
        database = try LedgerFile.openInMemory()
        do {
            tables = try database.read { db in
                try String.fetchAll(
                    db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'grdb_migrations'")
            }
        } catch { throw LedgerFile.fault(error, ":memory:") }
    }

    /// The last one must not be used any more.
    ///
    /// - Parameter now: becomes its creation date.
    package func next(createdAt now: Timestamp) throws(LedgerError) -> SQLiteLedger {
        do {
            try database.inTransaction { db in
                try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
                for table in tables { try db.cachedStatement(sql: "DELETE FROM \(table)").execute() }
                return .commit
            }
        } catch { throw LedgerFile.fault(error, ":memory:") }
        return try SQLiteLedger(inMemory: database, createdAt: now)
    }
}
