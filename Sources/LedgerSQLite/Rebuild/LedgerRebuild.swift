import Foundation
internal import GRDB
import Glibc
package import Ledger
import OrderFlow
package import Orders
import SQLiteStore

/// Makes a new ledger of what can be read of a damaged one, or of a backup. The damaged file is kept beside it, as it was.
///
/// The new ledger has an identity and a creation date of its own, so the rules for a new ledger hold for every order that is lost
/// without a trace; ``OrderRestoration`` says what holds for the others. Watermarks aren't taken over: the next run lists everything since
/// the flow's `since`.
///
/// Safe against a crash at any point: the new file gets the ledger's name last, and while it is waiting for that no
/// ledger can be opened under the name.
package struct LedgerRebuild: Sendable {
    private let path: String
    private let source: String
    private let restoration: OrderRestoration
    private let now: Timestamp

    /// - Parameters:
    ///   - path: the ledger's own name.
    ///   - backup: read instead of the file under that name.
    ///   - shops: the shop of each flow of the configuration.
    ///   - now: becomes the new ledger's creation date; nothing that was sent before it is taken for unsent.
    package init(path: String, from backup: String?, shops: [String: String], now: Timestamp) {
        self.path = path
        source = backup ?? path
        restoration = OrderRestoration(shops: shops, now: now)
        self.now = now
    }

    /// The new ledger, whole and on disk, until it gets its name.
    static func finishedPath(_ path: String) -> String { path + ".rebuilt" }

    /// - Throws: ``LedgerError/unusable(_:)`` where another process has the ledger open, or a file can't be written; everything is then as it was.
    package func run() throws(LedgerError) -> RebuildReport {
        do {
            let lock = try ExclusiveUse(of: path)
            defer { withExtendedLifetime(lock) {} }
            return try rebuild()
        } catch let error as LedgerError {
            throw error
        } catch { throw .unusable("the ledger can't be rebuilt: \(LedgerFile.shortly(error))") }
    }

    private func rebuild() throws -> RebuildReport {
        let files = FileManager.default
        let finished = Self.finishedPath(path)
        if !files.fileExists(atPath: path), files.fileExists(atPath: finished), source == path {
            // Broken off between the last two steps: the damaged file is aside already.
            try DurableFile.rename(finished, to: path)
            return RebuildReport()
        }
        guard files.fileExists(atPath: source) else { throw LedgerError.unusable("there is no file \(source)") }
        let work = path + ".rebuilding"
        try? files.removeItem(atPath: work)
        try files.createDirectory(atPath: work, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? files.removeItem(atPath: work) }
        var report = try write(to: work + "/new.db", from: try copy(into: work))
        try DurableFile.rename(work + "/new.db", to: finished)
        report.keptAs = try setAside()
        try DurableFile.rename(finished, to: path)
        return report
    }

    /// Reading may write: SQLite takes the log into the file.
    private func copy(into work: String) throws -> String {
        let copy = work + "/old.db"
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: source + suffix) {
            try FileManager.default.copyItem(atPath: source + suffix, toPath: copy + suffix)
        }
        return copy
    }

    /// - Returns: the damaged file's new name.
    private func setAside() throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var name = "\(path).damaged"
        var count = 1
        while FileManager.default.fileExists(atPath: name) {
            count += 1
            name = "\(path).damaged-\(count)"
        }
        // The file first: without it SQLite drops a log; without its log the file would be an older ledger.
        try DurableFile.rename(path, to: name)
        if FileManager.default.fileExists(atPath: path + "-wal") { try DurableFile.rename(path + "-wal", to: name + "-wal") }
        unlink(path + "-shm")
        return name
    }

    // MARK: The new file

    private func write(to path: String, from copy: String) throws -> RebuildReport {
        var report = RebuildReport()
        let queue = try LedgerFile.open(at: path, readOnly: false)
        try queue.write { db in try identify(db, at: now) }
        do {
            let damaged = try DamagedLedger(copy: copy)
            defer { damaged.close() }
            try queue.write { db in
                if let age = damaged.createdAt, Self.epoch(age) == Self.epoch(now) { try identify(db, at: now + .seconds(1)) }
                try restore(damaged, into: db, &report)
            }
        } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_CANTOPEN].contains(error.resultCode) {
            report.unreadable = LedgerFile.shortly(error)
        }
        try queue.close()
        return report
    }

    /// What the control references of a ledger's EDIFACT files begin with, so that no two ledgers give the same.
    private static func epoch(_ createdAt: Timestamp) -> Int64 { createdAt.milliseconds.flooredQuotient(by: 1000) }

    private func identify(_ db: Database, at createdAt: Timestamp) throws {
        try db.execute(sql: "DELETE FROM identity")
        try db.execute(
            sql: "INSERT INTO identity (id, created_at) VALUES (?, ?)",
            arguments: [UUID().uuidString.lowercased(), createdAt.milliseconds])
    }

    private func restore(_ damaged: DamagedLedger, into db: Database, _ report: inout RebuildReport) throws {
        let indexedKeys = damaged.indexedKeys()
        let documents = damaged.documents()
        try LedgerStatements.reserveDocumentIDs(
            upTo: max(damaged.highestDocumentID(), documents.values.map(\.id).max() ?? 0), db)
        var keys: Set<OrderKey> = []
        var doubtful: [(restored: OrderRestoration.Restored, handedOut: Set<CodeName>, why: String)] = []
        for position in damaged.positions() {
            guard let remains = damaged.remains(at: position, indexedKeys: indexedKeys) else {
                report.lost.append(.init(position: position, reference: nil, why: "nothing of it can be read"))
                continue
            }
            switch restoration.outcome(of: remains) {
            case .lost(let why):
                report.lost.append(.init(position: position, reference: remains.row?.state.reference, why: why))
            case .doubtful(let restored, let why): doubtful.append((restored, remains.codesHandedOut, why))
            case .whole(let restored):
                report.documents += try restored.insert(documents, db)
                try takeCodes(of: restored.row, remains.codesHandedOut, from: damaged, into: db, &report)
                keys.insert(restored.row.key)
                report.whole += 1
            }
        }
        // Last, so that a damaged key can't take the place of the order that it really belongs to.
        for (restored, handedOut, why) in doubtful {
            let (row, reference) = (restored.row, restored.row.state.reference)
            guard keys.insert(row.key).inserted else {
                report.lost.append(.init(position: row.position, reference: reference, why: "its key is another order's"))
                continue
            }
            report.documents += try restored.insert(documents, db)
            try takeCodes(of: row, handedOut, from: damaged, into: db, &report)
            report.doubtful.append(.init(key: row.key, reference: reference, why: why))
        }
        report.documentsLost = documents.count - report.documents
        try keepRest(of: damaged, keys, db)
        let doubtfulKeys = Set(report.doubtful.map(\.key))
        for message in damaged.messages() {
            try LedgerStatements.restore(message, readAgainFor: doubtfulKeys, at: now, db)
            report.messages += 1
        }
    }

    private func takeCodes(
        of row: OrderRow, _ handedOut: Set<CodeName>, from damaged: DamagedLedger, into db: Database,
        _ report: inout RebuildReport
    ) throws {
        let kept = damaged.codes(at: row.position)
        try LedgerStatements.insert(kept, at: row.position, db)
        let gone = handedOut.subtracting(kept.map(\.code.name)).count
        guard gone > 0 else { return }
        report.codesLost.append(.init(key: row.key, reference: row.state.reference, count: gone))
    }

    /// Which shop a flow's orders are of is kept where an order vouches for it; runs are history and nothing depends on them.
    private func keepRest(of damaged: DamagedLedger, _ keys: Set<OrderKey>, _ db: Database) throws {
        let shops = Set(keys.map(\.shop))
        for registration in damaged.registrations() where shops.contains(registration.shop) {
            try? LedgerStatements.register(registration, db)
        }
        for run in damaged.runs() {
            try? db.execute(
                sql: "INSERT INTO runs (\(RunRecord.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: run.arguments)
        }
    }
}

