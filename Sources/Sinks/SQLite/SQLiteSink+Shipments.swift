internal import GRDB
package import Orders
import SQLiteStore
package import SinkKit

/// What the file's shipment tables tell of an order.
extension SQLiteSink {
    package func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        try await commits.read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT number, state FROM orders WHERE key = ?"), arguments: [key.text])
            guard let row else { throw SinkError(.conflict, "the file holds no order under the key \(key)") }
            let (number, state): (String, String) = (row[0], row[1])
            return SinkShipments(
                shipments: try Self.shipments(of: number, db), closedLines: try Self.closedLines(of: number, db),
                isCancelled: state == SinkReceipt.State.cancelled.rawValue)
        }
    }

    /// Those that have left, as far as they hold this order's goods.
    private static func shipments(of number: String, _ db: Database) throws -> [SinkShipment] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT s.id, s.shipped_at, s.expected_date, s.carrier, s.comment,
                        EXISTS (SELECT 1 FROM shipment_lines other WHERE other.shipment = s.id AND other.order_number <> ?1) AS shared
                    FROM shipments s
                    WHERE s.shipped_at IS NOT NULL
                        AND s.id IN (SELECT shipment FROM shipment_lines WHERE order_number = ?1)
                    ORDER BY julianday(s.shipped_at), s.id
                    """), arguments: [number])
        return try rows.map { row in
            SinkShipment(
                id: row["id"], isShared: row["shared"], shippedAt: row["shipped_at"], expectedDate: row["expected_date"],
                carrier: row["carrier"], comment: row["comment"], packages: try packages(of: row["id"], order: number, db))
        }
    }

    private static func packages(of shipment: String, order number: String, _ db: Database) throws -> [SinkPackage] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT p.number, p.tracking_code, p.tracking_url, p.sscc, p.weight_kg, l.line_key, c.quantity
                    FROM shipment_lines c
                    JOIN packages p ON p.shipment = c.shipment AND p.number = c.package
                    JOIN lines l ON l.order_number = c.order_number AND l.number = c.line_number
                    WHERE c.shipment = ? AND c.order_number = ?
                    ORDER BY p.number, c.line_number
                    """), arguments: [shipment, number])
        var packages: [(number: Int64, package: SinkPackage)] = []
        for row in rows {
            if packages.last?.number != row["number"] {
                let package = SinkPackage(
                    trackingCode: row["tracking_code"], trackingAddress: row["tracking_url"], containerCode: row["sscc"],
                    weightKilograms: try (row["weight_kg"] as String?).map { try decimal($0, "packages.weight_kg") }, lines: [])
                packages.append((row["number"], package))
            }
            let quantity = try decimal(row["quantity"], "shipment_lines.quantity")
            packages[packages.count - 1].package.lines.append(SinkShippedLine(lineKey: row["line_key"], quantity: quantity))
        }
        return packages.map(\.package)
    }

    /// Marked so, or sent out in full. Summed here, for SQLite would add texts up as binary floats.
    private static func closedLines(of number: String, _ db: Database) throws -> [String] {
        let sent = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT c.line_number, c.quantity FROM shipment_lines c JOIN shipments s ON s.id = c.shipment
                    WHERE c.order_number = ? AND s.shipped_at IS NOT NULL
                    """), arguments: [number])
        let lines = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT number, line_key, quantity, is_closed FROM lines WHERE order_number = ? ORDER BY number"),
            arguments: [number])
        return try lines.filter { line in
            var left = try decimal(line["quantity"], "lines.quantity")
            for row in sent where row["line_number"] as Int64 == line["number"] {
                guard let rest = left.subtracting(try decimal(row["quantity"], "shipment_lines.quantity")) else {
                    throw SinkError(.conflict, "what was sent of order \(number) is too large to be added up")
                }
                left = rest
            }
            return line["is_closed"] || left.isZero || left.isNegative
        }.map { $0["line_key"] }
    }

    private static func decimal(_ text: String, _ column: String) throws(SinkError) -> ExactDecimal {
        do { return try ExactDecimal(text) } catch {
            throw SinkError(.conflict, "\(column) holds '\(text)', which is no decimal")
        }
    }
}
