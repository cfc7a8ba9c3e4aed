package import Orders
package import SinkKit

/// What Odoo's warehouse has sent out.
extension OdooSink {
    /// Deliveries at `done`: before it, their quantities may still change.
    package func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        let desk = try await desk(context)
        guard desk.facts.fields.contains("stock.move.sale_line_id") else {
            throw SinkError(.misconfigured, "Odoo shows this user no deliveries of orders: is its module sale_stock there?")
        }
        let order = try await existing(key, desk)
        return try await OdooShipmentReader(desk: desk, order: order).shipments()
    }
}

/// Reads the deliveries of one order.
struct OdooShipmentReader {
    let desk: OdooDesk
    let order: OdooOrder

    private struct Move {
        let line: OdooOrder.Line
        let picking: Int64?
        let isDone: Bool
        let isOpen: Bool
        let row: JSONValue
    }

    func shipments() async throws(SinkError) -> SinkShipments {
        let moves = try await moves()
        var told = SinkShipments(closedLines: closedLines(moves), isCancelled: order.isCancelled)
        let pickings = try await pickings()
        let shared = try await shared(pickings.compactMap { $0["id"]?.integerValue })
        for row in pickings {
            guard let id = row["id"]?.integerValue, let date = row["date_done"]?.odooInstant else { continue }
            let own = moves.filter { $0.picking == id && $0.isDone }
            let lines = try lines(own)
            guard !lines.isEmpty else { continue }
            let address = row["carrier_tracking_url"]?.stringValue
            told.shipments.append(
                SinkShipment(
                    // Odoo never gives an id twice; a number can be given anew after a sequence is reset.
                    id: String(id), isShared: shared.contains(id), shippedAt: date, carrier: row["carrier_id"]?.referenceName,
                    packages: [
                        SinkPackage(
                            trackingCode: row["carrier_tracking_ref"]?.stringValue,
                            trackingAddress: address.flatMap { $0.hasPrefix("http://") || $0.hasPrefix("https://") ? $0 : nil },
                            lines: lines)
                    ]))
        }
        return told
    }

    /// Deliveries that left the house, oldest first.
    func pickings() async throws(SinkError) -> [JSONValue] {
        guard desk.facts.fields.contains("stock.picking.sale_id") else { return [] }
        let more = ["carrier_tracking_ref", "carrier_tracking_url", "carrier_id"]
        return try await desk.rows(
            "stock.picking",
            [
                ["sale_id", "=", .integer(order.id)], ["state", "=", "done"],
                ["picking_type_code", "in", ["outgoing", "dropship"]],
            ], ["date_done"] + more.filter { desk.facts.fields.contains("stock.picking.\($0)") }, order: "date_done, id")
    }

    private func moves() async throws(SinkError) -> [Move] {
        let lines = Dictionary(order.lines.map { ($0.id, $0) }) { first, _ in first }
        let rows = try await desk.rows(
            "stock.move", [["sale_line_id", "in", .ids(order.lines.map(\.id))]],
            ["sale_line_id", "picking_id", "state", "product_id", "product_uom", desk.facts.movedQuantity])
        return rows.compactMap { row in
            guard let line = row["sale_line_id"]?.reference.flatMap({ lines[$0] }), let state = row["state"]?.stringValue else {
                return nil
            }
            return Move(
                line: line, picking: row["picking_id"]?.reference, isDone: state == "done",
                isOpen: state != "done" && state != "cancel", row: row)
        }
    }

    /// Which of the deliveries hold goods of other orders too.
    private func shared(_ pickings: [Int64]) async throws(SinkError) -> Set<Int64> {
        guard !pickings.isEmpty else { return [] }
        let rows = try await desk.rows(
            "stock.move",
            [
                ["picking_id", "in", .ids(pickings)], ["state", "=", "done"], ["sale_line_id", "!=", false],
                ["sale_line_id.order_id", "!=", .integer(order.id)],
            ], ["picking_id"])
        return Set(rows.compactMap { $0["picking_id"]?.reference })
    }

    /// Two moves of one line are one line.
    private func lines(_ moves: [Move]) throws(SinkError) -> [SinkShippedLine] {
        var told: [SinkShippedLine] = []
        for line in order.lines {
            guard let key = line.key else { continue }
            var sum = ExactDecimal.zero
            for move in moves where move.line.id == line.id {
                guard let next = sum.adding(try quantity(move)) else {
                    throw SinkError(.conflict, "what was sent of order \(order.number) is too large to be added up")
                }
                sum = next
            }
            if !sum.isZero { told.append(SinkShippedLine(lineKey: key, quantity: sum)) }
        }
        return told
    }

    /// The warehouse moves in the product's unit, not in the line's.
    private func quantity(_ move: Move) throws(SinkError) -> ExactDecimal {
        guard move.row["product_id"]?.reference == move.line.product else {
            throw SinkError(
                .conflict, "of order \(order.number) parts of a kit were sent, from which its own quantity can't be told")
        }
        guard let quantity = move.row[desk.facts.movedQuantity]?.odooDecimal, let unit = move.row["product_uom"]?.reference,
            let lineUnit = move.line.unit, let converted = desk.facts.units.convert(quantity, from: unit, to: lineUnit)
        else { throw SinkError(.conflict, "a delivery of order \(order.number) is in a unit that its line isn't") }
        return converted
    }

    /// Delivered in full, given up in the warehouse, or never to be sent at all, such as services and what comes back.
    private func closedLines(_ moves: [Move]) -> [String] {
        // Before it is confirmed, no line has moves yet.
        guard !order.isDraft, !order.isCancelled else { return [] }
        return order.lines.filter { line in
            if line.isService || line.quantity.isNegative || line.quantity.isZero { return true }
            let own = moves.filter { $0.line.id == line.id }
            // Without moves, a purchase may still be waiting for its confirmation.
            return own.isEmpty ? line.delivered >= line.quantity : !own.contains(where: \.isOpen)
        }.compactMap(\.key)
    }
}
