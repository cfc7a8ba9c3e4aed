import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Testing

/// What goes to Khumbu, and what is refused before it does.
@Suite struct KhumbuDocumentTests {
    private static let expected = """
        {"providerOrderId":"*","marketName":"plkpl","storeInformation":{"providerStoreId":"S-1","partnerStoreId":"P-1",\
        "additionalProperties":{"TENDER_MEDIA_ID":"4"}},"orderNotificationType":"CREATE",\
        "createdTimestamp":"2026-11-21 10:15:30.120000","updatedTimestamp":"2026-11-21 10:15:30.120000",\
        "customerInformation":{"id":"C-7","phone":"+31612345678","firstName":"Anna Maria","lastName":"Jansen"},\
        "payments":{"subTotal":37.5,"tax":0,"total":37.5,"paymentMethod":"CARD","currencyCode":"EUR"},\
        "serviceMode":{"fulfillmentMode":"PICK_UP"},"orderItems":[{"id":"101000001||2||1","type":"ITEM","name":"Line 1",\
        "price":12.5,"quantity":2,"options":[{"id":"199000002||1||1","name":"199000002||1||1","price":0,"quantity":2},\
        {"id":"199000003||1||1","name":"199000003||1||1","price":0,"quantity":1,"modifierId":"12"}]},\
        {"id":"101000002||1||1","type":"ITEM","name":"Line 2","price":12.5,"quantity":1}]}
        """

    private static let lines = [
        (code: "101000001||2||1 + 199000002||1||1*2 + 12/199000003||1||1", quantity: "2.0"),
        (code: "101000002||1||1", quantity: "1"),
    ]

    @Test func `an order goes as the published sample has it, the same bytes each time`() async throws {
        try await RemoteKhumbu.run(sink: { $0.stores[0].additionalProperties = [.init("TENDER_MEDIA_ID", "4")] }) { remote in
            let order = try RemoteKhumbu.order(Self.lines)
            _ = try await remote.ticket(order)
            _ = try await remote.ticket(order, attempt: 2)
            let bodies = remote.simulator.requestLog.filter { $0.target.hasSuffix("orders/notification") }.compactMap(\.body)
            #expect(bodies == Array(repeating: Self.expected.replacing("*", with: try remote.id(order)), count: 2))
        }
    }

    @Test(arguments: [("EUR", "3750", "1250"), ("JPY", nil, nil), ("KWD", "37500", "12500")])
    func `minor units are exact, or refused`(_ currency: String, _ total: String?, _ price: String?) async throws {
        try await RemoteKhumbu.run(
            simulator: { $0.menu.currencies = [currency] }, sink: { $0.amountUnit = .minor }
        ) { remote in
            let order = try RemoteKhumbu.order { $0.currency = currency }
            let faults = try await remote.sink.validate(order, remote.context)
            guard let total, let price else {
                return #expect(Set(faults.map(\.path)) == ["lines", "lines[0].unit_price", "lines[1].unit_price"])
            }
            #expect(faults.isEmpty)
            _ = try await remote.ticket(order)
            let body = remote.simulator.requestLog.compactMap(\.body).last ?? ""
            #expect(body.contains("\"total\":\(total),") && body.contains("\"price\":\(price),"))
        }
    }

    @Test func `what was paid is told, and what it is more than the lines as tax`() async throws {
        try await RemoteKhumbu.run(sink: { $0.total = .paid }) { remote in
            let paid = try ExactDecimal("45.37")
            _ = try await remote.ticket(try RemoteKhumbu.order { $0.paidAmount = paid })
            #expect(
                remote.simulator.requestLog.compactMap(\.body).last?.contains(#""subTotal":37.5,"tax":7.87,"total":45.37,"#)
                    == true)
            let less = try ExactDecimal("37.49")
            for order in [try RemoteKhumbu.order { $0.paidAmount = less }, try RemoteKhumbu.order()] {
                #expect(try await remote.sink.validate(order, remote.context).map(\.path) == ["paid_amount"])
            }
        }
    }

