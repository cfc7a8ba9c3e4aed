import Orders

/// A paid order as the simulated shop takes it, of somebody who isn't told.
struct DemoOrder {
    var reference: String
    /// Line ids derive from it.
    var number: Int
    /// By the shop's clock, without a zone.
    var confirmedAt = "2026-01-05T09:00:00"
    var description: String
    var unitPrice: String
    var lines: [(key: String, quantity: Int)]

    var json: JSONObject {
        let listed = lines.enumerated().map { index, line -> JSONValue in
            [
                "id": .integer(number * 100 + index + 1), "type": "line",
                "product": ["key": .text(line.key), "origin": "myorigin"], "description": .text(description),
                "quantity": .integer(line.quantity), "unit_price": .text(unitPrice), "erp_line_number": .null,
            ]
        }
        return JSONObject([
            ("reference", .text(reference)), ("erp_order_number", .null), ("state", "confirmed"), ("payment_status", "paid"),
            ("shipment_state", "none"), ("order_date", .text(String(confirmedAt.prefix(10)))),
            ("confirm_date", .text(confirmedAt)), ("modified_date", .text(confirmedAt)), ("currency", "EUR"),
            ("customer", .null), ("webshop", 1), ("shipment_address", .null), ("invoice_address", .null),
            ("order_lines", .array(listed)),
        ])
    }
}
