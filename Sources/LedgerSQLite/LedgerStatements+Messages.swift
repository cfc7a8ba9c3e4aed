import Foundation
internal import GRDB
import Ledger
import OrderFlow
import Orders
import SinkKit

/// What ERPs send by themselves, and what messages call orders by.
extension LedgerStatements {
    static func keep(_ message: InboundMessage, flow: String, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO messages (flow, id, received_at, digest, headers, body, state, sentence, tries, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING
                """
        ).execute(arguments: [
            flow, message.id, message.receivedAt.milliseconds, ContentDigest.sha256(message.body), message.storedHeaders,
            message.body.asData, MessageRow.State.waiting.rawValue, MessageRow.justKept, MessageRow.atOnce.milliseconds,
        ])
    }

    static func waitingMessages(flow: String, at now: Timestamp, limit: Int, _ db: Database) throws -> [WaitingMessage] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, received_at, digest, headers, body, tries FROM messages
                WHERE flow = ? AND due_at IS NOT NULL AND due_at <= ? ORDER BY position LIMIT ?
                """)
        return try Row.fetchAll(statement, arguments: [flow, now.milliseconds, limit]).map { row in
            WaitingMessage(message: try InboundMessage(row), tries: try row.decode(atIndex: 5))
        }
    }

    static func settle(_ outcome: MessageOutcome, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE messages SET state = ?, sentence = ?, tries = ?, due_at = ?
                WHERE flow = ? AND id = ? AND due_at IS NOT NULL RETURNING position
                """)
        let position = try Int64.fetchOne(
            statement,
            arguments: [
                outcome.state.rawValue, outcome.sentence, outcome.tries, outcome.dueAt?.milliseconds, outcome.flow, outcome.id,
            ])
        guard let position else { return }
        try db.cachedStatement(sql: "DELETE FROM message_findings WHERE message = ?").execute(arguments: [position])
        try insert(outcome.findings, ofMessageAt: position, db)
    }

    static func insert(_ findings: [MessageFinding], ofMessageAt position: Int64, _ db: Database) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT INTO message_findings (message, number, shop, order_id, reason, sentence) VALUES (?, ?, ?, ?, ?, ?)")
        for (number, finding) in findings.enumerated() {
            try insert.execute(arguments: [
                position, number, finding.order?.shop, finding.order?.orderID, finding.reason.rawValue, finding.sentence,
            ])
        }
    }

    static func messages(_ filter: MessageFilter, after cursor: Int64, limit: Int, _ db: Database) throws -> [MessageRow] {
        let states = filter.states.isEmpty ? MessageRow.State.allCases : filter.states
        var conditions = ["position > ?", "state IN (\(states.map { _ in "?" }.joined(separator: ", ")))"]
        var values: [(any DatabaseValueConvertible)?] = [cursor] + states.map(\.rawValue)
        if let flow = filter.flow {
            conditions.append("flow = ?")
            values.append(flow)
        }
        if let order = filter.order {
            conditions.append("position IN (SELECT message FROM message_findings WHERE order_id = ? AND shop = ?)")
            values += [order.orderID, order.shop]
        }
        let sql = """
            SELECT \(MessageRow.columns) FROM messages WHERE \(conditions.joined(separator: " AND ")) ORDER BY position LIMIT ?
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: StatementArguments(values + [limit])).map { row in
            var message = try MessageRow(row)
            message.findings = try findings(ofMessageAt: message.position, db)
            return message
        }
    }

    static func findings(ofMessageAt position: Int64, _ db: Database) throws -> [MessageFinding] {
        let statement = try db.cachedStatement(
            sql: "SELECT shop, order_id, reason, sentence FROM message_findings WHERE message = ? ORDER BY number")
        return try Row.fetchAll(statement, arguments: [position]).map { try MessageFinding($0) }
    }

    static func messageCounts(_ db: Database) throws -> [MessageCount] {
        try Row.fetchAll(db.cachedStatement(sql: "SELECT flow, state, count(*) FROM messages GROUP BY 1, 2 ORDER BY 1")).map {
            row in
            MessageCount(
                flow: try row.decode(atIndex: 0), state: try row.messageState(atIndex: 1), count: try row.decode(atIndex: 2))
        }.sorted { ($0.flow, $0.state.ordinal) < ($1.flow, $1.state.ordinal) }
    }

    // MARK: Tickets

    static func insertTickets(of entries: [JournalEntry], at position: Int64, _ db: Database) throws {
        for ticket in entries.compactMap(\.event.ticket) {
            try db.cachedStatement(sql: "INSERT INTO tickets (ticket, position) VALUES (?, ?) ON CONFLICT DO NOTHING")
                .execute(arguments: [ticket, position])
        }
    }

    static func orders(ticket: String, flow: String, _ db: Database) throws -> [OrderKey] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT shop, order_id FROM tickets JOIN orders USING (position) WHERE ticket = ? AND flow = ? ORDER BY position
                """)
        return try Row.fetchAll(statement, arguments: [ticket, flow]).map { row in
            OrderKey(shop: try row.decode(atIndex: 0), orderID: try row.decode(atIndex: 1))
        }
    }

    static func tickets(at position: Int64, _ db: Database) throws -> Set<String> {
        Set(
            try String.fetchAll(
                db.cachedStatement(sql: "SELECT ticket FROM tickets WHERE position = ?"), arguments: [position]))
    }
}

extension MessageRow {
    static let columns = "position, flow, id, received_at, length(body), state, sentence, tries, due_at"

    /// Reads ``columns``, in their order.
    init(_ row: Row) throws {
        self.init(
            position: try row.decode(atIndex: 0), flow: try row.decode(atIndex: 1), id: try row.decode(atIndex: 2),
            receivedAt: Timestamp(milliseconds: try row.decode(atIndex: 3)), bytes: try row.decode(atIndex: 4),
            state: try row.messageState(atIndex: 5), sentence: try row.decode(atIndex: 6), tries: try row.decode(atIndex: 7),
            dueAt: try row.instant(atIndex: 8))
    }
}

extension MessageRow.State {
    fileprivate var ordinal: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension MessageFinding {
    init(_ row: Row) throws {
        let (shop, id): (String?, Int64?) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
        let word: String = try row.decode(atIndex: 2)
        guard let reason = MessageReason(rawValue: word), (shop == nil) == (id == nil) else {
            throw LedgerError.unusable("the ledger holds a message that came to '\(word)'. \(LedgerFile.remedy)")
        }
        var order: OrderKey?
        if let shop, let id { order = OrderKey(shop: shop, orderID: id) }
        self.init(order: order, reason: reason, sentence: try row.decode(atIndex: 3))
    }
}

extension Row {
    fileprivate func messageState(atIndex index: Int) throws -> MessageRow.State {
        let word: String = try decode(atIndex: index)
        guard let state = MessageRow.State(rawValue: word) else {
            throw LedgerError.unusable("the ledger holds a message that is '\(word)'. \(LedgerFile.remedy)")
        }
        return state
    }
}

extension InboundMessage {
    /// Reads `id, received_at, digest, headers, body`.
    ///
    /// - Throws: ``LedgerError/unusable(_:)`` where the bytes aren't those that came.
    init(_ row: Row) throws {
        let id: String = try row.decode(atIndex: 0)
        let body = [UInt8](try row.decode(Data.self, atIndex: 4))
        let stored: String = try row.decode(atIndex: 3)
        guard ContentDigest.sha256(body) == (try row.decode(String.self, atIndex: 2)),
            let members = (try? JSONValue(parsing: Array(stored.utf8)))?.objectValue?.members
        else { throw LedgerError.unusable("message \(id) isn't as it came: the ledger is damaged. \(LedgerFile.remedy)") }
        self.init(
            id: id, receivedAt: Timestamp(milliseconds: try row.decode(atIndex: 1)),
            headers: Dictionary(
                members.map { ($0.name.value, $0.value.stringValue ?? "") }, uniquingKeysWith: { first, _ in first }),
            body: body)
    }

    /// In the order of their names.
    fileprivate var storedHeaders: String {
        let members = headers.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.text($0.value)) }
        return JSONValue.object(JSONObject(members)).compactText
    }
}
