internal import Orders

/// What a PUT leaves of an order.
extension CloudSuiteSurface {
    /// The stored order's fields in their place with the body's values, emptied where the body leaves them out
    /// (kept in merge mode), then the body's own further fields. Values keep the spelling they were sent in.
    mutating func replacement(_ id: Int, _ sent: JSONObject, at now: Int64) -> JSONValue {
        let date = JSONValue.text(configuration.zone.naive(unixMicroseconds: now).text)
        let old = orders.body(id: id).flatMap { try? JSONValue(parsing: $0) }?.objectValue ?? Self.empty(id: id, created: date)
        var new = JSONObject()
        for member in old.members {
            let name = member.name.value
            let isKept = OrderFieldRules.serverOwned.contains(name) || configuration.putMode == .merge
            new[name] =
                isKept && (sent[name] == nil || OrderFieldRules.serverOwned.contains(name)) ? member.value : sent[name] ?? .null
        }
        for member in sent.members where old[member.name.value] == nil { new[member.name.value] = member.value }
        new["order_lines"] = .array(lines(sent["order_lines"]?.arrayValue ?? [], old: old["order_lines"]?.arrayValue ?? []))
        new["modified_date"] = date
        return .object(new)
    }

    private static func empty(id: Int, created: JSONValue) -> JSONObject {
        JSONObject([
            ("id", .integer(id)), ("reference", .text("CS\(id)")), ("key", .null), ("customer_order_number", .null),
            ("erp_order_number", .null), ("state", .null), ("payment_status", "none"), ("shipment_state", "none"),
            ("order_date", .null),
            ("confirm_date", .null), ("create_date", created), ("modified_date", created), ("requested_delivery_date", .null),
            ("description", .null), ("currency", .null), ("paid_amount", .null), ("customer", .null), ("user", .null),
            ("webshop", .null), ("shipment_address", .null), ("invoice_address", .null), ("order_lines", []),
        ])
    }

    /// A line that names an id of this order keeps it, once; every other line is a new one with a new id.
    private mutating func lines(_ sent: [JSONValue], old: [JSONValue]) -> [JSONValue] {
        var known = old.compactMap(\.objectValue)
        return sent.map { line in
            guard let object = line.objectValue else { return line }
            let match = object["id"]?.integerValue.flatMap { id in known.firstIndex { $0["id"]?.integerValue == id } }
            guard let match else { return newLine(object) }
            return Self.line(object, over: known.remove(at: match), isMerge: configuration.putMode == .merge)
        }
    }

    private mutating func newLine(_ sent: JSONObject) -> JSONValue {
        let names = ["type", "product", "description", "quantity", "unit_price", "erp_line_number"]
        let template = JSONObject([("id", .integer(orders.nextLineID()))] + names.map { ($0, JSONValue.null) })
        return Self.line(sent, over: template, isMerge: false)
    }

    private static func line(_ sent: JSONObject, over old: JSONObject, isMerge: Bool) -> JSONValue {
        var new = JSONObject()
        for member in old.members {
            let name = member.name.value
            new[name] = name == "id" ? member.value : sent[name] ?? (isMerge ? member.value : .null)
        }
        for member in sent.members where old[member.name.value] == nil { new[member.name.value] = member.value }
        return .object(new)
    }
}
