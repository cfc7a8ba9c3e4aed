import Foundation
internal import GRDB
import Ledger
import OrderFlow
import Orders

/// Whatever can still be read of a damaged ledger, order by order. Works on a copy of the file, which it may change.
///
/// SQLite ends a statement at the first page it can't make sense of. So orders are looked for from both ends of every table and
/// index that names their positions, and each is then fetched by its own key: a page that is lost takes only the orders with it that
/// lie on it.
struct DamagedLedger {
    /// What could be read of one order.
    struct Remains {
        var position: Int64
        var row: OrderRow?
        /// From the row, or from the index over the keys.
        var key: OrderKey?
        var digest: JournalDigest?
        var entries: [StoredEntry] = []
        /// Every read that concerned it succeeded.
        var isComplete = true
        var payloads: [StoredPayloadRow] = []

        /// The names of the codes that the order was handed, as far as that can be read.
        var codesHandedOut: Set<CodeName> {
            Set(
                entries.flatMap { entry in
                    if case .codesStored(let names)? = (try? entry.entry)?.event { names } else { [] as [CodeName] }
                })
        }
    }

    private let database: DatabaseQueue

    /// - Throws: an error of SQLite's where not even the file's header can be read.
    init(copy path: String) throws {
        var configuration = Configuration()
        configuration.label = "crossdock.damaged"
        database = try DatabaseQueue(path: path, configuration: configuration)
        // A ledger of an earlier release gets its later columns, if it is well enough for that.
        try? LedgerSchema.migrator.migrate(database)
    }

    func close() { try? database.close() }

    // MARK: Where to look

    /// Every position that any part of the file mentions, in order, and those in between that none does.
    func positions() -> [Int64] {
        var found: Set<Int64> = []
        let sources = [
            "SELECT position FROM orders NOT INDEXED ORDER BY position",
            "SELECT position FROM orders INDEXED BY sqlite_autoindex_orders_1 ORDER BY order_id",
            "SELECT DISTINCT position FROM journal ORDER BY position", "SELECT DISTINCT position FROM payloads ORDER BY position",
        ]
        for source in sources {
            for direction in ["", " DESC"] { found.formUnion(readable(source + direction) { try $0.decode(atIndex: 0) }) }
        }
        let plausible = found.filter { $0 > 0 && $0 <= Self.positionMax }
        return plausible.max().map { Array(1...$0) } ?? []
    }

    /// More orders than one file will hold; a damaged number beyond that isn't followed.
    private static let positionMax: Int64 = 20_000_000

    /// The keys by position as the index over them has them.
    func indexedKeys() -> [Int64: OrderKey] {
        var keys: [Int64: OrderKey] = [:]
        for direction in ["", " DESC"] {
            let sql =
                "SELECT position, shop, order_id FROM orders INDEXED BY sqlite_autoindex_orders_1 ORDER BY order_id\(direction)"
            let found = readable(sql) { row in
                (
                    try row.decode(Int64.self, atIndex: 0),
                    OrderKey(shop: try row.decode(atIndex: 1), orderID: try row.decode(atIndex: 2))
                )
            }
            for (position, key) in found { keys[position] = key }
        }
        return keys
    }

    /// What comes before the first row that can't be read.
    func readable<Value>(_ sql: String, _ value: (Row) throws -> Value) -> [Value] {
        var values: [Value] = []
        try? database.read { db in
            let cursor = try Row.fetchCursor(db, sql: sql)
            while let row = try cursor.next() {
                if let value = try? value(row) { values.append(value) }
            }
        }
        return values
    }

    // MARK: One order

    /// `nil` where nothing at all is there.
    func remains(at position: Int64, indexedKeys: [Int64: OrderKey]) -> Remains? {
        var remains = Remains(position: position)
        readRow(&remains)
        readJournal(&remains)
        do {
            remains.payloads = try database.read { db in try StoredPayloadRow.fetchAll(at: position, db) }
        } catch { remains.isComplete = false }
        if remains.row == nil { remains.key = indexedKeys[position] }
        let isNothing = remains.key == nil && remains.entries.isEmpty && remains.isComplete
        return isNothing ? nil : remains
    }

    private func readRow(_ remains: inout Remains) {
        let position = remains.position
        do {
            try database.read { db in
                let sql = "SELECT \(OrderRow.columns), journal_digest FROM orders WHERE position = ?"
                guard let row = try Row.fetchOne(db, sql: sql, arguments: [position]) else { return }
                let order = try OrderRow(row)
                (remains.row, remains.key) = (order, order.key)
                remains.digest = JournalDigest(stored: try row.decode(atIndex: OrderRow.columnCount))
            }
        } catch { remains.isComplete = false }
    }

    /// From the first entry on and, where that ends at a damaged page, from the last one backwards.
    private func readJournal(_ remains: inout Remains) {
        var entries: [Int: StoredEntry] = [:]
        for direction in ["", " DESC"] {
            do {
                try database.read { db in
                    let sql = "SELECT \(StoredEntry.columns) FROM journal WHERE position = ? ORDER BY sequence\(direction)"
                    let cursor = try Row.fetchCursor(db, sql: sql, arguments: [remains.position])
                    while let row = try cursor.next() {
                        let entry = try StoredEntry(row)
                        entries[entry.sequence] = entry
                    }
                }
                break
            } catch { remains.isComplete = false }
        }
        remains.entries = entries.values.sorted { $0.sequence < $1.sequence }
    }

    // MARK: The rest

    /// When the ledger was made; `nil` where that can't be read.
    var createdAt: Timestamp? {
        readable("SELECT created_at FROM identity") { Timestamp(milliseconds: try $0.decode(atIndex: 0)) }.first
    }

    /// What can be read of an order's codes: each proves by its tag whether it is whole. Ledgers of older releases have none.
    func codes(at position: Int64) -> [LedgerStatements.KeptCode] {
        (try? database.read { db in try LedgerStatements.codes(at: position, db) }) ?? []
    }

    /// Messages that are as they came, from both ends of their table. Ledgers of older releases have none.
    func messages() -> [DamagedMessage] {
        var found: [Int64: DamagedMessage] = [:]
        for direction in ["", " DESC"] {
            let rows = readable("SELECT \(DamagedMessage.columns) FROM messages ORDER BY position\(direction)") { row in
                try DamagedMessage(row)
            }
            for message in rows { found[message.row.position] = message }
        }
        return found.values.sorted { $0.row.position < $1.row.position }.map { message in
            var message = message
            message.row.findings =
                (try? database.read { db in try LedgerStatements.findings(ofMessageAt: message.row.position, db) }) ?? []
            return message
        }
    }

    func registrations() -> [FlowRegistration] {
        readable("SELECT \(FlowRegistration.columns) FROM flows") { try FlowRegistration($0) }
    }

    func runs() -> [RunRecord] { readable("SELECT \(RunRecord.columns) FROM runs ORDER BY rowid") { try RunRecord($0) } }
}
