import Foundation
internal import GRDB
package import Ledger
package import OrderFlow
import Orders
import SQLiteStore
import SinkKit

extension SQLiteLedger {
    /// Checks everything that can be checked without asking anybody: SQLite's own structure, references between tables, and for every order
    /// that its journal has no gap, is what was written, can be folded, and comes to what its row says; that the bytes kept of a
    /// create are those that its intent names; that the codes are those that it was handed, and open; and that messages are as they came.
    ///
    /// Damage is a finding, not an error. Runs beside a sync: every batch of orders is seen in one snapshot.
    /// - Parameter vault: has the keys of codes; `nil`: none is opened.
    /// - Throws: ``LedgerError/unusable(_:)`` where nothing can be read at all.
    package func verify(_ vault: CodeVault? = nil) async throws(LedgerError) -> LedgerVerification {
        var verification = try await commits.read { db in try Self.structure(db) }
        var cursor: Int64 = .min
        while verification.faults.count < LedgerVerification.faultsMax {
            let (next, updated) = try await commits.read { [verification, cursor] db in
                var verification = verification
                let next = try Self.verifyBatch(after: cursor, vault, db, into: &verification)
                return (next, verification)
            }
            verification = updated
            guard let next else { break }
            cursor = next
        }
        cursor = .min
        while verification.faults.count < LedgerVerification.faultsMax {
            let (next, updated) = try await commits.read { [verification, cursor] db in
                var verification = verification
                let next = Self.verifyMessages(after: cursor, db, into: &verification)
                return (next, verification)
            }
            verification = updated
            guard let next else { break }
            cursor = next
        }
        return verification
    }

