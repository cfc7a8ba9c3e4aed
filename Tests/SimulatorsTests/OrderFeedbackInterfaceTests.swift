internal import Documents
internal import Orders
internal import Simulators
internal import Testing

/// cXML to the simulated shop that tells it the ERP's numbers.
struct OrderFeedbackInterfaceTests {
    private static let target = "/proxy/oci_xml/purchase?user=10&shop=1&mode=sync"

    /// An order without any number of the ERP's; A stands on two lines.
    private static func withOrder(
        _ configure: (inout CloudSuiteConfiguration) -> Void = { _ in },
        _ body: (CloudSuiteSimulator, Probe, Int) async throws -> Void
    ) async throws {
        try await withShop(configure) { shop, probe in
            let text = """
                {"id": 48193, "reference": "CS48193", "state": "processing", "erp_order_number": null, "modified_date": "2025-01-01",
                 "order_lines": [
                  {"id": 1, "type": "line", "product": {"key": "A", "origin": "o"}, "quantity": 6.0, "erp_line_number": null},
                  {"id": 2, "type": "comment", "product": null, "quantity": null, "erp_line_number": null},
                  {"id": 3, "type": "line", "product": {"key": "B", "origin": "o"}, "quantity": 1.50, "erp_line_number": null},
                  {"id": 4, "type": "line", "product": {"key": "A", "origin": "o"}, "quantity": 2, "erp_line_number": null}]}
                """
            let order = try #require(try JSONValue(parsing: text).objectValue)
            let id = try #require(shop.add(order))
            try await body(shop, probe, id)
        }
    }

