internal import GRDB
package import Ledger
import SQLiteStore

extension SQLiteLedger {
    /// Shows that the file can be written to now: puts something in and takes it out again, in one commit that reaches the disk.
    ///
    /// - Throws: ``LedgerError/unusable(_:)``; after that nothing can be written by this process any more.
    package func proveWritable() async throws(LedgerError) {
        try await commits.write { db in
            try db.execute(sql: "INSERT OR REPLACE INTO clocks (boot_id, offset_milliseconds, set_at) VALUES ('proof', 0, 0)")
            try db.execute(sql: "DELETE FROM clocks WHERE boot_id = 'proof'")
        }
    }
}
