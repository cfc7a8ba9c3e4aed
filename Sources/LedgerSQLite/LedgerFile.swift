internal import GRDB
import Ledger
import SQLiteStore

/// Opens the ledger's file, and says in words what is wrong with it.
enum LedgerFile {
    /// - Throws: ``LedgerError/unusable(_:)`` with what is wrong and what to do.
    static func open(at path: String, readOnly: Bool) throws(LedgerError) -> DatabaseQueue {
        let file = DatabaseFile(
            path: path, applicationID: LedgerSchema.applicationID, migrator: LedgerSchema.migrator, label: "crossdock.ledger")
        do {
            return try readOnly ? file.openReading() : file.open()
        } catch {
            throw .unusable(explain(error, path))
        }
    }

    /// What went wrong, and what a person can do about it.
    static func explain(_ error: any Error, _ path: String) -> String {
        switch error {
        case let fault as DatabaseFileFault: "the ledger \(path) \(fault)"
        case let error as DatabaseError:
            "the ledger \(path) can't be used; \(advice(error)) (\(error.extendedResultCode))"
        default: "the ledger \(path) can't be used: \(error)"
        }
    }

    private static func advice(_ error: DatabaseError) -> String {
        switch error.resultCode {
        case .SQLITE_FULL: "the disk is full: make room and start again; nothing was sent that isn't recorded"
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: "it can't be written: check its owner and mode, and its folder's"
        case .SQLITE_NOTADB:
            "it is no SQLite file: name another one under 'ledger'; if it was the ledger, it is damaged: keep it, restore the last "
                + "backup beside it, and check the orders since with 'crossdock rerun'"
        case .SQLITE_CORRUPT:
            "it is damaged: keep it, restore the last backup beside it, and check the orders since with 'crossdock rerun'"
        case .SQLITE_BUSY: "another process holds it for longer than 10 s: look for one that hangs"
        case .SQLITE_IOERR: "the disk failed: nothing more is sent; check the disk before starting again"
        default: "SQLite says: \(error.message ?? "\(error.resultCode)")"
        }
    }
}