    private static func time() throws -> ZonedTime { try #require(ZonedTime(iso: "2024-03-05T10:15:30+01:00")) }

    private static func envelope(_ payloadID: String) throws -> CXMLEnvelope {
        var envelope = try PartnerTests.envelope()
        envelope.payloadID = payloadID
        return envelope
    }

    private static func feedback(
        _ payloadID: String = "48193", number: String = "ERP-7", extrinsic: String? = nil,
        lines: [(String, Int64)] = [("A", 10), ("B", 20), ("A", 30)]
    ) throws -> String {
        let money = CXMLMoney(ExactDecimal(1), "EUR")
        var feedback = OrderFeedback(
            erpOrderNumber: number, orderTime: try time(), total: money, billTo: .init(addressID: "1", name: "x"),
            lines: lines.map {
                .init(
                    erpLineNumber: $0.1, quantity: ExactDecimal(1), unit: "EA", supplierPartID: $0.0, unitPrice: money,
                    description: "x")
            })
        feedback.extrinsics = extrinsic.map { [CXMLExtrinsic("CloudSuiteOrderId", $0)] } ?? []
        return String(decoding: try feedback.render(in: try envelope(payloadID)), as: UTF8.self)
    }

    private static func post(_ probe: Probe, _ text: String, target: String = target) -> Int? {
        let answer = probe.post(target, text, headers: [("Content-Type", "text/xml; charset=UTF-8")])
        return (try? CXMLResponse(answer.body))?.code
    }

    private static func numbers(_ shop: CloudSuiteSimulator, _ id: Int) -> [JSONValue?] {
        shop.order(id)?["order_lines"]?.arrayValue?.map { $0["erp_line_number"] } ?? []
    }

    @Test(arguments: [
        ("48193", String?.none), ("CS48193", nil), ("CS48193@crossdock.example", nil), ("whatever", "CS48193"),
        ("whatever", "48193"),
    ])
    func `an order request sets the ERP's numbers on the order it names, line by line`(_ payloadID: String, _ name: String?)
        async throws
    {
        try await Self.withOrder { shop, probe, id in
            let before = try #require(shop.order(id)?.objectValue)
            let text = try Self.feedback(payloadID, extrinsic: name)
            #expect(Self.post(probe, text) == 200)
            #expect(shop.order(id)?["erp_order_number"] == "ERP-7")
            #expect(Self.numbers(shop, id) == [10, .null, 20, 30])
            // Nothing else of the order has changed.
            var after = try #require(shop.order(id)?.objectValue)
            for field in ["erp_order_number", "order_lines", "modified_date"] { after[field] = before[field] }
            #expect(JSONValue.object(after).serialized() == JSONValue.object(before).serialized())
            #expect(shop.orderFeedback.map(\.erpLineNumbers) == [[1: 10, 3: 20, 4: 30]])
            #expect(probe.get("/_simulator/order-feedback").json?["order_feedback"]?.arrayValue == shop.orderFeedback.map(\.json))
            // From now on deliveries find it by that number.
            let delivery = DeliveryInterfaceTests.message("PS-1", [.init(line: "30", order: "ERP-7")])
            let booked = probe.post(DeliveryInterfaceTests.target, delivery, headers: [("Content-Type", "text/xml")])
            #expect(booked.status == 200 && shop.deliveries.first?.items.first?.lineID == 4)
        }
    }

    @Test func `the same document again has no second effect`() async throws {
        try await Self.withOrder { shop, probe, id in
            let text = try Self.feedback()
            #expect(Self.post(probe, text) == 200)
            shop.edit(id, ["erp_order_number": "changed by hand"])
            #expect(Self.post(probe, text) == 200)
            #expect(shop.order(id)?["erp_order_number"] == "changed by hand")
            #expect(shop.orderFeedback.count == 1)
            #expect(shop.requestLog.map(\.effect) == [.applied, .none])
            // Another document under its payloadID.
            let other = try Self.feedback(number: "ERP-8")
            #expect(Self.post(probe, other) == 409)
        }
    }

    @Test(
        arguments: [
            ("99999", ["A"]), ("CS1", ["A"]), ("order.main.48193@crossdock.example", ["A"]), ("48193", ["C"]),
            ("48193", ["A", "C"]), ("48193", ["A", "A", "A"]),
        ] as [(String, [String])])
    func `an order or a line that isn't there is refused, and nothing is set`(_ name: String, _ products: [String])
        async throws
    {
        try await Self.withOrder { shop, probe, id in
            let text = try Self.feedback(name, lines: products.enumerated().map { ($1, Int64($0)) })
            #expect(Self.post(probe, text) == 400)
            #expect(shop.order(id)?["erp_order_number"] == .null && Self.numbers(shop, id) == [.null, .null, .null, .null])
            #expect(shop.orderFeedback.isEmpty)
        }
    }

    @Test func `a confirmation names lines by their place, and the ERP's numbers in extrinsics`() async throws {
        try await Self.withOrder { shop, probe, id in
            var request = ConfirmationRequest(
                kind: .except, confirmID: "C-1", noticeTime: try Self.time(), order: CXMLOrderReference(orderID: "CS48193"))
            request.extrinsics = [CXMLExtrinsic("ERPOrderNumber", "ERP-7")]
            request.items = [(Int64(1), "10"), (3, "20"), (4, "30")].map { place, number in
                var status = ConfirmationRequest.Status(kind: .accept, quantity: ExactDecimal(1), unit: "EA")
                status.extrinsics = [CXMLExtrinsic("ERPLineNumber", number)]
                return .init(lineNumber: place, quantity: ExactDecimal(1), unit: "EA", statuses: [status])
            }
            let text = String(decoding: try request.render(in: try Self.envelope("c.1@x")), as: UTF8.self)
            #expect(Self.post(probe, text) == 200)
            #expect(shop.order(id)?["erp_order_number"] == "ERP-7")
            #expect(Self.numbers(shop, id) == [10, .null, 20, 30])
            #expect(shop.orderFeedback.map(\.kind) == ["ConfirmationRequest"])
            // Without the number there is nothing to be told.
            request.extrinsics = []
            let bare = String(decoding: try request.render(in: try Self.envelope("c.2@x")), as: UTF8.self)
            #expect(Self.post(probe, bare) == 400)
            // A comment is no line that could have one.
            request.extrinsics = [CXMLExtrinsic("ERPOrderNumber", "ERP-7")]
            request.items[0].lineNumber = 2
            let comment = String(decoding: try request.render(in: try Self.envelope("c.3@x")), as: UTF8.self)
            #expect(Self.post(probe, comment) == 400)
        }
    }

    @Test(arguments: [
        "/proxy/oci_xml/purchase?user=10&shop=1", "/proxy/oci_xml/purchase?shop=1&mode=sync",
        "/proxy/oci_xml/purchase?user=10&shop=7&mode=sync", "/proxy/oci_xml/order?user=10&shop=1&mode=sync",
    ])
    func `the parameters must be there`(_ target: String) async throws {
        try await Self.withOrder { shop, probe, _ in
            let text = try Self.feedback()
            #expect(Self.post(probe, text, target: target) == nil)
            #expect(shop.orderFeedback.isEmpty)
        }
    }

    @Test(arguments: ["", "<cXML/>", "not XML", "<Desadv/>"])
    func `what is no such document gets a Status that says so`(_ text: String) async throws {
        try await Self.withOrder { shop, probe, _ in
            #expect(Self.post(probe, text) == 400)
        }
    }

    @Test(arguments: [(FaultAction.dropBeforeApplying, false), (.applyThenDrop, true), (.applyThenStatus(502), true)])
    func `a fault strikes it, and the same bytes then settle it`(_ action: FaultAction, _ isSet: Bool) async throws {
        try await Self.withOrder { shop, probe, id in
            shop.addFault(FaultRule(kind: "order-feedback", times: 1, action: action))
            let text = try Self.feedback()
            #expect(Self.post(probe, text) == nil)
            #expect((shop.order(id)?["erp_order_number"] == "ERP-7") == isSet)
            #expect(Self.post(probe, text) == 200)
            #expect(shop.orderFeedback.count == 1)
        }
    }
}
