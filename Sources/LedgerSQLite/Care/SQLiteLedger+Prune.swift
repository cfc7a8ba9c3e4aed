internal import GRDB
package import Ledger
import OrderFlow
package import Orders
import SQLiteStore

/// What a pruning came to.
package struct PruneReport: Sendable, Equatable {
    package var erased = 0
    package var bytes: Int64 = 0
    /// Kept although old: a create whose end isn't known yet may have to be repeated with them.
    package var keptForOpenCreates = 0
    /// Kept although old: documents that aren't with their receiver yet.
    package var keptForOpenDocuments = 0
    /// Messages of the ERP's whose headers and bytes were erased.
    package var messages = 0
    /// Kept although old: messages that weren't taken in yet.
    package var keptWaitingMessages = 0
}

extension SQLiteLedger {
    /// Erases captured payloads and the bytes of messages, which hold personal data, from the file and its log. The journal, which proves how an order was
    /// handled, stays.
    ///
    /// - Parameters:
    ///   - limit: those stored before that instant.
    ///   - order: only this order's.
    package func prune(storedBefore limit: Timestamp, order: OrderKey? = nil) async throws(LedgerError) -> PruneReport {
        // Erased bytes are overwritten with zeros (https://www.sqlite.org/pragma.html#pragma_secure_delete).
        try await commits.read { db in try db.execute(sql: "PRAGMA secure_delete = ON") }
        var report = PruneReport()
        var cursor: Int64 = .min
        while true {
            let (next, batch) = try await commits.write { [cursor] db in
                try Self.pruneBatch(after: cursor, storedBefore: limit, order: order, db)
            }
            report.erased += batch.erased
            report.bytes += batch.bytes
            report.keptForOpenCreates += batch.keptForOpenCreates
            report.keptForOpenDocuments += batch.keptForOpenDocuments
            guard let next else { break }
            cursor = next
        }
        report = try await commits.write { [report] db in
            try Self.pruneMessages(receivedBefore: limit, order: order, db, report)
        }
        try await commits.read { db in _ = try db.checkpoint(.truncate) }
        return report
    }

    private static let ordersInABatch = 200

    /// - Returns: the last position of the batch; `nil`: there are no more.
    private static func pruneBatch(after cursor: Int64, storedBefore limit: Timestamp, order: OrderKey?, _ db: Database) throws
        -> (Int64?, PruneReport)
    {
        let positions = try Int64.fetchAll(
            db,
            sql: """
                SELECT DISTINCT position FROM payloads JOIN orders USING (position)
                WHERE position > :cursor AND stored_at < :limit AND (:shop IS NULL OR (shop = :shop AND order_id = :id))
                ORDER BY position LIMIT \(ordersInABatch)
                """,
            arguments: [
                "cursor": cursor, "limit": limit.milliseconds, "shop": order?.shop, "id": order?.orderID,
            ])
        var report = PruneReport()
        for position in positions {
            let progress = OrderProgress(try LedgerStatements.journal(at: position, db))
            let needed = progress.openIntent?.intent.payloadDigest
            let unsent = progress.isAtItsEnd ? [] : progress.documents.filter(\.holdsUp).map(\.record.digest)
            for payload in try StoredPayloadRow.fetchAll(at: position, db) where payload.storedAt < limit.milliseconds {
                guard payload.digest != needed else {
                    report.keptForOpenCreates += 1
                    continue
                }
                guard !unsent.contains(payload.digest) else {
                    report.keptForOpenDocuments += 1
                    continue
                }
                try db.execute(
                    sql: "DELETE FROM payloads WHERE position = ? AND digest = ?", arguments: [position, payload.digest])
                report.erased += 1
                report.bytes += Int64(payload.bytes.count)
            }
        }
        return (positions.last, report)
    }
}

extension SQLiteLedger {
    /// A message that speaks of several orders is erased with the first of them.
    private static func pruneMessages(
        receivedBefore limit: Timestamp, order: OrderKey?, _ db: Database, _ before: PruneReport
    ) throws -> PruneReport {
        let old = """
            received_at < :limit AND body IS NOT NULL AND (:shop IS NULL OR position IN (
                SELECT message FROM message_findings WHERE shop = :shop AND order_id = :id))
            """
        let arguments: StatementArguments = ["limit": limit.milliseconds, "shop": order?.shop, "id": order?.orderID]
        var report = before
        let counts = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*) FILTER (WHERE state != 'waiting'), total(length(body)) FILTER (WHERE state != 'waiting'),
                    count(*) FILTER (WHERE state = 'waiting')
                FROM messages WHERE \(old)
                """, arguments: arguments)
        guard let counts else { return report }
        report.messages = try counts.decode(atIndex: 0)
        report.bytes += Int64(try counts.decode(Double.self, atIndex: 1))
        report.keptWaitingMessages = try counts.decode(atIndex: 2)
        try db.execute(
            sql: "UPDATE messages SET headers = NULL, body = NULL WHERE state != 'waiting' AND \(old)", arguments: arguments)
        return report
    }
}

extension OrderProgress {
    /// Nothing further is sent for it.
    fileprivate var isAtItsEnd: Bool { skip != nil || verdict?.standing == .finished }
}

extension DocumentProgress {
    /// Whether its bytes may still be sent; a text for the buyer isn't sent again by itself.
    fileprivate var holdsUp: Bool {
        if case .status = record.cause, state == .refused || state == .unknown { return false }
        return !isDelivered
    }
}
