import OrderFlow
import Orders

/// Most answers show an order that was just read, with nothing but our own fields changed. To see that, member by member, costs a
/// fraction of decoding and digesting the whole order anew.
extension ShopOrder {
    /// The order of `json`, where it has the members of `earlier` in the same order and spelling but for the values of the fields
    /// that are ours to write and of `modified_date`. `nil`: it must be decoded.
    init?(_ json: JSONObject, after earlier: ShopOrder, beganAt: Timestamp) {
        guard var order = earlier.order, let changed = Self.changedOfOurs(earlier.json, json) else { return nil }
        for name in changed {
            let value = json[name]
            switch name {
            case "state": order.state = OrderState(rawValue: value?.stringValue ?? "")
            case "erp_order_number": order.erpOrderNumber = value?.plainText
            case "shipment_state": order.shipmentState = value?.plainText.map(ShipmentState.init(rawValue:))
            case "modified_date": order.modifiedDate = value?.plainText
            default:
                for (index, line) in (value?.arrayValue ?? []).enumerated() {
                    order.lines[index].erpLineNumber = line["erp_line_number"]?.wholeNumber
                }
            }
        }
        var reading = earlier.reading
        reading.beganAt = beganAt
        reading.takeFields(from: order)
        if changed.contains("order_lines") { reading.takeLines(from: order) }
        reading.modifiedDate = json["modified_date"]?.stringValue
        self.init(json: json, order: order, reading: reading)
    }

    /// Which of the members that may change have, `nil` where any other differs.
    private static func changedOfOurs(_ earlier: JSONObject, _ later: JSONObject) -> [String]? {
        var changed: [String] = []
        let isOurs = haveSameMembers(earlier, later) { name, old, new in
            changed.append(name)
            return switch name {
            case "order_lines": linesDifferOnlyInOurs(old, new)
            case "state": new.stringValue.map { !$0.isEmpty } ?? false
            case "erp_order_number", "shipment_state", "modified_date": new.isNull || new.plainText != nil
            default: false
            }
        }
        return isOurs ? changed : nil
    }

    private static func linesDifferOnlyInOurs(_ earlier: JSONValue, _ later: JSONValue) -> Bool {
        guard let earlier = earlier.arrayValue, let later = later.arrayValue, earlier.count == later.count else { return false }
        return zip(earlier, later).allSatisfy { old, new in
            guard let old = old.objectValue, let new = new.objectValue else { return false }
            return haveSameMembers(old, new) { name, _, new in
                name == "erp_line_number" && (new.isBlank || new.wholeNumber != nil)
            }
        }
    }

    /// - Parameter mayDiffer: asked with the name and both values where those differ.
    private static func haveSameMembers(
        _ earlier: JSONObject, _ later: JSONObject, _ mayDiffer: (String, JSONValue, JSONValue) -> Bool
    ) -> Bool {
        // Spans lend the members; a sequence of pairs would copy each of them.
        let old = earlier.members.span, new = later.members.span
        guard old.count == new.count else { return false }
        for index in old.indices {
            guard old[index].name == new[index].name else { return false }
            guard old[index].value == new[index].value || mayDiffer(old[index].name.value, old[index].value, new[index].value)
            else { return false }
        }
        return true
    }
}
