import CloudSuite
import Orders
import SinkKit
import Testing

@Suite struct OrderDecoderTests {
    private static func faults(_ object: JSONObject, expectedID: Int64? = 12345) -> [String] {
        let (order, faults) = OrderDecoder.decode(object, expectedID: expectedID)
        #expect((order == nil) == !faults.isEmpty)
        return faults.map(\.description)
    }

    @Test func `every field that the documents name is read`() throws {
        let (decoded, faults) = OrderDecoder.decode(try SampleOrder.object(), expectedID: 12345)
        let order = try #require(decoded)
        #expect(faults.isEmpty)
        var expected = Order(id: 12345, state: .confirmed)
        expected.reference = "CS48193"
        expected.customerOrderNumber = "PO-77"
        expected.paymentStatus = .account
        expected.shipmentState = ShipmentState(rawValue: "none")
        expected.orderDate = "2025-02-26"
        expected.confirmDate = "2025-02-26T09:12:44.120000"
        expected.modifiedDate = "2025-02-26T09:12:44.130000"
        expected.description = "Café ☕"
        expected.currency = "EUR"
        expected.paidAmount = try ExactDecimal("12.50")
        (expected.customer, expected.shipmentAddress, expected.invoiceAddress) = (.id(1324), .id(1695), .id(1652))
        (expected.user, expected.webshop) = (1260, 1)
        expected.lines = order.lines
        #expect(order == expected)
        #expect(order.lines.map(\.key) == ["id:9001", "id:9002", "id:9003"])
        #expect(order.lines.map(\.isPushed) == [true, false, true])
        #expect(order.lines.map(\.quantity.spelling) == ["1.0", "0", "2"])
        #expect(order.lines.map(\.unitPrice?.spelling) == ["12.5000", nil, "12.50"])
    }

    static let wrong: [(path: String, value: JSONValue?, fault: String)] = [
        ("id", nil, "id: is missing"), ("id", .null, "id: is missing"), ("id", "", "id: is missing"),
        ("id", "abc", "id: is a string that is no whole number"),
        ("id", number("1.5"), "id: is a number that is no whole number"),
        ("id", 7, "id: is 7, but order 12345 was asked for"),
        ("state", nil, "state: is missing"), ("state", .null, "state: is missing"), ("state", 3, "state: is a number, not text"),
        ("order_lines", nil, "order_lines: is missing"), ("order_lines", .null, "order_lines: is not a list"),
        ("order_lines", [], "order_lines: there is no line that could be ordered"),
        ("order_lines[0]", "x", "order_lines[0]: is not an object"),
        ("order_lines[0].product", nil, "order_lines[0].product: has no key"),
        ("order_lines[0].product", .null, "order_lines[0].product: has no key"),
        ("order_lines[0].product", ["origin": "x"], "order_lines[0].product: has no key"),
        ("order_lines[2].product", ["key": ""], "order_lines[2].product: has no key"),
        ("order_lines[2].quantity", nil, "order_lines[2].quantity: is missing"),
        ("order_lines[2].quantity", "", "order_lines[2].quantity: is missing"),
        ("order_lines[2].quantity", "abc", "order_lines[2].quantity: 'abc' is not a decimal number"),
        ("order_lines[2].quantity", ["n": 1], "order_lines[2].quantity: is an object, not a decimal number"),
        ("order_lines[2].quantity", true, "order_lines[2].quantity: is a boolean, not a decimal number"),
        (
            "order_lines[0].unit_price", "1234567890123456789012345678901234567890.01",
            "order_lines[0].unit_price: 42 significant digits, more than the 38 that can be held exactly"
        ),
        ("order_lines[0].id", "x", "order_lines[0].id: is a string that is no whole number"),
        ("order_lines[2].id", 9001, "order_lines[2].id: is 9001, like that of order_lines[0]"),
        ("order_lines[2].erp_line_number", "A1", "order_lines[2].erp_line_number: is a string that is no whole number"),
        ("paid_amount", "much", "paid_amount: 'much' is not a decimal number"),
        ("webshop", true, "webshop: is a boolean that is no whole number"),
        ("user", "Jan", "user: is a string that is no whole number"),
        ("customer", "BK12345", "customer: is a string, neither an id nor an object"),
        ("shipment_address", [1], "shipment_address: is an array, neither an id nor an object"),
        ("description", ["nl": "x"], "description: is an object, not text"),
        ("currency", false, "currency: is a boolean, not text"),
    ]

    @Test(arguments: wrong) func `what can't be used is a fault that names its place`(
        path: String, value: JSONValue?, fault: String
    ) throws {
        #expect(Self.faults(try SampleOrder.with(path, value)) == [fault])
    }

