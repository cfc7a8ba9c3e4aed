import Foundation
internal import GRDB
import Glibc
import Ledger
import SQLiteStore

/// Opens the ledger's file: its checks, its settings, its migrations.
enum LedgerFile {
    /// - Throws: ``LedgerError/unusable(_:)`` with what is wrong and what to do.
    static func open(at path: String, readOnly: Bool) throws(LedgerError) -> DatabaseQueue {
        do {
            if !readOnly { try prepare(path) }
            let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: readOnly))
            try queue.inDatabase { db in try refuseForeignFile(db, path) }
            if !readOnly {
                try queue.writeWithoutTransaction { db in
                    let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
                    guard mode == "wal" else { throw LedgerError.unusable("the ledger \(path) can't be switched to write-ahead logging") }
                }
                try LedgerSchema.migrator.migrate(queue)
            }
            try queue.read { db in
                guard try LedgerSchema.migrator.hasCompletedMigrations(db) else {
                    throw LedgerError.unusable("the ledger \(path) is from an older release; run 'crossdock sync' once to bring it up to date")
                }
                if try LedgerSchema.migrator.hasBeenSuperseded(db) {
                    throw LedgerError.unusable("the ledger \(path) is from a later release of Crossdock; use that one")
                }
            }
            return queue
        } catch let error as LedgerError {
            throw error
        } catch {
            throw .unusable(explain(error, path))
        }
    }

    private static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(10)
        configuration.label = "crossdock.ledger"
        configuration.prepareDatabase { db in
            // A commit that has returned survives a power cut (https://www.sqlite.org/pragma.html#pragma_synchronous).
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 16777216")
        }
        return configuration
    }

    /// Makes the file with mode 0600 before SQLite does with another, and refuses places where its locks don't hold.
    private static func prepare(_ path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            throw LedgerError.unusable("the ledger's folder \(folder) does not exist; make it, writable for this user only")
        }
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LedgerError.unusable("the ledger \(path) can't be opened for writing: \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        if let network = NetworkFileSystem.name(at: path) {
            throw LedgerError.unusable(
                "the ledger \(path) is on a network file system (\(network)), where SQLite's locks don't hold; put it on a local disk")
        }
    }

    private static func refuseForeignFile(_ db: Database, _ path: String) throws {
        let applicationID = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard applicationID == LedgerSchema.applicationID || isEmpty else {
            throw LedgerError.unusable("\(path) is a SQLite file, but not a Crossdock ledger; name another file under 'ledger'")
        }
        if isEmpty, !db.configuration.readonly { try db.execute(sql: "PRAGMA application_id = \(LedgerSchema.applicationID)") }
    }

    /// What SQLite said, and what a person can do about it.
    static func explain(_ error: any Error, _ path: String) -> String {
        guard let error = error as? DatabaseError else { return "the ledger \(path) can't be used: \(error)" }
        let advice =
            switch error.resultCode {
            case .SQLITE_FULL: "the disk is full: make room and start again; nothing was sent that isn't recorded"
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: "it can't be written: check its owner and mode, and its folder's"
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                "it is damaged: keep it, restore the last backup beside it, and check the orders since with 'crossdock rerun'"
            case .SQLITE_BUSY: "another process holds it for longer than 10 s: look for one that hangs"
            case .SQLITE_IOERR: "the disk failed: nothing more is sent; check the disk before starting again"
            default: "SQLite says: \(error.message ?? "\(error.resultCode)")"
            }
        return "the ledger \(path) can't be used; \(advice) (\(error.extendedResultCode))"
    }
}