    private static func structure(_ db: Database) throws -> LedgerVerification {
        var verification = LedgerVerification()
        let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        verification.bytes = pages * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
        do {
            for finding in try String.fetchAll(db, sql: "PRAGMA integrity_check(\(LedgerVerification.faultsMax))")
            where finding != "ok" {
                verification.add("SQLite: \(finding)")
            }
            for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
                let table: String = try row.decode(atIndex: 0)
                verification.add("a row of '\(table)' belongs to an order that isn't there")
            }
        } catch let error as DatabaseError {
            verification.add("SQLite: \(error.message ?? "\(error.extendedResultCode)")")
        }
        return verification
    }

    private static let batchSize = 256

    /// - Returns: the last position of the batch; `nil`: there are no more.
    private static func verifyBatch(
        after cursor: Int64, _ vault: CodeVault?, _ db: Database, into verification: inout LedgerVerification
    ) throws -> Int64? {
        var last: Int64?
        do {
            try db.inTransaction(.deferred) {
                let positions = try Int64.fetchAll(
                    db, sql: "SELECT position FROM orders WHERE position > ? ORDER BY position LIMIT ?",
                    arguments: [cursor, batchSize])
                for position in positions {
                    try verifyOrder(at: position, vault, db, into: &verification)
                    last = position
                }
                return .commit
            }
        } catch let error as DatabaseError {
            // Where to go on can't be told from here; the finding is what counts.
            verification.add("orders after position \(last ?? cursor): \(error.message ?? "\(error.extendedResultCode)")")
            return nil
        }
        return last
    }

    private static func verifyOrder(
        at position: Int64, _ vault: CodeVault?, _ db: Database, into verification: inout LedgerVerification
    ) throws {
        let stored: StoredOrder
        do {
            guard let found = try StoredOrder.fetch(at: position, db) else { return }
            stored = found
        } catch {
            verification.add("order at position \(position) can't be read: \(LedgerFile.shortly(error))")
            return
        }
        verification.orders += 1
        verification.entries += stored.entries.count
        let (key, reference) = (stored.row.key, stored.row.state.reference)
        for fault in stored.faults { verification.add(fault, order: key, reference: reference) }
        guard let entries = try? stored.entries.map({ try $0.entry }) else { return }
        let named = Set(
            entries.compactMap { entry in
                switch entry.event {
                case .createIntended(let intent): intent.payloadDigest
                case .documentRendered(let record): record.digest
                default: nil
                }
            })
        for payload in try StoredPayloadRow.fetchAll(at: position, db) where named.contains(payload.digest) {
            verification.payloads += 1
            if !payload.isIntact {
                verification.add(
                    "the bytes kept of a create or a document aren't those that were made", order: key, reference: reference)
            }
        }
        for fault in try documentFaults(stored, db) + ticketFaults(stored, db) {
            verification.add(fault, order: key, reference: reference)
        }
        let handedOut = Set(
            entries.flatMap { entry in if case .codesStored(let names) = entry.event { names } else { [] as [CodeName] } })
        for fault in verifyCodes(of: key, handedOut, at: position, vault, db, into: &verification) {
            verification.add(fault, order: key, reference: reference, isOfCodes: true)
        }
    }

    /// - Parameter handedOut: by the journal, which has them in one transaction with the codes.
    /// - Returns: what is wrong with them.
    private static func verifyCodes(
        of key: OrderKey, _ handedOut: Set<CodeName>, at position: Int64, _ vault: CodeVault?, _ db: Database,
        into verification: inout LedgerVerification
    ) -> [String] {
        let kept: [SealedCode]
        do { kept = try LedgerStatements.codes(at: position, db).map(\.code) } catch {
            return ["its codes can't be read: \(LedgerFile.shortly(error))"]
        }
        verification.codes += kept.count
        let names = Set(kept.map(\.name))
        let (gone, strange) = (handedOut.subtracting(names).count, names.subtracting(handedOut).count)
        var faults: [String] = []
        if gone > 0 {
            faults.append(
                "\(gone) of the \(handedOut.count) codes that its journal says are kept \(gone == 1 ? "is" : "are") gone")
        }
        if strange > 0 {
            faults.append("\(strange) \(strange == 1 ? "code is" : "codes are") kept for it that its journal doesn't know")
        }
        guard let vault else { return faults }
        for code in kept {
            do throws(CodeVault.Fault) {
                _ = try vault.open(code, of: key)
                verification.codesOpened += 1
            } catch {
                // A key that isn't given is nothing that is wrong with the ledger.
                guard case .unknownKey = error else {
                    faults.append(error.description)
                    continue
                }
            }
        }
        return faults
    }

    private static let messagesInABatch = 64

    /// - Returns: the last position of the batch; `nil`: there are no more.
    private static func verifyMessages(after cursor: Int64, _ db: Database, into verification: inout LedgerVerification) -> Int64?
    {
        do {
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, received_at, digest, headers, body, position FROM messages
                    WHERE position > ? AND body IS NOT NULL ORDER BY position LIMIT \(messagesInABatch)
                    """, arguments: [cursor])
            for row in rows {
                do {
                    _ = try InboundMessage(row)
                    _ = try LedgerStatements.findings(ofMessageAt: try row.decode(atIndex: 5), db)
                    verification.messages += 1
                } catch { verification.add(LedgerFile.shortly(error)) }
            }
            return try rows.last?.decode(Int64.self, atIndex: 5)
        } catch {
            verification.add("messages after position \(cursor): \(LedgerFile.shortly(error))")
            return nil
        }
    }

    /// Where the tickets' table contradicts the journal.
    private static func ticketFaults(_ stored: StoredOrder, _ db: Database) throws -> [String] {
        guard let entries = try? stored.entries.map({ try $0.entry }) else { return [] }
        let isSame = try LedgerStatements.tickets(at: stored.row.position, db) == Set(entries.compactMap(\.event.ticket))
        return isSame ? [] : ["what messages call it by isn't what its journal says"]
    }

    /// Where the documents' table contradicts the journal.
    private static func documentFaults(_ stored: StoredOrder, _ db: Database) throws -> [String] {
        guard let progress = stored.progress else { return [] }
        let rows: [DocumentRow]
        do {
            rows = try LedgerStatements.documents("WHERE position = ? ORDER BY ordinal", [stored.row.position], db)
        } catch { return ["its documents can't be read: \(LedgerFile.shortly(error))"] }
        let expected = progress.documents.map { ($0.record, DocumentStatus($0)) }
        let isSame = rows.count == expected.count && zip(rows, expected).allSatisfy { ($0.record, $0.status) == $1 }
        return isSame ? [] : ["its documents aren't those of its journal"]
    }
}

extension StoredOrder {
    /// `nil` where there is none at that position.
    static func fetch(at position: Int64, _ db: Database) throws -> StoredOrder? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(OrderRow.columns), journal_digest FROM orders WHERE position = ?")
        guard let row = try Row.fetchOne(statement, arguments: [position]) else { return nil }
        return StoredOrder(
            row: try OrderRow(row), digest: JournalDigest(stored: try row.decode(atIndex: OrderRow.columnCount)),
            entries: try LedgerStatements.storedJournal(at: position, db))
    }
}

/// A row of the payloads.
struct StoredPayloadRow {
    var digest: String
    /// Milliseconds since 1970.
    var storedAt: Int64
    var bytes: [UInt8]

    var isIntact: Bool { ContentDigest.sha256(bytes) == digest }

    static func fetchAll(at position: Int64, _ db: Database) throws -> [StoredPayloadRow] {
        let statement = try db.cachedStatement(sql: "SELECT digest, stored_at, bytes FROM payloads WHERE position = ?")
        return try Row.fetchAll(statement, arguments: [position]).map { row in
            StoredPayloadRow(
                digest: try row.decode(atIndex: 0), storedAt: try row.decode(atIndex: 1),
                bytes: [UInt8](try row.decode(Data.self, atIndex: 2)))
        }
    }
}
