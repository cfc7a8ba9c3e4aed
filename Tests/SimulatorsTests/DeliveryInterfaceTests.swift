internal import Documents
internal import Orders
internal import Simulators
internal import Testing

/// Delivery messages to the simulated shop.
struct DeliveryInterfaceTests {
    static let target = "/proxy/des_adv_xml/delivery/?shop=1&user=10"

    /// An order the ERP knows as ERP-1: two lines, 6 and 2.5 pieces, numbers 10 and 20.
    private static func withOrder(
        move: CloudSuiteConfiguration.ShipmentStateMove = .never, _ body: (CloudSuiteSimulator, Probe, Int) async throws -> Void
    ) async throws {
        try await withShop(configure(move)) { shop, probe in
            let order = try order()
            let id = try #require(shop.add(order))
            try await body(shop, probe, id)
        }
    }

    private static func configure(_ move: CloudSuiteConfiguration.ShipmentStateMove) -> (inout CloudSuiteConfiguration) -> Void {
        { $0.shipmentStateMove = move }
    }

    static func order(_ reference: String = "CS1", erp: String? = "ERP-1") throws -> JSONObject {
        let text = """
            {"reference": "\(reference)", "state": "processing", "shipment_state": "none", "currency": "EUR",
             "erp_order_number": \(erp.map { "\"\($0)\"" } ?? "null"), "order_lines": [
              {"id": 1, "type": "line", "product": {"key": "A", "origin": "o"}, "quantity": 6.0, "erp_line_number": 10},
              {"id": 2, "type": "comment", "product": null, "quantity": null, "erp_line_number": null},
              {"id": 3, "type": "line", "product": {"key": "B", "origin": "o"}, "quantity": "2.50", "erp_line_number": "20"}]}
            """
        return try #require(try JSONValue(parsing: text).objectValue)
    }

    struct Item {
        var line = "10", order = "ERP-1", quantity = "1.0000", product = "A"

        var xml: String {
            "<Item><ItemNum>\(line)</ItemNum><OrderNum>\(order)</OrderNum><QuantityValue>\(quantity)</QuantityValue>"
                + "<SellerItemID>\(product)</SellerItemID></Item>"
        }
    }

    static func message(_ number: String = "PS-1", _ items: [Item] = [Item()]) -> String {
        """
        <Desadv><DesadvHeader><DesadvNumber>\(number)</DesadvNumber><DesadvDate>2025-03-01</DesadvDate>\
        <PlannedDeliveryDate>2025-03-02</PlannedDeliveryDate><TransportDetails><TransportModeCode>DHL</TransportModeCode>\
        <MeansOfTransport><Identification>3S1</Identification></MeansOfTransport></TransportDetails></DesadvHeader>\
        <DesadvParty/><DesadvDetail><Packaging><LineItems>\(items.map(\.xml).joined())</LineItems></Packaging></DesadvDetail></Desadv>
        """
    }

    private static func post(_ probe: Probe, _ body: String, target: String = target, type: String = "application/xml")
        -> Probe.Answer
    {
        probe.post(target, body, headers: [("Content-Type", type)])
    }

    @Test func `each line of a message is booked, once, and shown`() async throws {
        try await Self.withOrder { shop, probe, id in
            let items = [Item(quantity: "2.5000"), Item(line: "20", quantity: "0.1250", product: "B")]
            #expect(Self.post(probe, Self.message("PS-1", items)).status == 200)
            let delivery = try #require(shop.deliveries.first)
            #expect(shop.deliveries.count == 1 && delivery.number == "PS-1" && delivery.trackingCode == "3S1")
            #expect(delivery.items.map(\.orderID) == [id, id] && delivery.items.map(\.lineID) == [1, 3])
            #expect(delivery.items.map(\.quantity) == [try ExactDecimal("2.5"), try ExactDecimal("0.125")])
            let again = Self.post(probe, Self.message("PS-1", items))
            #expect(again.status == 409 && again.text.contains("already known"))
            #expect(shop.deliveries.count == 1)
            #expect(Self.post(probe, Self.message("PS-2")).status == 200)
            let shown = try #require(probe.get("/_simulator/deliveries").json?["deliveries"]?.arrayValue)
            #expect(shown.map { $0["number"] } == ["PS-1", "PS-2"])
            #expect(shown[0]["items"]?.arrayValue?.map { $0["quantity"] } == ["2.5000", "0.1250"])
            #expect(shop.requestCounts == ["POST desadv": 3])
            #expect(shop.requestLog.map(\.effect) == [.applied, .notApplied, .applied])
            // Unless told otherwise, the shop leaves the shipment state alone.
            #expect(shop.order(id)?["shipment_state"] == "none")
        }
    }

