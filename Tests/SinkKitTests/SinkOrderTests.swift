import Orders
import SinkKit
import Testing

@Suite struct SinkOrderTests {
    static func party(_ text: String) throws -> Party { Party(json: try #require(try JSONValue(parsing: text).objectValue)) }

    /// With every field that the wire form has.
    static func full(customer: Party? = nil, _ adjust: (inout Order) -> Void = { _ in }) throws -> SinkOrder {
        var order = Order(id: 48_193, state: .confirmed)
        (order.reference, order.webshop, order.paymentStatus) = ("CS48193", 2, .account)
        (order.customerOrderNumber, order.orderDate, order.confirmDate) = ("PO \"1\"", "2025-06-01", "2025-06-02T10:00:00.000001")
        (order.requestedDeliveryDate, order.description, order.currency) = ("2025-06-09", "vóór 10 uur 📦", "EUR")
        (order.paidAmount, order.user) = (try ExactDecimal("0.00"), 1260)
        order.lines = [
            OrderLine(
                id: 1, position: 1, productKey: "124_STUK", productOrigin: "erp", description: "Thee",
                quantity: try ExactDecimal("2.50"),
                unitPrice: try ExactDecimal("12.5000")),
            OrderLine(id: 2, position: 2, type: "comment", productKey: "", quantity: .zero),
            OrderLine(id: nil, position: 3, productKey: "124_STUK", quantity: try ExactDecimal("-1")),
        ]
        adjust(&order)
        return SinkOrder(
            key: IdempotencyKey(order: OrderKey(shop: "main", orderID: 48_193), generation: 3), order: order,
            customer: try customer ?? party(#"{"id":1324,"code":"10023"}"#), shipmentAddress: try party(#"{"zip":"3992 AB"}"#),
            invoiceAddress: nil)
    }

    static let fullText = """
        {"key":"crossdock:main:48193:3","shop":"main","order_id":48193,"generation":3,"reference":"CS48193",\
        "customer_order_number":"PO \\"1\\"","order_date":"2025-06-01","confirm_date":"2025-06-02T10:00:00.000001",\
        "requested_delivery_date":"2025-06-09","description":"vóór 10 uur 📦","currency":"EUR","webshop":2,"payment_status":"account",\
        "paid_amount":"0.00","user":1260,"customer":{"id":1324,"code":"10023"},"shipment_address":{"zip":"3992 AB"},"lines":[\
        {"line":"id:1","line_id":1,"position":1,"product":"124_STUK","product_origin":"erp","description":"Thee","quantity":"2.50",\
        "unit_price":"12.5000"},{"line":"position:3","position":3,"product":"124_STUK","quantity":"-1"}]}
        """

    @Test func `the wire form is this, byte for byte, without what isn't sold`() throws {
        #expect(JSONValue.object(try Self.full().json).compactText == Self.fullText)
    }

    @Test func `what is read from the wire form writes the same bytes`() throws {
        for text in [Self.fullText, #"{"key":"crossdock:s:1","shop":"s","order_id":1,"generation":1,"lines":[]}"#] {
            let order = try SinkOrder(json: try #require(try JSONValue(parsing: text).objectValue))
            #expect(JSONValue.object(order.json).compactText == text)
        }
    }

    @Test func `an order read back is the order that was written`() throws {
        let written = try Self.full()
        let read = try SinkOrder(json: written.json)
        #expect(read == written)
        // What no sink is told isn't carried.
        let told = try Self.full { ($0.erpOrderNumber, $0.modifiedDate, $0.isOffline) = ("E1", "2025", true) }
        #expect(JSONValue.object(told.json) == JSONValue.object(read.json))
    }

    @Test func `members nobody knows are passed over, and kept in the wire form`() throws {
        let text = Self.fullText.replacing(#""position":1,"#, with: #""position":1,"new":{},"#).dropLast() + #","later":[1]}"#
        let read = try SinkOrder(json: try #require(try JSONValue(parsing: String(text)).objectValue))
        let full = try Self.full()
        #expect(read.order == full.order)
        #expect(read.customer == full.customer && read.shipmentAddress == full.shipmentAddress)
        #expect(JSONValue.object(read.json).compactText == text, "a repeat sends the same bytes")
    }

    @Test(arguments: [
        (#""shop":"main""#, #""shop":1"#, "shop"), (#""order_id":48193"#, #""order_id":"48193""#, "order_id"),
        (#""order_id":48193,"#, "", "order_id"), (#""lines":["#, #""other":["#, "lines"),
        (#""paid_amount":"0.00""#, #""paid_amount":"x""#, "paid_amount"),
        (#""position":1,"#, "", "lines[0]"), (#""quantity":"2.50""#, #""quantity":2.50"#, "lines[0]"),
        (#""unit_price":"12.5000""#, #""unit_price":"12,5""#, "lines[0]"), (#""quantity":"-1""#, #""quantity":"-""#, "lines[1]"),
    ])
    func `a member that is missing or of another kind is named`(_ part: String, _ damaged: String, _ member: String) throws {
        let text = Self.fullText.replacing(part, with: damaged)
        try #require(text != Self.fullText)
        let error = #expect(throws: SinkOrderFormatError.self) {
            try SinkOrder(json: try #require(try JSONValue(parsing: text).objectValue))
        }
        #expect(error?.member == member)
    }

    @Test(arguments: [
        ("currency", true), ("customer", true), ("customer.code", true), ("customer.id", true), ("customer.name", false),
        ("shipment_address.zip", true), ("invoice_address", false), ("invoice_address.zip", false), ("reference.x", false),
        ("lines", true),
        ("nonsense", false), ("user", true), ("description", false), ("paid_amount", true),
    ])
    func `a required field is there when it has something in it`(_ path: String, _ isThere: Bool) throws {
        let order = try Self.full { $0.description = "" }
        #expect(order.hasValue(at: path) == isThere)
    }

    @Test func `an empty party and an empty list are nothing`() throws {
        let order = try Self.full(customer: Party()) { $0.lines = [] }
        #expect(!order.hasValue(at: "customer"))
        #expect(!order.hasValue(at: "lines"))
    }
}