    @Test func `all faults are told at once`() throws {
        let all = try SampleOrder.with([
            ("id", nil), ("state", nil), ("paid_amount", "x"), ("customer", true), ("order_lines[0].product", nil),
            ("order_lines[0].quantity", "abc"), ("order_lines[2].quantity", nil), ("order_lines[2].unit_price", "12,50"),
        ])
        #expect(
            Set(Self.faults(all)) == [
                "id: is missing", "state: is missing", "paid_amount: 'x' is not a decimal number",
                "customer: is a boolean, neither an id nor an object", "order_lines[0].product: has no key",
                "order_lines[0].quantity: 'abc' is not a decimal number", "order_lines[2].quantity: is missing",
                "order_lines[2].unit_price: '12,50' is not a decimal number",
            ])
    }

    static let lenient: [(path: String, value: JSONValue?)] = [
        ("id", "12345"), ("webshop", "1"), ("webshop", ["id": 1]), ("user", ["id": 1260, "name": "Jan"]),
        ("reference", "CS48193"),
        ("customer", "1324"), ("customer", ["id": 1324]), ("order_lines[0].id", "9001"), ("order_lines[0].erp_line_number", ""),
        ("order_lines[0].type", nil), ("unheard_of", ["deep": [1, 2, ["x": nil]]]),
    ]

    @Test(arguments: lenient) func `other spellings of the same are read alike`(path: String, value: JSONValue?) throws {
        let plain = OrderDecoder.decode(try SampleOrder.object(), expectedID: 12345)
        let other = OrderDecoder.decode(try SampleOrder.with(path, value), expectedID: 12345)
        #expect(other.faults.isEmpty)
        #expect(other.order == plain.order)
    }

    @Test(arguments: [number("12.50"), "12.50", number("1250e-2"), "12.500"])
    func `an amount may be a number or a string`(amount: JSONValue) throws {
        let order = OrderDecoder.decode(try SampleOrder.with("paid_amount", amount), expectedID: nil).order
        #expect(order?.paidAmount == (try ExactDecimal("12.5")))
        #expect(order?.paidAmount?.spelling == amount.stringValue ?? amount.compactText)
    }

    @Test func `a party is an id, an origin and key, a whole object, or a key beside an empty id`() throws {
        var expanded = Party()
        (expanded.id, expanded.name, expanded.postalCode) = (1324, "De Leeuw", "3992")
        let forms: [([(String, JSONValue?)], PartyReference?)] = [
            ([("customer", 1324)], .id(1324)),
            ([("customer", ["origin": "o", "key": "k"])], .originKey(origin: "o", key: "k")),
            ([("customer", ["id": 1324, "name": "De Leeuw", "zip": 3992, "more": []])], .expanded(expanded)),
            ([("customer", nil), ("customer_key", ["origin": "o", "key": 7])], .originKey(origin: "o", key: "7")),
            ([("customer", .null), ("customer_key", ["origin": "o", "key": "k"])], .originKey(origin: "o", key: "k")),
            ([("customer", 1), ("customer_key", ["origin": "o", "key": "k"])], .id(1)), ([("customer", .null)], nil),
        ]
        for (changes, expected) in forms {
            let order = OrderDecoder.decode(try SampleOrder.with(changes.map { (path: $0.0, value: $0.1) }), expectedID: nil)
                .order
            #expect(order?.customer == expected)
        }
    }

    @Test(arguments: [(true, true), (false, false), (nil, nil), (JSONValue.null, nil)] as [(JSONValue?, Bool?)])
    func `whether it is an offline order is known only where the shop says so`(value: JSONValue?, expected: Bool?) throws {
        #expect(OrderDecoder.decode(try SampleOrder.with("offline", value), expectedID: nil).order?.isOffline == expected)
    }

    @Test func `a state nobody documents is kept for the gate to judge`() throws {
        let order = OrderDecoder.decode(try SampleOrder.with("state", "hovering"), expectedID: nil).order
        #expect(order?.state == OrderState(rawValue: "hovering"))
    }

    @Test func `nothing is asked of lines that aren't sold`() throws {
        let (order, faults) = OrderDecoder.decode(
            try SampleOrder.with([("order_lines[1].quantity", "n/a"), ("order_lines[1].unit_price", [1])]), expectedID: nil)
        #expect(faults.isEmpty && order?.pushedLines.count == 2)
    }

    @Test func `a line without an id is named by its position`() throws {
        let order = OrderDecoder.decode(try SampleOrder.with("order_lines[2].id", nil), expectedID: nil).order
        #expect(order?.lines.map(\.key) == ["id:9001", "id:9002", "position:3"])
    }
}
