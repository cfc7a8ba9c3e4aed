import CloudSuite
import OrderFlow
import Orders
import Testing

/// The digest changes when, and only when, what the ERP is told changes.
@Suite struct ContentDigestTests {
    private static func digest(_ changes: [(path: String, value: JSONValue?)] = []) throws -> String {
        let read = SampleOrder.read(try SampleOrder.with(changes))
        #expect(read.order != nil)
        return read.reading.contentDigest
    }

    static let told: [(path: String, value: JSONValue?)] = [
        ("reference", "CS48194"), ("customer_order_number", "PO-78"), ("customer_order_number", nil),
        ("customer_order_number", ""),
        ("order_date", "2025-02-27"), ("requested_delivery_date", "2025-03-01"), ("description", "Cafe"), ("description", nil),
        ("currency", "USD"), ("user", 1261), ("webshop", 2), ("customer", 1325), ("customer", nil),
        ("customer", ["origin": "o", "key": "1324"]), ("customer", ["id": 1324, "name": "De Leeuw"]), ("shipment_address", 1696),
        ("invoice_address", 1653), ("order_lines[0].id", 9000), ("order_lines[0].quantity", number("1.01")),
        ("order_lines[0].quantity", number("-1")), ("order_lines[0].quantity", number("10")),
        ("order_lines[0].quantity", number("100")),
        ("order_lines[0].unit_price", "12.51"), ("order_lines[0].unit_price", nil), ("order_lines[0].unit_price", "0.0"),
        ("order_lines[0].description", "Glazen"), ("order_lines[0].product", ["key": "125_STUK", "origin": "myorigin"]),
        ("order_lines[0].product", ["key": "124_STUK", "origin": "other"]), ("order_lines[0].type", "comment"),
        ("order_lines[1].type", "line"), ("order_lines[2]", nil),
    ]

    @Test(arguments: told) func `it changes with what the ERP is told`(path: String, value: JSONValue?) throws {
        var changes = [(path, value)] as [(path: String, value: JSONValue?)]
        if path == "order_lines[1].type" {
            changes += [("order_lines[1].product", ["key": "x"]), ("order_lines[1].quantity", 1)]
        }
        #expect(try Self.digest(changes) != Self.digest())
    }

    static let untold: [(path: String, value: JSONValue?)] = [
        ("state", "processing"), ("payment_status", "paid"), ("payment_status", nil), ("paid_amount", "99"),
        ("shipment_state", "sent"),
        ("erp_order_number", "ERP-1"), ("modified_date", "2026-01-01T00:00:00"), ("confirm_date", "2026-01-01T00:00:00"),
        ("unheard_of", 1), ("extra", nil), ("order_lines[0].erp_line_number", 10), ("order_lines[1].description", "Anders"),
        ("order_lines[0].quantity", number("1.00")), ("order_lines[0].quantity", "1"),
        ("order_lines[0].quantity", number("10e-1")),
        ("order_lines[0].unit_price", number("12.5")), ("order_lines[0].unit_price", "+012.50"),
        ("order_lines[0].unit_price", number("1.25E1")), ("customer", "1324"), ("description", "Café ☕"),
    ]

    @Test(arguments: untold) func `it doesn't change with anything else, nor with the spelling`(path: String, value: JSONValue?)
        throws
    {
        #expect(try Self.digest([(path, value)]) == Self.digest())
    }

    @Test(arguments: ["", "\u{0}", "\u{1}", "\u{1}\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}"])
    func `texts that meet at other borders are told apart`(border: String) throws {
        let one = try Self.digest([("customer_order_number", .text("a\(border)b")), ("order_date", "c")])
        let other = try Self.digest([("customer_order_number", "a"), ("order_date", .text("b\(border)c"))])
        #expect(one != other)
    }

    @Test(arguments: [("0.100", "0.1"), ("100", "1e2"), ("-0.50", "-0.5"), ("0", "0.00"), ("-0", "0"), ("1000000", "1.0e6")])
    func `amounts of one value have one digest`(one: String, other: String) throws {
        #expect(
            try Self.digest([("order_lines[0].quantity", number(one))])
                == Self.digest([("order_lines[0].quantity", number(other))]))
    }

    @Test(arguments: [("1e60", "2e60"), ("1e60", "-1e60"), ("1e-60", "1e-61"), ("0.1", "0.01"), ("10", "100"), ("1.5", "15")])
    func `amounts of different values have different digests`(one: String, other: String) throws {
        let first = try Self.digest([("order_lines[0].quantity", number(one))])
        #expect(try Self.digest([("order_lines[0].quantity", number(other))]) != first)
    }

    @Test func `an order that can't be read has the digest of all it is`() throws {
        let broken = SampleOrder.read(try SampleOrder.with("order_lines[0].quantity", "abc"))
        let mended = SampleOrder.read(try SampleOrder.with("order_lines[0].quantity", "abd"))
        #expect(broken.order == nil && broken.reading.contentDigest != mended.reading.contentDigest)
        #expect(broken.reading.state == .confirmed && broken.reading.reference == "CS48193")
    }

    @Test func `a reading tells what decisions need, and the total where the shop gives one`() throws {
        let read = SampleOrder.read(try SampleOrder.with("total", "37.500"), totalField: "total")
        #expect(read.reading.totals?.stated == (try ExactDecimal("37.5")))
        #expect(read.reading.totals?.summed == (try ExactDecimal("37.5")))
        #expect(read.reading.lines.map(\.key) == ["id:9001", "id:9003"])
        #expect(read.reading.confirmedAt == ShopUnderTest.clock.instant("2025-02-26T09:12:44.12"))
        #expect(SampleOrder.read(try SampleOrder.object(), totalField: "total").reading.totals == nil)
        let unpriced = try SampleOrder.with([("total", "1"), ("order_lines[0].unit_price", nil)])
        #expect(SampleOrder.read(unpriced, totalField: "total").reading.totals == nil)
    }
}