    @Test(arguments: [
        ("ERP-2", "10", "A"), ("ERP-1", "11", "A"), ("ERP-1", "10", "B"), ("ERP-1", "20", "A"), ("CS2", "10", "A"),
        ("", "10", "A"),
    ])
    func `a message with one line that matches nothing books nothing`(_ order: String, _ line: String, _ product: String)
        async throws
    {
        try await Self.withOrder(move: .first) { shop, probe, id in
            let items = [Item(), Item(line: line, order: order, product: product)]
            #expect(Self.post(probe, Self.message("PS-1", items)).status == 400)
            #expect(shop.deliveries.isEmpty && shop.order(id)?["shipment_state"] == "none")
            // Nor is the number used up.
            #expect(Self.post(probe, Self.message("PS-1")).status == 200)
        }
    }

    @Test func `an order is known by the ERP's number, else by the shop's`() async throws {
        try await Self.withOrder { shop, probe, id in
            #expect(Self.post(probe, Self.message("PS-1", [Item(order: "CS1")])).status == 200)
            #expect(probe.patch("/api/order/\(id)/", #"{"erp_order_number": "SO/7"}"#).status == 200)
            #expect(Self.post(probe, Self.message("PS-2", [Item()])).status == 400)
            #expect(Self.post(probe, Self.message("PS-3", [Item(order: "SO/7")])).status == 200)
            // Two orders of that number: nobody can say which is meant.
            _ = shop.add(try Self.order("CS9", erp: "SO/7"))
            #expect(Self.post(probe, Self.message("PS-4", [Item(order: "SO/7")])).status == 400)
            #expect(shop.deliveries.map(\.number) == ["PS-1", "PS-3"])
        }
    }

    @Test func `one slip may cover several orders`() async throws {
        try await Self.withOrder(move: .complete) { shop, probe, id in
            let second = try Self.order("CS2", erp: "ERP-2")
            let other = try #require(shop.add(second))
            let items = [Item(quantity: "6"), Item(line: "20", quantity: "2.5", product: "B"), Item(order: "ERP-2")]
            #expect(Self.post(probe, Self.message("PS-1", items)).status == 200)
            #expect(shop.order(id)?["shipment_state"] == "sent")
            #expect(shop.order(other)?["shipment_state"] == "partially shipped")
        }
    }

    @Test(arguments: [
        (CloudSuiteConfiguration.ShipmentStateMove.never, ["none", "none", "none"]), (.first, ["sent", "sent", "sent"]),
        (.complete, ["partially shipped", "partially shipped", "sent"]),
    ])
    func `the shipment state moves as the shop is set up`(
        _ move: CloudSuiteConfiguration.ShipmentStateMove, _ states: [JSONValue]
    ) async throws {
        try await Self.withOrder(move: move) { shop, probe, id in
            let steps = [Item(quantity: "4"), Item(quantity: "2"), Item(line: "20", quantity: "2.5", product: "B")]
            for (index, item) in steps.enumerated() {
                #expect(Self.post(probe, Self.message("PS-\(index)", [item])).status == 200)
                #expect(shop.order(id)?["shipment_state"] == states[index])
            }
        }
    }

    @Test(arguments: ["0", "0.0000", "-1", "1.00001", "100000000", "1e9", "x", ""])
    func `a quantity that can't be is refused`(_ quantity: String) async throws {
        try await Self.withOrder { shop, probe, _ in
            #expect(Self.post(probe, Self.message("PS-1", [Item(quantity: quantity)])).status == 400)
            #expect(shop.deliveries.isEmpty)
        }
    }

