import Foundation
package import Orders
package import SinkKit

/// What Tryton's warehouse has sent out.
extension TrytonSink {
    /// Customer shipments at `done`: before it, their quantities and their date may still change.
    package func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        let budget = CallBudget(context, timekeeper)
        let facts = try await facts(budget)
        let sale = try await existing(key, facts, budget)
        var told = SinkShipments(closedLines: Self.closedLines(of: sale), isCancelled: sale.state == "cancelled")
        let reader = TrytonShipmentReader(client: client, facts: facts, sale: sale, budget: budget)
        told.shipments = try await reader.shipments()
        return told
    }

    /// Delivered in full, or never to be shipped at all, such as services and what comes back.
    private static func closedLines(of sale: TrytonSale) -> [String] {
        // Before it is confirmed, no line has moves yet.
        guard ["processing", "done"].contains(sale.state) else { return [] }
        return sale.lines.filter { line in
            guard let progress = line.progress, !line.quantity.isNegative else { return true }
            return progress >= ExactDecimal(1) || sale.state == "done"
        }.compactMap(\.key)
    }
}

/// Reads the shipments of one sale.
struct TrytonShipmentReader {
    let client: TrytonClient
    let facts: TrytonFacts
    let sale: TrytonSale
    let budget: CallBudget

    private struct Move {
        let saleLine: TrytonSale.Line
        let quantity: ExactDecimal
        let package: Package?
    }

    private struct Package: Equatable {
        let id: Int64
        let trackingCode: String?
        let trackingAddress: String?
    }

    func shipments() async throws(SinkError) -> [SinkShipment] {
        var fields = ["number", "effective_date", "outgoing_moves"]
        if facts.fields.contains("stock.shipment.out.carrier") { fields.append("carrier.rec_name") }
        let rows = try await client.ask(
            "stock.shipment.out.search_read",
            [
                [["state", "=", "done"], ["moves.sale", "=", .integer(sale.id)]], 0, nil,
                [["effective_date", "ASC"], ["id", "ASC"]], .texts(fields),
            ], company: facts.company, budget)
        let shipments = unique(rows.arrayValue ?? [])
        let moves = try await moves(shipments.flatMap { $0["outgoing_moves"]?.ids ?? [] })
        var told: [SinkShipment] = []
        for row in shipments {
            let own = (row["outgoing_moves"]?.ids ?? []).compactMap { moves.own[$0] }
            guard let id = row["id"]?.integerValue, let date = row["effective_date"]?.trytonDate, !own.isEmpty else { continue }
            told.append(
                SinkShipment(
                    // Tryton never gives an id twice; a number can be given anew after a sequence is reset.
                    id: String(id), isShared: (row["outgoing_moves"]?.ids ?? []).contains { moves.others.contains($0) },
                    shippedAt: noon(date), carrier: row["carrier."]?["rec_name"]?.stringValue, packages: try packages(own)))
        }
        return told
    }

    /// A search over moves may show a shipment once for each of them.
    private func unique(_ rows: [JSONValue]) -> [JSONValue] {
        var seen: Set<Int64> = []
        return rows.filter { row in row["id"]?.integerValue.map { seen.insert($0).inserted } ?? false }
    }

    /// - Returns: this sale's moves that are done, and the ids of those of other orders.
    private func moves(_ ids: [Int64]) async throws(SinkError) -> (own: [Int64: Move], others: Set<Int64>) {
        guard !ids.isEmpty else { return ([:], []) }
        var fields = ["origin", "quantity", "unit", "state"]
        if facts.fields.contains("stock.move.package") { fields.append("package") }
        for name in ["shipping_reference", "shipping_tracking_url"] where facts.fields.contains("stock.package.\(name)") {
            fields.append("package.\(name)")
        }
        let rows = try await client.ask("stock.move.read", [.ids(ids), .texts(fields)], company: facts.company, budget)
        var own: [Int64: Move] = [:]
        var others: Set<Int64> = []
        for row in rows.arrayValue ?? [] where row["state"]?.stringValue == "done" {
            guard let id = row["id"]?.integerValue, let quantity = row["quantity"]?.trytonDecimal else { continue }
            let line = sale.lines.first { "sale.line,\($0.id)" == row["origin"]?.stringValue }
            guard let line else {
                others.insert(id)
                continue
            }
            own[id] = Move(saleLine: line, quantity: try converted(quantity, row, line), package: package(row))
        }
        return (own, others)
    }

    /// Tryton moves goods in the unit of the product or of the line, as it is set up.
    private func converted(
        _ quantity: ExactDecimal, _ row: JSONValue, _ line: TrytonSale.Line
    ) throws(SinkError) -> ExactDecimal {
        guard let unit = row["unit"]?.integerValue, let lineUnit = line.unit,
            let converted = facts.units.convert(quantity, from: unit, to: lineUnit)
        else { throw SinkError(.conflict, "a shipment of order \(sale.erpOrderNumber) is in a unit that its line isn't") }
        return converted
    }

    private func package(_ row: JSONValue) -> Package? {
        guard let id = row["package"]?.integerValue ?? row["package."]?["id"]?.integerValue else { return nil }
        let address = row["package."]?["shipping_tracking_url"]?.stringValue
        return Package(
            id: id, trackingCode: row["package."]?["shipping_reference"]?.stringValue,
            trackingAddress: address.flatMap { $0.hasPrefix("http://") || $0.hasPrefix("https://") ? $0 : nil })
    }

    /// What is in no package comes last; two moves of one line in one package are one line.
    private func packages(_ moves: [Move]) throws(SinkError) -> [SinkPackage] {
        var known: [Package?] = []
        for move in moves where !known.contains(move.package) { known.append(move.package) }
        known.sort { ($0?.id ?? .max) < ($1?.id ?? .max) }
        var packages: [SinkPackage] = []
        for package in known {
            var lines: [SinkShippedLine] = []
            for line in sale.lines {
                guard let key = line.key else { continue }
                let sum = moves.filter { $0.package == package && $0.saleLine.id == line.id }
                    .reduce(ExactDecimal?.some(.zero)) { $0?.adding($1.quantity) }
                guard let sum else {
                    throw SinkError(.conflict, "what was sent of order \(sale.erpOrderNumber) is too large to be added up")
                }
                if !sum.isZero { lines.append(SinkShippedLine(lineKey: key, quantity: sum)) }
            }
            guard !lines.isEmpty else { continue }
            packages.append(
                SinkPackage(trackingCode: package?.trackingCode, trackingAddress: package?.trackingAddress, lines: lines))
        }
        return packages
    }

    /// Tryton keeps the day only: its noon, in the company's zone.
    private func noon(_ date: String) -> String {
        let zone = facts.zone.flatMap(TimeZone.init(identifier:)) ?? .gmt
        let day = Date.ISO8601FormatStyle(timeZone: zone).year().month().day()
        guard let midnight = try? day.parse(date) else { return "\(date)T12:00:00Z" }
        let minutes = zone.secondsFromGMT(for: midnight.addingTimeInterval(43_200)) / 60
        let magnitude = abs(minutes)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(date)T12:00:00\(minutes < 0 ? "-" : "+")\(two(magnitude / 60)):\(two(magnitude % 60))"
    }
}
