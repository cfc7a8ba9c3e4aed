import Foundation
internal import GRDB
import Glibc
package import Ledger
import SQLiteStore

extension SQLiteLedger {
    /// Writes a consistent copy, mode 0600, while others go on working; it is on disk when this returns.
    ///
    /// The copy is marked: it can't be opened as a ledger, since what was pushed after it was made would be pushed again.
    /// ``LedgerRebuild`` makes a ledger of it that knows of the gap.
    /// - Throws: ``LedgerError/unusable(_:)`` where the target is there already or can't be written.
    package func backup(to target: String) async throws(LedgerError) -> LedgerVerification {
        let partial = target + ".partial"
        do {
            if FileManager.default.fileExists(atPath: target) { throw BackupFault(target, "is there already; name a new file") }
            try makeEmpty(partial)
        } catch { throw .unusable("\(error)") }
        do {
            try await commits.read { db in try db.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
            let verification = try LedgerFile.markAsBackup(partial)
            try DurableFile.rename(partial, to: target)
            return verification
        } catch let error as LedgerError {
            unlink(partial)
            throw error
        } catch {
            unlink(partial)
            throw .unusable("the backup \(target) can't be written: \(LedgerFile.shortly(error))")
        }
    }

    /// `VACUUM INTO` takes an empty file, and keeps its mode (https://www.sqlite.org/lang_vacuum.html).
    private func makeEmpty(_ path: String) throws {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BackupFault(path, "can't be made: \(String(cString: strerror(errno)))") }
        Glibc.close(descriptor)
    }
}

private struct BackupFault: Error, CustomStringConvertible {
    let description: String

    init(_ path: String, _ message: String) { description = "the backup \(path) \(message)" }
}

/// Files that are there, whole, after a power cut.
enum DurableFile {
    /// Syncs the file, renames it and syncs its folder.
    static func rename(_ path: String, to target: String) throws {
        try sync(path, O_RDONLY)
        guard Glibc.rename(path, target) == 0 else { throw LedgerError.unusable(failure("renamed to \(target)", path)) }
        let folder = (target as NSString).deletingLastPathComponent
        try sync(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY)
    }

    private static func sync(_ path: String, _ flags: Int32) throws {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw LedgerError.unusable(failure("opened", path)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw LedgerError.unusable(failure("synced", path)) }
    }

    private static func failure(_ verb: String, _ path: String) -> String {
        "\(path) can't be \(verb): \(String(cString: strerror(errno)))"
    }
}
