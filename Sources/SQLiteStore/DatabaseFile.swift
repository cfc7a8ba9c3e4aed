import Foundation
package import GRDB
import Glibc

/// A SQLite file of ours: made with mode 0600, marked by its application id, in WAL mode, migrated under a lock.
package struct DatabaseFile: Sendable {
    private let path: String
    private let applicationID: Int
    private let migrator: DatabaseMigrator
    private let label: String

    /// - Parameter applicationID: tells the file from any other SQLite file (https://www.sqlite.org/pragma.html#pragma_application_id).
    package init(path: String, applicationID: Int, migrator: DatabaseMigrator, label: String) {
        self.path = path
        self.applicationID = applicationID
        self.migrator = migrator
        self.label = label
    }

    /// Opens the file for writing, making or migrating it where needed.
    ///
    /// - Throws: ``DatabaseFileFault``, or an error of SQLite's.
    package func open() throws -> DatabaseQueue {
        if let network = NetworkFileSystem.name(at: path) { throw DatabaseFileFault.networkFileSystem(network) }
        try makeFile()
        let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: false))
        if try queue.read(standing) != .current {
            // Two processes that meet a new file, or a new release, at once would both migrate it.
            try FolderLock.holding(folder) {
                if try queue.read(standing) == .empty {
                    try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA application_id = \(applicationID)") }
                }
                try migrator.migrate(queue)
                try queue.writeWithoutTransaction(switchToWriteAheadLog)
            }
        }
        return queue
    }

    /// Opens a file that is there so that nothing in it can be changed.
    ///
    /// - Throws: ``DatabaseFileFault``, or an error of SQLite's.
    package func openReading() throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: true))
        guard try queue.read(standing) == .current else { throw DatabaseFileFault.olderSchema }
        return queue
    }

    private var folder: String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    /// Makes the file before SQLite does with another mode. One that is there isn't opened: closing it again would give up the locks
    /// that this process holds on it through SQLite (fcntl(2)).
    private func makeFile() throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw DatabaseFileFault.noFolder(folder)
        }
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            throw DatabaseFileFault.isFolder
        }
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if [ENOSPC, EDQUOT].contains(errno) {
            throw DatabaseError(resultCode: .SQLITE_FULL)
        } else if errno != EEXIST {
            throw DatabaseFileFault.cannotBeMade(String(cString: strerror(errno)))
        }
    }

    private func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(10)
        configuration.label = label
        configuration.prepareDatabase { db in
            // A commit that has returned survives a power cut (https://www.sqlite.org/pragma.html#pragma_synchronous).
            try db.execute(
                sql:
                    "PRAGMA synchronous = FULL; PRAGMA cache_size = -2000; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216"
            )
        }
        return configuration
    }

    private enum Standing { case empty, behind, current }

    /// How far the file is, seen in one snapshot.
    private func standing(_ db: Database) throws -> Standing {
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        if try Int.fetchOne(db, sql: "PRAGMA application_id") != applicationID {
            guard isEmpty else { throw DatabaseFileFault.foreign }
            return .empty
        }
        if try migrator.hasBeenSuperseded(db) { throw DatabaseFileFault.newerSchema }
        let isLogged = try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal"
        return try isLogged && migrator.hasCompletedMigrations(db) ? .current : .behind
    }

    private func switchToWriteAheadLog(_ db: Database) throws {
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        guard mode == "wal" else { throw DatabaseFileFault.noWriteAheadLog }
    }
}

/// Why a file can't be used, worded to follow its name: "the ledger /x/y.db *is a folder*".
package enum DatabaseFileFault: Error, Equatable, CustomStringConvertible {
    case noFolder(String)
    case isFolder
    case cannotBeMade(String)
    case networkFileSystem(String)
    case foreign
    case olderSchema
    case newerSchema
    case noWriteAheadLog

    package var description: String {
        switch self {
        case .noFolder(let folder): "can't be made: the folder \(folder) does not exist; make it, writable for this user only"
        case .isFolder: "is a folder; name a file in it"
        case .cannotBeMade(let reason): "can't be made: \(reason); check the owner and mode of its folder"
        case .networkFileSystem(let type):
            "is on a network file system (\(type)), where SQLite's locks don't hold; put it on a local disk"
        case .foreign: "is a SQLite file of something else; name another file"
        case .olderSchema: "is from an older release; run 'crossdock sync' once to bring it up to date"
        case .newerSchema: "is from a later release of Crossdock; use that one"
        case .noWriteAheadLog: "can't be switched to write-ahead logging"
        }
    }
}

/// A lock on a folder, which the kernel gives back when the process dies (flock(2)).
private enum FolderLock {
    static func holding<Value>(_ folder: String, _ body: () throws -> Value) throws -> Value {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DatabaseFileFault.noFolder(folder) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw DatabaseFileFault.cannotBeMade(String(cString: strerror(errno))) }
        }
        return try body()
    }
}
