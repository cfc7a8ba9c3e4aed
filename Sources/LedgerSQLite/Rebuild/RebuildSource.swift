import Foundation
internal import GRDB

/// A file that a ledger is to be made of.
package struct RebuildSource {
    private let path: String

    package init(_ path: String) { self.path = path }

    /// Why no ledger is made of it; `nil`: it is one, or was.
    ///
    /// Of a file that was named as the ledger it is enough that it may be a damaged one: only another program's is refused. A backup was
    /// named to be believed, so it must be one.
    package func objection(asBackup: Bool) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return "there is no file \(path)" }
        if isFolder.boolValue { return "\(path) is a folder" }
        guard let content = try? read() else {
            return asBackup ? "\(path) is no ledger and no backup of one: it can't be read as a database" : nil
        }
        if [LedgerSchema.applicationID, LedgerSchema.backupApplicationID].contains(content.applicationID) { return nil }
        if content.tables.contains("journal") { return nil }
        if content.tables.isEmpty, !asBackup { return nil }
        return "\(path) is no ledger and no backup of one: it is a database of something else"
    }

    private func read() throws -> (applicationID: Int?, tables: Set<String>) {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in
            let tables = try String.fetchSet(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
            return (try Int.fetchOne(db, sql: "PRAGMA application_id"), tables)
        }
    }
}
