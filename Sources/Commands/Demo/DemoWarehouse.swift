internal import GRDB

/// Whoever packs: books in the file of the SQLite sink, as the README does with `sqlite3`.
enum DemoWarehouse {
    /// Sends everything of an order out in one package.
    ///
    /// - Throws: ``CommandFailure``.
    static func ship(_ orderNumber: String, as shipment: String, in path: String) throws {
        do {
            try DatabaseQueue(path: path).write { db in
                try db.execute(sql: "INSERT INTO shipments (id, carrier) VALUES (?, 'DHL')", arguments: [shipment])
                try db.execute(
                    sql: "INSERT INTO packages (shipment, number, tracking_code) VALUES (?, 1, '3SABC0123456')",
                    arguments: [shipment])
                try db.execute(
                    sql: """
                        INSERT INTO shipment_lines (shipment, package, order_number, line_number, quantity)
                        SELECT ?, 1, order_number, number, quantity FROM lines WHERE order_number = ?
                        """, arguments: [shipment, orderNumber])
                try db.execute(
                    sql: "UPDATE shipments SET shipped_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = ?",
                    arguments: [shipment])
            }
        } catch { throw CommandFailure(.tryLater, "the ERP's file takes no shipment: \(error)") }
    }
}
