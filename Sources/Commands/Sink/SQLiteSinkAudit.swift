import Foundation
import GRDB
import Orders
import SinkKit
import SinkTesting

/// Looks into the SQLite sink's file and books shipments in it, as an importer does: with SQL of its own.
struct SQLiteSinkAudit: Sendable {
    let path: String

    func equip(_ target: inout SinkUnderTest) {
        target.auditor = SinkAuditor { key in try orders(key) }
        target.warehouse = SinkWarehouse { receipt, key, line in try ship(receipt.erpOrderNumber, line) }
        let why =
            "the sink writes to a file: there is no connection that could be lost, and no answer that could be late or garbled"
        let impossible = SinkMishap.allCases.map { ($0, why) }
        target.interference = SinkInterference(
            [], impossible: Dictionary(uniqueKeysWithValues: impossible), arrange: { _ in }, mend: {})
    }

    private func orders(_ key: IdempotencyKey) throws -> [SinkAuditedOrder] {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        let file = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? file.close() }
        return try file.read { db in
            try String.fetchAll(db, sql: "SELECT number FROM orders WHERE key = ? ORDER BY id", arguments: [key.text]).map {
                number in
                let rows = try Row.fetchAll(
                    db, sql: "SELECT quantity, unit_price, description FROM lines WHERE order_number = ? ORDER BY number",
                    arguments: [number])
                let lines = try rows.map { row in
                    SinkAuditedOrder.Line(
                        quantity: try ExactDecimal(row[0] as String),
                        unitPrice: try (row[1] as String?).map { try ExactDecimal($0) },
                        description: row[2])
                }
                return SinkAuditedOrder(number: number, lines: lines)
            }
        }
    }

    private func ship(_ number: String, _ line: SinkShippedLine) throws {
        let file = try DatabaseQueue(path: path)
        defer { try? file.close() }
        try file.write { db in
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM shipments") ?? 0
            let shipment = "CDCHECK-\(count + 1)"
            try db.execute(
                sql: """
                    INSERT INTO shipments (id) VALUES (:shipment);
                    INSERT INTO packages (shipment, number) VALUES (:shipment, 1);
                    INSERT INTO shipment_lines (shipment, package, order_number, line_number, quantity)
                        SELECT :shipment, 1, order_number, number, :quantity FROM lines
                        WHERE order_number = :number AND line_key = :line;
                    UPDATE shipments SET shipped_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = :shipment;
                    """,
                arguments: [
                    "shipment": shipment, "quantity": line.quantity.spelling, "number": number, "line": line.lineKey,
                ])
        }
    }
}
