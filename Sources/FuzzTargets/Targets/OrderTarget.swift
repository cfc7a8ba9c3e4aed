import CloudSuite
import OrderFlow
import Orders
import SinkKit

extension FuzzTarget {
    /// The shop's answer to the read of an order: decoded, edited, written back, compared and sent on.
    static let order = FuzzTarget(name: "order", inputBytesMax: 2048, share: 80) { input throws(BrokenProperty) in
        guard let json = (try? JSONValue(parsing: input))?.objectValue else { return }
        let read = ShopOrder(json, beganAt: Timestamp(milliseconds: 0), expectedID: nil, clock: clock, totalField: "total")
        try require((read.order == nil) != read.reading.faults.isEmpty, "an order is decoded or has faults")
        try require(
            OrderComparison.foreignDifferences(sent: json, answered: json, volatile: []).isEmpty, "an order is like itself")
        for edit in edits(of: read) { try check(edit, json) }
        if let order = read.order { try check(order) }
    }

    private static let clock = ShopClock(zone: "UTC")!

    private static func edits(of read: ShopOrder) -> [OrderEdit] {
        var mark = OrderEdit()
        mark.state = .processing
        mark.erpOrderNumber = "SO-1"
        var lines = OrderEdit()
        for (index, line) in (read.order?.lines ?? []).enumerated() { lines.erpLineNumbers[line.key] = Int64(index + 1) }
        var close = OrderEdit()
        close.shipmentState = .sent
        return [OrderEdit(), mark, lines, close]
    }

    /// What isn't ours to write is, byte for byte, what it was.
    private static func check(_ edit: OrderEdit, _ read: JSONObject) throws(BrokenProperty) {
        let written = edit.replacement(for: read)
        try require(written["state"]?.stringValue != OrderState.confirmed.rawValue, "nothing written says 'confirmed'")
        try require(written.members.count >= read.members.count, "no member is left out")
        for (before, after) in zip(read.members, written.members) {
            try require(before.name.literal == after.name.literal, "members keep their names and order")
            if ["state", "erp_order_number", "shipment_state"].contains(before.name.value) { continue }
            if before.name.value == "order_lines", let lines = before.value.arrayValue {
                try check(lines, after.value.arrayValue ?? [])
            } else {
                try require(before.value.serialized() == after.value.serialized(), "a foreign member keeps its bytes")
            }
        }
        let differences = OrderComparison.foreignDifferences(sent: read, answered: written, volatile: [])
        try require(differences.isEmpty, "our own changes are no foreign ones: \(differences)")
    }

    private static func check(_ before: [JSONValue], _ after: [JSONValue]) throws(BrokenProperty) {
        try require(before.count == after.count, "no line is left out")
        for (before, after) in zip(before, after) {
            guard let before = before.objectValue, let after = after.objectValue else {
                try require(before.serialized() == after.serialized(), "what isn't a line keeps its bytes")
                continue
            }
            for (old, new) in zip(before.members, after.members) where old.name.value != "erp_line_number" {
                try require(
                    old.name.literal == new.name.literal && old.value.serialized() == new.value.serialized(),
                    "a line's foreign member keeps its bytes")
            }
        }
    }

    /// What is sent to a sink can be read from its wire form.
    private static func check(_ order: Order) throws(BrokenProperty) {
        let key = IdempotencyKey(order: OrderKey(shop: "shop", orderID: order.id))
        let sent = SinkOrder(key: key, order: order, customer: nil, shipmentAddress: nil, invoiceAddress: nil)
        let bytes = JSONValue.object(sent.json).serialized()
        let json = (try? JSONValue(parsing: bytes))?.objectValue
        let again = json.flatMap { try? SinkOrder(json: $0) }.map { JSONValue.object($0.json).serialized() }
        try require(again == bytes, "an order for a sink reads from its wire form")
    }
}