    @Test func `every fault is told at once, and nothing is sent`() async throws {
        try await RemoteKhumbu.run(sink: { $0.stores[0].webshop = 7 }) { remote in
            let order = try RemoteKhumbu.order([("SKU-1", "1"), ("101||1||1", "0.5"), ("101||1||1+", "1")]) { order in
                (order.currency, order.paymentStatus, order.confirmDate) = (nil, .account, nil)
                order.lines[1].unitPrice = nil
            }
            let answer = try await remote.sink.create(order, remote.context)
            guard case .rejected(let faults) = answer else { return #expect(Bool(false), "\(answer)") }
            #expect(
                faults.map(\.path) == [
                    "webshop", "confirm_date", "payment_status", "currency", "lines[0].product", "lines[1].quantity",
                    "lines[1].unit_price", "lines[2].product",
                ])
            #expect(try await remote.sink.validate(order, remote.context) == faults)
            #expect(remote.simulator.requestCounts.isEmpty)
        }
    }

    @Test func `each webshop's orders go to its own store`() throws {
        var settings = RemoteKhumbu.settings()
        settings.stores = [.init(webshop: 1, providerStoreID: "A"), .init(providerStoreID: "B")]
        #expect(settings.store(ofWebshop: 1)?.providerStoreID == "A" && settings.store(ofWebshop: 2)?.providerStoreID == "B")
        #expect(settings.store(ofWebshop: nil)?.providerStoreID == "B")
        settings.stores.removeLast()
        #expect(settings.store(ofWebshop: 2) == nil && settings.store(ofWebshop: nil) == nil)
    }

    @Test(arguments: [
        ("101||2||1", true), ("101||2||1+199||1||1", true), ("101", false), ("101|2|1", false), ("101||2||1||1", false),
        ("a||2||1", false), ("101||2||1+199", false), ("||||", false),
    ])
    func `ids of a menu are told from other codes`(_ code: String, _ isMenu: Bool) {
        #expect(KhumbuItem(code)?.hasMenuIDs == isMenu)
    }

    @Test(arguments: ["", "+", "101+", "101+*2", "101+199*0", "101+199*x", "101+1/2/3", "101+/199", "101+199*1*1", " "])
    func `what is no item with options isn't taken for one`(_ code: String) {
        #expect(KhumbuItem(code) == nil)
    }

    @Test(
        arguments: [
            (1, 1), (48_193, 1), (48_193, 4095), (0, 2), ((1 << 62) - 1, 7),
        ] as [(Int64, Int)])
    func `an order id holds the key, and gives it back`(_ orderID: Int64, _ generation: Int) throws {
        let key = IdempotencyKey(order: OrderKey(shop: "demo", orderID: orderID), generation: generation)
        let id = try #require(KhumbuOrderID(key))
        // RFC 9562, 4: version 8, variant 10.
        #expect(id.text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(KhumbuOrderID.key(of: id.text, shops: ["other", "demo"]) == key)
        #expect(KhumbuOrderID.key(of: id.text.uppercased(), shops: ["demo"]) == key)
        #expect(KhumbuOrderID.key(of: id.text, shops: ["other"]) == nil)
        #expect(KhumbuOrderID.key(of: id.text.replacing("-8", with: "-4"), shops: ["demo"]) == nil)
        #expect(KhumbuOrderID.key(of: String(id.text.dropLast()), shops: ["demo"]) == nil)
    }

    @Test func `an order id is what it was yesterday`() {
        let key = IdempotencyKey(order: OrderKey(shop: "webshop", orderID: 48_193))
        #expect(KhumbuOrderID(key)?.text == "7c7423ca-5b19-8001-8000-00000000bc41")
    }

    @Test(arguments: [(-1, 1), (1 << 62, 1), (1, 0), (1, 4096)] as [(Int64, Int)])
    func `a key that doesn't fit has none`(_ orderID: Int64, _ generation: Int) {
        #expect(KhumbuOrderID(IdempotencyKey(order: OrderKey(shop: "demo", orderID: orderID), generation: generation)) == nil)
    }

    @Test(arguments: ["", "{}", #"{"provider_order_id":"a"}"#, "a"])
    func `a ticket of another sink is no ticket`(_ text: String) async throws {
        try await RemoteKhumbu.run { remote in
            let error = await sinkError { () throws(SinkError) in try await remote.sink.poll(SinkTicket(text), remote.context) }
            #expect(error?.code == .conflict)
        }
    }
}
