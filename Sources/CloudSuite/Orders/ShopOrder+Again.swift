import OrderFlow
import Orders

/// Most answers show an order that was just read, with nothing but our own fields changed. To see that, member by member, costs a
/// fraction of decoding and digesting the whole order anew.
extension ShopOrder {
    /// The order of `json`, where it has the members of `earlier` in the same order and spelling but for the values of the fields
    /// that are ours to write and of `modified_date`. `nil`: it must be decoded.
    init?(_ json: JSONObject, after earlier: ShopOrder, beganAt: Timestamp) {
        guard var order = earlier.order, Self.differOnlyInOurs(earlier.json, json) else { return nil }
        order.state = OrderState(rawValue: json["state"]?.stringValue ?? "")
        order.erpOrderNumber = json["erp_order_number"]?.plainText
        order.shipmentState = json["shipment_state"]?.plainText.map(ShipmentState.init(rawValue:))
        order.modifiedDate = json["modified_date"]?.plainText
        for (index, line) in (json["order_lines"]?.arrayValue ?? []).enumerated() {
            order.lines[index].erpLineNumber = line["erp_line_number"]?.wholeNumber
        }
        var reading = earlier.reading
        reading.beganAt = beganAt
        reading.takeOurs(from: order)
        reading.modifiedDate = json["modified_date"]?.stringValue
        self.init(json: json, order: order, reading: reading)
    }

    private static func differOnlyInOurs(_ earlier: JSONObject, _ later: JSONObject) -> Bool {
        haveSameMembers(earlier, later) { name, old, new in
            switch name {
            case "order_lines": linesDifferOnlyInOurs(old, new)
            case "state": new.stringValue.map { !$0.isEmpty } ?? false
            case "erp_order_number", "shipment_state", "modified_date": new.isNull || new.plainText != nil
            default: false
            }
        }
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
        earlier.members.count == later.members.count
            && zip(earlier.members, later.members).allSatisfy { old, new in
                old.name == new.name && (old.value == new.value || mayDiffer(old.name.value, old.value, new.value))
            }
    }
}
