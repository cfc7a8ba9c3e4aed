internal import GRDB
import Ledger
import OrderFlow
import Orders

/// The documents' table: what stands in it follows from the journals, and is there for lists and to keep numbers apart.
extension LedgerStatements {
    /// - Throws: ``LedgerError/documentNumberUsed(_:)`` where one of them has a number of another document's.
    static func checkNumbers(_ changed: [DocumentProgress], of key: OrderKey, _ db: Database) throws {
        guard !changed.isEmpty else { return }
        let flow = try String.fetchOne(
            db.cachedStatement(sql: "SELECT flow FROM orders WHERE shop = ? AND order_id = ?"),
            arguments: [key.shop, key.orderID])
        guard let flow else { return }
        for record in changed.map(\.record) {
            for number in record.numbers {
                let other = try document(flow: flow, kind: record.kind, number: number, db)
                if let other, other.order != key || other.record.ordinal != record.ordinal {
                    throw LedgerError.documentNumberUsed(number)
                }
            }
        }
    }

    /// The document that has that number, or whose message has it.
    static func document(flow: String, kind: DocumentKind, number: String, _ db: Database) throws -> DocumentRow? {
        for column in ["number", "message_number"] {
            let found = try documents(
                "WHERE documents.flow = ? AND kind = ? AND \(column) = ?", [flow, kind.rawValue, number], db)
            if let first = found.first { return first }
        }
        return nil
    }

    /// - Parameter kept: what the rows of documents by ordinal were before, in a ledger that this one takes the place of.
    static func record(
        _ changed: [DocumentProgress], ofOrderAt position: Int64, at now: Timestamp, kept: [Int: KeptDocument] = [:],
        _ db: Database
    ) throws {
        for document in changed {
            let update = try db.cachedStatement(
                sql: """
                    UPDATE documents SET kind = ?, number = ?, message_number = ?, record = ?, state = ?, since = ?, tries = ?
                    WHERE position = ? AND ordinal = ?
                    """)
            let (record, status) = (document.record, DocumentStatus(document))
            try update.execute(arguments: [
                record.kind.rawValue, record.number, record.messageNumber, record.stored, status.state.rawValue,
                status.since.milliseconds, status.tries, position, record.ordinal,
            ])
            guard db.changesCount == 0 else { continue }
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO documents
                        (id, position, ordinal, flow, kind, number, message_number, record, rendered_at, state, since, tries)
                    SELECT ?, position, ?, flow, ?, ?, ?, ?, ?, ?, ?, ? FROM orders WHERE position = ?
                    """)
            try insert.execute(arguments: [
                kept[record.ordinal]?.id, record.ordinal, record.kind.rawValue, record.number, record.messageNumber,
                record.stored, (kept[record.ordinal]?.renderedAt ?? now).milliseconds, status.state.rawValue,
                status.since.milliseconds, status.tries, position,
            ])
        }
    }

    static func documents(_ filter: DocumentFilter, after cursor: Int64, limit: Int, _ db: Database) throws -> [DocumentRow] {
        var conditions = ["documents.id > ?"]
        var values: [(any DatabaseValueConvertible)?] = [cursor]
        if let order = filter.order {
            conditions += ["shop = ?", "order_id = ?"]
            values += [order.shop, order.orderID]
        }
        if let flow = filter.flow {
            conditions.append("documents.flow = ?")
            values.append(flow)
        }
        if !filter.states.isEmpty {
            conditions.append("state IN (\(filter.states.map { _ in "?" }.joined(separator: ", ")))")
            values += filter.states.map(\.rawValue)
        }
        return try documents(
            "WHERE \(conditions.joined(separator: " AND ")) ORDER BY documents.id LIMIT ?", values + [limit], db)
    }

    /// - Parameter rest: what follows the joined tables `documents` and `orders`.
    static func documents(_ rest: String, _ values: [(any DatabaseValueConvertible)?], _ db: Database) throws -> [DocumentRow] {
        let sql = """
            SELECT documents.id, shop, order_id, documents.flow, record, rendered_at, state, since, tries
            FROM documents JOIN orders USING (position) \(rest)
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: StatementArguments(values)).map { try DocumentRow($0) }
    }
}

extension DocumentRecord {
    fileprivate var stored: String {
        String(decoding: JSONValue.object(JournalEvent.documentRendered(self).body).serialized(), as: UTF8.self)
    }

    fileprivate init(stored: String) throws {
        guard let body = (try? JSONValue(parsing: Array(stored.utf8)))?.objectValue,
            case .documentRendered(let record)? = try? JournalEvent(kind: .documentRendered, body: body)
        else {
            throw LedgerError.unusable(
                "the ledger holds a document that can't be read; it was damaged, or written by a later release of Crossdock")
        }
        self = record
    }
}

extension DocumentRow {
    fileprivate init(_ row: Row) throws {
        let word: String = try row.decode(atIndex: 6)
        guard let state = DocumentProgress.State(rawValue: word) else {
            throw LedgerError.unusable("the ledger holds a document in state '\(word)', which this release doesn't know")
        }
        self.init(
            id: try row.decode(atIndex: 0),
            order: OrderKey(shop: try row.decode(atIndex: 1), orderID: try row.decode(atIndex: 2)),
            flow: try row.decode(atIndex: 3), record: try DocumentRecord(stored: try row.decode(atIndex: 4)),
            renderedAt: Timestamp(milliseconds: try row.decode(atIndex: 5)),
            status: DocumentStatus(
                state: state, since: Timestamp(milliseconds: try row.decode(atIndex: 7)), tries: try row.decode(atIndex: 8)))
    }
}
