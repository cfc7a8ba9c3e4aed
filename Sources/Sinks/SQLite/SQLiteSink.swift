internal import GRDB
import Glibc
package import Orders
import SQLiteStore
package import SinkKit

/// Orders and lines in a SQLite file that an importer can read: the embedded default.
///
/// Class K: the key is unique in the file, and repeating a create gives the order that is there.
package final class SQLiteSink: ERPSink {
    package struct Settings: Sendable, Equatable {
        package var path: String
        /// Before the order number: `SO-` gives `SO-000001`.
        package var numberPrefix: String
        package var requiredFields: [String]

        package init(path: String, numberPrefix: String = "SO-", requiredFields: [String] = []) {
            self.path = path
            self.numberPrefix = numberPrefix
            self.requiredFields = requiredFields
        }
    }

    package let capabilities: SinkCapabilities
    private let settings: Settings
    let commits: GroupCommit<SinkError>

    /// Opens the file, making it with mode 0600 where there is none.
    ///
    /// - Parameter onlyReads: the file isn't touched; where there is none, nothing is found and nothing can be made.
    /// - Throws: ``SinkKit/SinkError`` `misconfigured` where the file can't be opened, written or brought up to date.
    package init(_ settings: Settings, onlyReads: Bool = false) throws(SinkError) {
        self.settings = settings
        capabilities = SinkCapabilities(
            sinkClass: .key(retention: nil, latestEffect: .zero), requiredFields: settings.requiredFields, tellsShipments: true)
        let path = settings.path
        let database = try Self.open(path, onlyReads: onlyReads)
        commits = GroupCommit(database: database, label: "crossdock.sink.sqlite") { error in
            // A disk that fails while it syncs may have kept the commit all the same.
            let mayHaveEffect = (error as? DatabaseError)?.resultCode == .SQLITE_IOERR
            return SinkError(
                mayHaveEffect ? .unknownOutcome : .unavailable, "the SQLite sink's file \(path) can't be used: \(error)")
        }
    }

    private static func open(_ path: String, onlyReads: Bool) throws(SinkError) -> DatabaseQueue {
        let file = DatabaseFile(
            path: path, applicationID: SQLiteSinkSchema.applicationID, migrator: SQLiteSinkSchema.migrator,
            label: "crossdock.sink.sqlite")
        do {
            guard onlyReads else { return try file.open() }
            guard access(path, F_OK) == 0 else {
                let empty = try DatabaseQueue()
                try SQLiteSinkSchema.migrator.migrate(empty)
                return empty
            }
            return try file.openReading()
        } catch let fault as DatabaseFileFault {
            throw SinkError(.misconfigured, "the SQLite sink's file \(path) \(fault)")
        } catch {
            throw SinkError(.misconfigured, "the SQLite sink's file \(path) can't be used: \(error)")
        }
    }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        try await commits.read { db in try Self.order(key, db)?.receipt }
    }

    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let prefix = settings.numberPrefix
        let document = JSONValue.object(order.json).compactText
        let start = SinkStartDeadline(context)
        return try await commits.write { db in
            if let (receipt, known) = try Self.order(order.key, db) {
                guard known == document else {
                    throw SinkError(
                        .conflict, "the key \(order.key) stands for order \(receipt.erpOrderNumber) with other content")
                }
                return .accepted(receipt)
            }
            // Others may have been written before it.
            try start.check()
            return .accepted(try Self.insert(order, document: document, prefix: prefix, db))
        }
    }

    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        let path = settings.path
        guard access(path, F_OK) == 0 else {
            let folder = path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) : "."
            guard access(folder.isEmpty ? "/" : folder, W_OK | X_OK) == 0 else {
                throw SinkError(
                    .misconfigured, "the file \(path) can't be made in its folder: \(String(cString: strerror(errno)))")
            }
            return ["there is no file \(path) yet; the first order makes it"]
        }
        let count = try await commits.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM orders") ?? 0 }
        return ["the file \(path) is open and holds \(count) orders"]
    }

    private static func order(_ key: IdempotencyKey, _ db: Database) throws -> (receipt: SinkReceipt, document: String)? {
        let statement = try db.cachedStatement(sql: "SELECT number, state, document FROM orders WHERE key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key.text]) else { return nil }
        let number: String = row[0]
        let lines = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT line_key, number FROM lines WHERE order_number = ? ORDER BY number"),
            arguments: [number])
        let receipt = SinkReceipt(
            erpOrderNumber: number, state: SinkReceipt.State(rawValue: row[1]) ?? .confirmed,
            lines: lines.map { SinkReceiptLine(lineKey: $0[0], erpLineNumber: $0[1]) })
        return (receipt, row[2])
    }

    private static func insert(_ order: SinkOrder, document: String, prefix: String, _ db: Database) throws -> SinkReceipt {
        let last = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(id) FROM orders")) ?? 0
        let digits = String(last + 1)
        let number = prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        let insertOrder = try db.cachedStatement(
            sql: """
                INSERT INTO orders (id, number, key, shop, order_id, reference, customer_order_number, order_date, requested_delivery_date,
                    description, currency, paid_amount, customer_code, customer_name, document)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try insertOrder.execute(arguments: [
            last + 1, number, order.key.text, order.key.order.shop, order.key.order.orderID, order.order.reference,
            order.order.customerOrderNumber, order.order.orderDate, order.order.requestedDeliveryDate, order.order.description,
            order.order.currency, order.order.paidAmount?.spelling, order.customerCode ?? order.customer?.code,
            order.customer?.name,
            document,
        ])
        let insertLine = try db.cachedStatement(
            sql: """
                INSERT INTO lines (order_number, number, line_key, product, product_origin, description, quantity, unit_price, unit, taxes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        var receipt = SinkReceipt(erpOrderNumber: number, lines: [])
        for (index, line) in order.order.lines.enumerated() {
            let lineNumber = Int64(index + 1) * 10
            let item = order.item(for: line)
            try insertLine.execute(arguments: [
                number, lineNumber, line.key, item.productCode, line.productOrigin, line.description, item.quantity.spelling,
                item.unitPrice?.spelling, item.unit, item.taxes.isEmpty ? nil : item.taxes.joined(separator: "|"),
            ])
            receipt.lines.append(SinkReceiptLine(lineKey: line.key, erpLineNumber: lineNumber))
        }
        return receipt
    }
}
