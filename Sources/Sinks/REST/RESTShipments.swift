import Orders
import Settings
import SinkKit

/// Reads shipments as the ERP shows them, by the declaration of where they hold what. Performs nothing.
struct RESTShipments {
    private let declared: RESTShipmentSettings
    private let orders: RESTOrderReader
    private let order: JSONValue?
    private let receipt: SinkReceipt
    private let orderLines: [JSONValue]

    /// - Parameter order: `nil` where the ERP doesn't show it any more.
    init(_ declared: RESTShipmentSettings, _ orders: RESTOrderReader, order: JSONValue?, receipt: SinkReceipt) {
        self.declared = declared
        self.orders = orders
        self.order = order
        self.receipt = receipt
        orderLines = order?.value(at: orders.settings.linesPath)?.arrayValue ?? []
    }

    /// Each once: an ERP that searches by lines may list a shipment for each of them.
    func distinct(_ listed: [JSONValue]) -> [JSONValue] {
        var seen: Set<String> = []
        return listed.filter { $0.value(at: declared.idPath)?.plainText.map { seen.insert($0).inserted } ?? true }
    }

    func told(_ shipments: [JSONValue]) throws(SinkError) -> SinkShipments {
        var told = SinkShipments()
        for shipment in shipments where holds(declared.conditions, shipment) {
            if let read = try read(shipment) { told.shipments.append(read) }
        }
        // In the order in which they left, for what was told comes first.
        told.shipments.sort { ($0.shippedAt, $0.id.count, $0.id) < ($1.shippedAt, $1.id.count, $1.id) }
        if let order {
            told.isCancelled = orders.state(order) == .cancelled
            told.closedLines = orderLines.filter(isClosed).compactMap(key)
        } else if !told.shipments.isEmpty {
            told.closedLines = receipt.lines.map(\.lineKey)
        }
        return told
    }

    /// `nil` where it has nothing of this order.
    private func read(_ shipment: JSONValue) throws(SinkError) -> SinkShipment? {
        guard let id = shipment.value(at: declared.idPath)?.plainText else {
            throw SinkError(.notApplied, "the ERP shows a shipment without '\(declared.idPath)'")
        }
        let shown = shipment.value(at: declared.linesPath)?.arrayValue ?? []
        let own = shown.filter { holds(declared.lineConditions, $0) }
        var lines: [SinkShippedLine] = []
        for line in own {
            guard let shipped = try shipped(line, id) else { continue }
            if let index = lines.firstIndex(where: { $0.lineKey == shipped.lineKey }) {
                guard let sum = lines[index].quantity.adding(shipped.quantity) else {
                    throw SinkError(.conflict, "shipment \(id) has a quantity that is too large to be added up")
                }
                lines[index].quantity = sum
            } else {
                lines.append(shipped)
            }
        }
        guard !lines.isEmpty else { return nil }
        guard let date = shipment.value(at: declared.datePath)?.plainText, let shippedAt = Self.instant(date) else {
            throw SinkError(.notApplied, "shipment \(id) has no date at '\(declared.datePath)'")
        }
        let text = { (path: String?) in path.flatMap { shipment.value(at: $0)?.plainText }.flatMap { $0.isEmpty ? nil : $0 } }
        return SinkShipment(
            id: id, isShared: shown.count > own.count, shippedAt: shippedAt, carrier: text(declared.carrierPath),
            packages: [SinkPackage(trackingCode: text(declared.trackingPath), lines: lines)])
    }

    /// `nil` for a line that moves nothing, such as a comment or a quantity of none.
    private func shipped(_ line: JSONValue, _ id: String) throws(SinkError) -> SinkShippedLine? {
        guard let quantity = line.value(at: declared.quantityPath)?.decimal, !quantity.isZero else { return nil }
        if quantity.isNegative { throw SinkError(.conflict, "shipment \(id) has a quantity below zero") }
        guard let mark = line.value(at: declared.orderLinePath)?.plainText else { return nil }
        let orderLine = orderLines.first { join($0) == mark }
        let key =
            orderLine.flatMap(key)
            ?? receipt.lines.first { declared.joinPath == nil && $0.erpLineNumber.map(String.init) == mark }?.lineKey
        guard let key else { return nil }
        if let path = declared.unitPath, let ordered = orderLine?.value(at: path)?.plainText,
            let unit = line.value(at: path)?.plainText, unit != ordered
        {
            throw SinkError(.conflict, "shipment \(id) is in the unit '\(unit)', and its order's line in '\(ordered)'")
        }
        return SinkShippedLine(lineKey: key, quantity: quantity)
    }

    private func join(_ orderLine: JSONValue) -> String? {
        orderLine.value(at: declared.joinPath ?? orders.settings.lineNumberPath)?.plainText
    }

    /// By our key in the line, else by its number on the receipt.
    private func key(_ orderLine: JSONValue) -> String? {
        if let key = orders.lineKey(orderLine), receipt.lines.contains(where: { $0.lineKey == key }) { return key }
        let number = orderLine.value(at: orders.settings.lineNumberPath)?.plainText.flatMap(Int64.init)
        return receipt.lines.first { number != nil && $0.erpLineNumber == number }?.lineKey
    }

    private func isClosed(_ orderLine: JSONValue) -> Bool {
        if let open = declared.openPath.flatMap({ orderLine.value(at: $0)?.decimal }) { return open.isZero || open.isNegative }
        guard let ordered = declared.orderedPath.flatMap({ orderLine.value(at: $0)?.decimal }),
            let delivered = declared.deliveredPath.flatMap({ orderLine.value(at: $0)?.decimal })
        else { return false }
        return delivered >= ordered && !delivered.isZero
    }

    private func holds(_ conditions: [RESTCondition], _ value: JSONValue) -> Bool {
        conditions.allSatisfy { condition in
            let wanted = condition.orderPath.map { order?.value(at: $0)?.conditionText } ?? condition.value
            return wanted != nil && value.value(at: condition.path)?.conditionText == wanted
        }
    }

    /// A day is told as its noon; a time without a zone, and every day, as one in UTC.
    private static func instant(_ text: String) -> String? {
        let text = text.replacing(" ", with: "T")
        if text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil { return text + "T12:00:00Z" }
        guard
            let time = text.wholeMatch(
                of: /([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?/)
        else { return nil }
        // SAP Business One writes days as midnights.
        if time.2 == "00:00:00" { return "\(time.1)T12:00:00\(time.4 ?? "Z")" }
        return "\(time.1)T\(time.2)\(time.4 ?? "Z")"
    }
}