extension OrderRestoration.Restored {
    /// - Parameter kept: of all documents of the damaged ledger.
    /// - Returns: how many documents kept their ids.
    fileprivate func insert(_ kept: [KeptDocument.Name: KeptDocument], _ db: Database) throws -> Int {
        let digest = JournalDigest(of: row.key).appending(entries)
        try db.execute(
            sql: """
                INSERT INTO orders (\(OrderRow.columns), journal_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row.position, row.key.shop, row.key.orderID, row.flow, row.firstListedAt.milliseconds, row.updatedAt.milliseconds,
                row.state.reference, row.state.webshop, row.state.modifiedDate, row.state.erpOrderNumber,
                row.state.standing.rawValue, row.state.reason.rawValue, row.state.sentence, row.state.dueAt?.milliseconds,
                row.isListedOffline ? OrderRow.offlineWord : nil, row.state.lackedWith, digest.text,
            ])
        try LedgerStatements.insert(entries, at: row.position, db)
        try LedgerStatements.insertTickets(of: entries.map { try $0.readable() }, at: row.position, db)
        for payload in payloads {
            try db.execute(
                sql: "INSERT INTO payloads (position, digest, stored_at, bytes) VALUES (?, ?, ?, ?)",
                arguments: [row.position, payload.digest, payload.storedAt, payload.bytes.asData])
        }
        let progress = OrderProgress(try entries.map { try $0.readable() })
        let own = progress.documents.map(\.record.ordinal).compactMap { ordinal in
            kept[KeptDocument.Name(position: row.position, ordinal: ordinal)].map { (ordinal, $0) }
        }
        let byOrdinal = Dictionary(own, uniquingKeysWith: { first, _ in first })
        try LedgerStatements.record(progress.documents, ofOrderAt: row.position, at: row.updatedAt, kept: byOrdinal, db)
        return byOrdinal.count
    }
}
