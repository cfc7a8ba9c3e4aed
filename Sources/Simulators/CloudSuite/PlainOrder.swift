package import Orders

/// A confirmed and paid order as the simulated shop takes it, of somebody who isn't told.
package struct PlainOrder: Sendable {
    package var reference: String
    /// Line ids derive from it.
    package var number: Int
    package var webshop = 1
    /// By the shop's clock, without a zone.
    package var confirmedAt = "2026-01-05T09:00:00"
    package var description: String
    package var unitPrice: String
    package var lines: [(key: String, quantity: Int)]

    package init(
        reference: String, number: Int, description: String, unitPrice: String, lines: [(key: String, quantity: Int)]
    ) {
        self.reference = reference
        self.number = number
        self.description = description
        self.unitPrice = unitPrice
        self.lines = lines
    }

    package var json: JSONObject {
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
            ("customer", .null), ("webshop", .integer(webshop)), ("shipment_address", .null), ("invoice_address", .null),
            ("order_lines", .array(listed)),
        ])
    }
}

extension CloudSuiteSimulator {
    /// Now, by the shop's clock, without a zone.
    package var nowText: String { configuration.zone.naive(unixMicroseconds: configuration.clock.unixMicroseconds()).text }
}
