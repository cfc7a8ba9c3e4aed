import Foundation
internal import GRDB
import Ledger
import OrderFlow
import Orders

/// A message as a damaged ledger still has it.
struct DamagedMessage {
    var row: MessageRow
    var digest: String
    /// JSON.
    var headers: String?
    var body: [UInt8]?

    static let columns = MessageRow.columns + ", digest, headers, body"

    /// Reads ``columns``, in their order.
    ///
    /// - Throws: where the bytes aren't those that came.
    init(_ row: Row) throws {
        self.row = try MessageRow(row)
        digest = try row.decode(atIndex: 9)
        headers = try row.decode(atIndex: 10)
        body = try row.decode(Data?.self, atIndex: 11).map { [UInt8]($0) }
        if let body, ContentDigest.sha256(body) != digest {
            throw LedgerError.unusable("message \(self.row.id) isn't as it came")
        }
    }
}

extension LedgerStatements {
    /// Takes a message over. What one said of an order that starts anew is said again: that may settle what nobody knows any more.
    static func restore(
        _ message: DamagedMessage, readAgainFor doubtful: Set<OrderKey>, at now: Timestamp, _ db: Database
    ) throws {
        var row = message.row
        let isDoubtful = row.findings.contains { $0.order.map(doubtful.contains) ?? false }
        if isDoubtful, message.body != nil {
            (row.state, row.dueAt, row.tries) = (.waiting, MessageRow.atOnce, 0)
            row.sentence = "The ledger was rebuilt, and an order that it speaks of starts anew; it is read again."
        }
        // Two ends of a damaged table may show the same message twice.
        try db.execute(
            sql: """
                INSERT INTO messages (position, flow, id, received_at, digest, headers, body, state, sentence, tries, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
            arguments: [
                row.position, row.flow, row.id, row.receivedAt.milliseconds, message.digest, message.headers,
                message.body?.asData, row.state.rawValue, row.sentence, row.tries, row.dueAt?.milliseconds,
            ])
        if db.changesCount > 0 { try insert(row.findings, ofMessageAt: row.position, db) }
    }
}
