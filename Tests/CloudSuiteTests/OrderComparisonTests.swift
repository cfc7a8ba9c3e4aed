import CloudSuite
import Orders
import Testing

@Suite struct OrderComparisonTests {
    private static func differences(_ changes: [(path: String, value: JSONValue?)], volatile: [String] = ["modified_date"]) throws
        -> [String]
    {
        OrderComparison.foreignDifferences(
            sent: try SampleOrder.object(), answered: try SampleOrder.with(changes), volatile: volatile)
    }

    static let same: [(path: String, value: JSONValue?)] = [
        ("modified_date", "2026-01-01T00:00:00"), ("weight", number("1")), ("weight", number("1.00")),
        ("weight", number("10e-1")),
        ("paid_amount", "12.5"), ("paid_amount", number("12.500")), ("requested_delivery_date", nil),
        ("new_and_empty", .null), ("order_lines[0].unit_price", number("12.5")), ("order_lines[0].quantity", "1"),
        // What is ours to write is judged by what the order shows, not here.
        ("state", "cancel"), ("erp_order_number", "ERP-9"), ("shipment_state", "sent"), ("order_lines[0].erp_line_number", 10),
    ]

    @Test(arguments: same) func `another spelling is no edit, nor are our own fields and those the shop changes itself`(
        path: String, value: JSONValue?
    ) throws {
        #expect(try Self.differences([(path, value)]) == [])
    }

    static let edits: [(path: String, value: JSONValue?, difference: String)] = [
        ("weight", number("1.001"), "weight"), ("ratio", number("0.1"), "ratio"),
        ("customer_order_number", "PO-78", "customer_order_number"),
        ("customer_order_number", nil, "customer_order_number"), ("description", "", "description"), ("new", 1, "new"),
        ("extra", ["a": [1, ["b": 3]]], "extra.a[1].b"), ("extra", ["a": [1]], "extra.a (2 entries sent, 1 found)"),
        ("extra", ["a": [1, ["b": number("2.5"), "state": "x"]]], "extra.a[1].state"),
        ("order_lines[2].quantity", 3, "order_lines[2].quantity"),
        ("order_lines[1].description", "!", "order_lines[1].description"),
        ("order_lines[2]", nil, "order_lines (3 entries sent, 2 found)"), ("webshop", true, "webshop"),
        ("weight", "one", "weight"),
    ]

    @Test(arguments: edits) func `an edit by somebody else is named by its path`(
        path: String, value: JSONValue?, difference: String
    ) throws {
        #expect(try Self.differences([(path, value)]) == [difference])
    }

    @Test(arguments: [("007", "7"), ("+31305550123", "31305550123"), ("1e3", "1000"), ("00.5", "0.5")])
    func `texts that merely look like numbers are compared as they are`(one: String, other: String) throws {
        let sent = JSONObject([("reference", .text(one))]), answered = JSONObject([("reference", .text(other))])
        #expect(OrderComparison.foreignDifferences(sent: sent, answered: answered, volatile: []) == ["reference"])
    }

    @Test func `members that the shop changes by itself are left out at any depth`() throws {
        let changed = [("extra", ["a": [1, ["b": 9]]])] as [(path: String, value: JSONValue?)]
        #expect(try Self.differences(changed, volatile: ["b"]) == [])
    }

    @Test func `no more than twenty differences are told`() {
        let sent = JSONObject((0..<40).map { ("m\($0)", .integer($0)) })
        #expect(OrderComparison.foreignDifferences(sent: sent, answered: JSONObject(), volatile: []).count == 20)
    }

    /// Two names that are no Unicode text read the same, but aren't.
    @Test func `names with lone surrogates are told apart`() throws {
        let order = try #require(JSONValue(parsing: #"{"\ud800":1,"\ud801":2}"#).objectValue)
        let other = try #require(JSONValue(parsing: #"{"\ud801":2,"\ud800":1}"#).objectValue)
        for answered in [order, other] {
            #expect(OrderComparison.foreignDifferences(sent: order, answered: answered, volatile: []) == [])
        }
    }

    /// Searching the members from end to end would take minutes.
    @Test(.timeLimit(.minutes(1))) func `two hundred thousand members in another order are compared by name`() {
        let names = (0..<200_000).map { "member\($0)" }
        let sent = JSONObject(members: names),
            answered = JSONObject(members: names.reversed().map { $0 == "member7" ? "new" : $0 })
        #expect(OrderComparison.foreignDifferences(sent: sent, answered: answered, volatile: []) == ["member7", "new"])
    }
}

extension JSONObject {
    fileprivate init(members names: [String]) { self.init(names.map { ($0, 1) }) }
}
