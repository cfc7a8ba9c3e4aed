import Orders
import Simulators

/// An order's JSON as the shop holds it, small, with whatever its flavour asks for.
struct OrderText {
    private let plan: OrderPlan
    private let schedule: Schedule

    init(_ plan: OrderPlan, _ schedule: Schedule) {
        self.plan = plan
        self.schedule = schedule
    }

    var json: JSONObject {
        var object = JSONObject([
            ("id", .integer(plan.id)), ("reference", .text("CS\(plan.id)")), ("erp_order_number", .null),
            ("state", .text(plan.state)),
            ("payment_status", .text(plan.flavour == .unpaid ? "started" : "account")), ("shipment_state", "none"),
            ("confirm_date", .text(date)), ("modified_date", .text(date)), ("description", .null), ("remark", "as it was"),
            ("currency", "EUR"), ("webshop", .integer(plan.flavour == .otherWebshop ? 2 : 1)),
        ])
        if plan.flavour == .lookedUpParties {
            object["customer"] = .integer(2001 + plan.id % 300)
            object["shipment_address"] = .integer(4002 + (plan.id % 300) * 2)
        } else {
            object["customer"] = ["id": .integer(2001 + plan.id % 300), "code": "DEB", "name": .text(World.secretMarker)]
        }
        if plan.flavour == .awkwardNumbers { object["custom"] = ["rate": number("1.50e0"), "text": "a\\/b", "nothing": .null] }
        if plan.flavour == .wrongTotal { object["total_untaxed"] = "1.00" }
        if plan.flavour == .malformed { object["order_lines"] = "none" } else { object["order_lines"] = .array(lines) }
        if plan.flavour == .offline { object["@simulator"] = ["offline": true] }
        return object
    }

    private var date: String {
        ShopZone.amsterdam.naive(unixMicroseconds: (schedule.startsAt.milliseconds + plan.confirmedAt) * 1000).text
    }

    private func number(_ spelling: String) -> JSONValue { .number(JSONNumber(spelling: spelling)) }

    private var lines: [JSONValue] {
        var lines = (1...plan.lines).map { line($0) }
        if plan.flavour == .comments {
            lines.insert(
                ["id": .integer(plan.id * 10), "type": "comment", "description": "leave it at the door", "quantity": .null], at: 0
            )
        }
        return lines
    }

    private func line(_ index: Int) -> JSONValue {
        let isSame = plan.flavour == .duplicateProducts
        let product = plan.flavour == .badProduct ? "UNKNOWN_\(index)" : Catalogue.products[isSame ? 3 : index].key
        let quantity = plan.flavour == .awkwardNumbers ? "0.100000000000000000001" : "\(index).0"
        let price: JSONValue = plan.flavour == .awkwardNumbers ? "12345678901234567890.10" : number("2.50")
        return [
            "id": .integer(plan.id * 10 + index), "type": "line",
            "product": ["key": .text(product), "origin": .text(Catalogue.origin)], "quantity": number(quantity),
            "unit_price": price, "erp_line_number": .null,
        ]
    }
}
