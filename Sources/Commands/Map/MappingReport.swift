import CloudSuite
import Engine
import Mapping
import OrderFlow
import Orders
import SinkKit

/// What the sink would get of an order, value by value, for people and for machines.
struct MappingReport {
    let order: Order
    let flow: Flow
    let prepared: Preparation.Prepared

    init(_ order: Order, _ flow: Flow, _ parties: OrderMapper.Parties, isReleased: Bool) {
        self.order = order
        self.flow = flow
        prepared = flow.preparation.prepare(
            order, key: IdempotencyKey(order: OrderKey(shop: flow.shopName, orderID: order.id)), parties,
            isReleased: isReleased)
    }

    var text: [String] {
        let name = order.reference ?? String(order.id)
        var lines = [Style.bold("\(name) (id \(order.id)), flow \(flow.name): shop \(flow.shopName) to sink \(flow.sinkName)")]
        if let mapped = prepared.mapped {
            var table = Table("", "shop", "ERP", "from")
            if let customer = mapped.customer { Self.add([customer], to: &table) }
            for line in mapped.lines {
                table.add("line \(line.line.position)", line.line.key, "", line.line.description ?? "")
                Self.add(line.values, to: &table)
            }
            lines.append(table.text(aligned: true))
        } else {
            lines.append("The flow has no mapping: the sink gets everything as the shop has it.")
        }
        guard !prepared.faults.isEmpty else { return lines + [Style.good("Nothing is missing.")] }
        let count = prepared.faults.count.counted("fault")
        let way = prepared.isQuestion ? "; write what is missing, or 'release' the order as the shop has it" : ""
        return lines + [Style.bad("\(count); it would not be sent\(way):")] + prepared.faults.map { "  \($0)" }
    }

    private static func add(_ values: [MappedValue], to table: inout Table) {
        for value in values {
            table.add("  \(value.name)", value.shop ?? "-", value.erp ?? "-", value.origin.description)
        }
    }

    /// `{"order_id", "reference", "flow", "sink", "customer": {…}, "lines": [{"line", "values": [{"name", "shop", "erp", "from"}]}],
    /// "faults": [{"path", "message"}], "question", "sink_order"}`; `sink_order` is what the sink would get.
    var json: JSONObject {
        var object = JSONObject([("order_id", .integer(order.id))])
        if let reference = order.reference { object.append("reference", .text(reference)) }
        object.append("flow", .text(flow.name))
        object.append("sink", .text(flow.sinkName))
        if let mapped = prepared.mapped {
            if let customer = mapped.customer { object.append("customer", .object(Self.json(customer))) }
            let lines = mapped.lines.map { line in
                JSONValue.object(
                    JSONObject([
                        ("line", .text(line.line.key)), ("position", .integer(line.line.position)),
                        ("values", .array(line.values.map { .object(Self.json($0)) })),
                    ]))
            }
            object.append("lines", .array(lines))
        }
        let faults = prepared.faults.map { fault in
            JSONValue.object(JSONObject([("path", .text(fault.path)), ("message", .text(fault.message))]))
        }
        object.append("faults", .array(faults))
        object.append("question", .bool(prepared.isQuestion))
        if prepared.faults.isEmpty { object.append("sink_order", .object(prepared.order.json)) }
        return object
    }

    private static func json(_ value: MappedValue) -> JSONObject {
        JSONObject([
            ("name", .text(value.name)), ("shop", value.shop.map { .text($0) } ?? .null),
            ("erp", value.erp.map { .text($0) } ?? .null), ("from", .text(value.origin.description)),
        ])
    }
}
