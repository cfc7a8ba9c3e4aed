import Foundation
internal import GRDB
import Ledger
import SQLiteStore

/// Opens the ledger's file, and says in words what is wrong with it.
enum LedgerFile {
    /// - Throws: ``LedgerError/unusable(_:)`` or ``LedgerError/unusableNow(_:)`` with what is wrong and what to do.
    static func open(at path: String, readOnly: Bool) throws(LedgerError) -> DatabaseQueue {
        let file = DatabaseFile(
            path: path, applicationID: LedgerSchema.applicationID, migrator: LedgerSchema.migrator, label: "crossdock.ledger")
        let files = FileManager.default
        if !files.fileExists(atPath: path), files.fileExists(atPath: LedgerRebuild.finishedPath(path)) {
            throw .unusable("a rebuild of the ledger \(path) was broken off: run 'crossdock ledger rebuild' again")
        }
        do {
            return try withFunctions(readOnly ? file.openReading() : file.open())
        } catch DatabaseFileFault.foreign where isBackup(path) {
            throw .unusable(
                "\(path) is a backup, not a ledger: what was done since it was made would be done again; "
                    + "'crossdock ledger rebuild --from \(path)' makes a ledger of it")
        } catch {
            throw fault(error, path)
        }
    }

    /// Marks a copy so that nobody takes it for a ledger, and looks at it from end to end.
    ///
    /// - Throws: an error of SQLite's, or ``LedgerError/unusable(_:)`` where the copy isn't sound.
    static func markAsBackup(_ path: String) throws -> LedgerVerification {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction { db in
            let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
            guard findings == ["ok"] else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: findings.first) }
            var figures = LedgerVerification()
            figures.orders = try Int.fetchOne(db, sql: "SELECT count(*) FROM orders") ?? 0
            figures.entries = try Int.fetchOne(db, sql: "SELECT count(*) FROM journal") ?? 0
            figures.payloads = try Int.fetchOne(db, sql: "SELECT count(*) FROM payloads") ?? 0
            try db.execute(sql: "PRAGMA application_id = \(LedgerSchema.backupApplicationID)")
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            figures.bytes = pages * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
            return figures
        }
    }

    private static func isBackup(_ path: String) -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try? DatabaseQueue(path: path, configuration: configuration)
        return (try? queue?.read { db in try Int.fetchOne(db, sql: "PRAGMA application_id") }) == LedgerSchema.backupApplicationID
    }

    /// An error of SQLite's in a few words.
    static func shortly(_ error: any Error) -> String {
        switch error {
        case let error as DatabaseError: error.message ?? "\(error.extendedResultCode)"
        case is RowDecodingError: "a cell isn't of its column's type"
        default: "\(error)"
        }
    }

    /// What to do about damage.
    static let remedy =
        "'crossdock ledger rebuild' makes a new ledger of what can still be read, and keeps the damaged file beside it; "
        + "'--from BACKUP' takes a backup instead"

    /// The same tables in no file.
    static func openInMemory() throws(LedgerError) -> DatabaseQueue {
        do {
            let queue = try DatabaseQueue()
            try LedgerSchema.migrator.migrate(queue)
            return withFunctions(queue)
        } catch {
            throw fault(error, ":memory:")
        }
    }

    private static func withFunctions(_ queue: DatabaseQueue) -> DatabaseQueue {
        queue.writeWithoutTransaction { db in db.add(function: JournalDigest.function) }
        return queue
    }

    /// What went wrong, what a person can do about it, and whether trying later is enough.
    static func fault(_ error: any Error, _ path: String) -> LedgerError {
        let words = explain(error, path)
        let passes = (error as? DatabaseError).map { [.SQLITE_FULL, .SQLITE_BUSY].contains($0.resultCode) } ?? false
        return passes ? .unusableNow(words) : .unusable(words)
    }

    private static func explain(_ error: any Error, _ path: String) -> String {
        switch error {
        case DatabaseFileFault.newerSchema:
            "the ledger \(path) \(DatabaseFileFault.newerSchema); if no later one ever had it, it is damaged. \(remedy)"
        case let fault as DatabaseFileFault: "the ledger \(path) \(fault)"
        case let error as DatabaseError:
            "the ledger \(path) can't be used; \(advice(error)) (\(error.extendedResultCode))"
        case is RowDecodingError: "the ledger \(path) can't be used; it is damaged. \(remedy)"
        default: "the ledger \(path) can't be used: \(error)"
        }
    }

    private static func advice(_ error: DatabaseError) -> String {
        switch error.resultCode {
        case .SQLITE_FULL: "the disk is full: make room and start again; nothing was sent that isn't recorded"
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: "it can't be written: check its owner and mode, and its folder's"
        case .SQLITE_NOTADB:
            "it is no SQLite file: name another one under 'ledger'; if it was the ledger, it is damaged. \(remedy)"
        case .SQLITE_CORRUPT, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH: "it is damaged. \(remedy)"
        case .SQLITE_BUSY: "another process holds it for longer than 10 s: look for one that hangs"
        case .SQLITE_IOERR: "the disk failed: nothing more is sent; check the disk before starting again"
        // All that is asked of it is written for the tables as they are made.
        case .SQLITE_ERROR: "its tables aren't as they were made, so it is damaged: \(error.message ?? "no word why"). \(remedy)"
        default: "SQLite says: \(error.message ?? "\(error.resultCode)")"
        }
    }
}