    @Test func `a cancelled order takes no delivery`() async throws {
        try await Self.withOrder { shop, probe, id in
            shop.cancel(id)
            #expect(Self.post(probe, Self.message()).status == 400)
        }
    }

    @Test(arguments: [
        ("/proxy/des_adv_xml/delivery/?shop=1", "application/xml", 400),
        ("/proxy/des_adv_xml/delivery/?user=10", "application/xml", 400),
        ("/proxy/des_adv_xml/delivery/?shop=2&user=10", "application/xml", 400),
        ("/proxy/des_adv_xml/delivery/?shop=1&user=11", "text/xml", 400),
        ("/proxy/des_adv_xml/delivery/?shop=1&user=", "text/xml", 400),
        ("/proxy/des_adv_xml/delivery?shop=1&user=10", "application/xml", 404),
        ("/proxy/des_adv_xml/?shop=1&user=10", "text/xml", 404),
        ("/proxy/des_adv_xml/delivery/?shop=1&user=10", "application/json", 415),
        ("/proxy/des_adv_xml/delivery/?user=10&shop=1", "text/xml; charset=utf-8", 200),
    ])
    func `path, parameters and type must be right`(_ target: String, _ type: String, _ status: Int) async throws {
        try await Self.withOrder { shop, probe, _ in
            #expect(Self.post(probe, Self.message(), target: target, type: type).status == status)
            #expect(shop.deliveries.count == (status == 200 ? 1 : 0))
        }
    }

    @Test func `a token is wanted, and another method isn't`() async throws {
        try await Self.withOrder { shop, probe, _ in
            var stranger = probe
            stranger.headers = []
            #expect(Self.post(stranger, Self.message()).status == 401)
            #expect(probe.get(Self.target).status == 405)
            #expect(Self.post(probe, "<Desadv>").status == 400)
            #expect(Self.post(probe, "<Desadv/>").status == 400)
            #expect(Self.post(probe, Self.message("PS-1", [])).status == 400)
            #expect(Self.post(probe, Self.message(" ")).status == 400)
            #expect(shop.deliveries.isEmpty)
        }
    }

    /// What the client saw, and whether it was booked.
    @Test(arguments: [
        (FaultAction.dropBeforeApplying, Int?.none, false), (.applyThenDrop, nil, true), (.applyThenStatus(502), 502, true),
        (.status(503, retryAfterSeconds: 1), 503, false), (.html200(applied: true), 200, true),
        (.delay(milliseconds: 1, .before), 200, true),
        (.outage(requests: 1), 503, false), (.expireTokens, 200, true),
    ])
    func `every fault strikes it, and a repetition is told`(_ action: FaultAction, _ status: Int?, _ isBooked: Bool) async throws
    {
        try await Self.withOrder { shop, probe, _ in
            shop.addFault(FaultRule(method: "POST", kind: "desadv", times: 1, action: action))
            #expect(Self.post(probe, Self.message()).status == status)
            #expect(shop.deliveries.count == (isBooked ? 1 : 0))
            #expect(Self.post(probe, Self.message()).status == (isBooked ? 409 : 200))
            #expect(shop.deliveries.count == 1)
        }
    }

    @Test func `a message may be booked long after its connection ended`() async throws {
        let clock = HandTurnedClock()
        try await withShop({ $0.clock = clock.simulatorClock }) { shop, probe in
            _ = shop.add(try Self.order())
            shop.addFault(FaultRule(kind: "desadv", times: 1, action: .lateEffect(milliseconds: 300)))
            #expect(Self.post(probe, Self.message()).status == nil)
            #expect(shop.deliveries.isEmpty)
            clock.advance(milliseconds: 300)
            #expect(shop.deliveries.count == 1)
            #expect(shop.requestLog.map(\.effect) == [.applied])
        }
    }

    @Test func `a reset forgets the deliveries`() async throws {
        try await Self.withOrder { shop, probe, _ in
            #expect(Self.post(probe, Self.message()).status == 200)
            #expect(probe.get("/_simulator/stats").json?["deliveries"] == 1)
            _ = probe.post("/_simulator/reset", "")
            #expect(shop.deliveries.isEmpty)
        }
    }
}
