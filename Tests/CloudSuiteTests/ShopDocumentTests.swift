import CloudSuite
import Documents
import OrderFlow
import Orders
import Simulators
import TestSupport
import Testing
import Transport

/// Documents on their way to the bundled shop, over real sockets and libcurl.
struct ShopDocumentTests {
    private static func known() throws -> AnswerRule { try AnswerRule(expects: .status, alreadyKnown: "^409 .*already known") }

    /// A shop with an order that the ERP knows as ERP-1, and a target for delivery messages.
    private static func withShop(
        _ adjust: (inout ShopUnderTest.Options) -> Void = { _ in },
        interface: ShopDocumentTarget.Interface = .delivery(shop: "1", user: "10"),
        rule: AnswerRule? = nil, _ body: (ShopUnderTest, ShopDocumentTarget) async throws -> Void
    ) async throws {
        try await ShopUnderTest.running(adjust) { shop in
            let order = try object(
                """
                {"id": 1, "reference": "CS1", "state": "processing", "shipment_state": "none", "erp_order_number": "ERP-1",
                 "order_lines": [
                  {"id": 11, "type": "line", "product": {"key": "A", "origin": "o"}, "quantity": 6.0, "erp_line_number": 10}]}
                """)
            _ = try #require(shop.simulator.add(order))
            let target = ShopDocumentTarget(interface, endpoint: shop.endpoint, rule: try rule ?? Self.known())
            try await body(shop, target)
        }
    }

    private static func message(_ number: String = "PS-1", order: String = "ERP-1", quantity: Int = 2) throws -> OutgoingDocument
    {
        let date = try #require(CalendarDate(iso: "2025-03-01"))
        let item = DesadvDocument.Item(
            lineNumber: 10, orderNumber: order, quantity: ExactDecimal(quantity), sellerItemID: "A")
        let message = DesadvDocument(number: number, date: date, plannedDeliveryDate: date, items: [item])
        return OutgoingDocument(kind: .desadv, number: number, bytes: try message.render())
    }

    private static func deliver(_ target: ShopDocumentTarget, _ document: OutgoingDocument) async -> DeliveryAnswer {
        await target.deliver(document, timeLimit: .seconds(60))
    }

    @Test func `a delivery message is booked once, and known when it comes again`() async throws {
        try await Self.withShop { shop, target in
            let document = try Self.message()
            #expect(await Self.deliver(target, document) == .sent)
            #expect(await Self.deliver(target, document) == .alreadyKnown)
            #expect(shop.simulator.deliveries.map(\.number) == ["PS-1"])
            let other = try Self.message("PS-2")
            #expect(await Self.deliver(target, other) == .sent)
            #expect(shop.simulator.deliveries.count == 2 && shop.count("POST desadv") == 3)
            #expect(await target.holds(document) == nil)
        }
    }

    /// What an exchange that went wrong means, and whether the shop booked it all the same.
    @Test(arguments: [
        (FaultAction.dropBeforeApplying, false), (.applyThenDrop, true), (.applyThenStatus(500), true),
        (.applyThenStatus(502), true),
        (.status(500, retryAfterSeconds: nil), false), (.status(503, retryAfterSeconds: 1), false),
        (.html200(applied: true), true),
        (.html200(applied: false), false), (.halfBody, true), (.outage(requests: 1), false),
        (.status(408, retryAfterSeconds: nil), false),
    ])
    func `what isn't answered is unknown, posted once, and settled by the same bytes`(_ action: FaultAction, _ isBooked: Bool)
        async throws
    {
        try await Self.withShop { shop, target in
            shop.simulator.addFault(FaultRule(kind: "desadv", times: 1, action: action))
            let document = try Self.message()
            let answer = await Self.deliver(target, document)
            guard case .unknown = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(shop.count("POST desadv") == 1)
            #expect(shop.simulator.deliveries.count == (isBooked ? 1 : 0))
            #expect(await Self.deliver(target, document) == (isBooked ? .alreadyKnown : .sent))
            #expect(shop.simulator.deliveries.count == 1 && shop.count("POST desadv") == 2)
        }
    }

    @Test(arguments: [
        (401, FailureClass.unauthorized), (403, .unauthorized), (404, .misconfigured), (405, .misconfigured), (429, .throttled),
        (302, .misconfigured),
    ])
    func `what the shop stopped at its door was not sent`(_ status: Int, _ failureClass: FailureClass) async throws {
        try await Self.withShop { shop, target in
            shop.simulator.addFault(
                FaultRule(kind: "desadv", times: 1, action: .status(status, retryAfterSeconds: status == 429 ? 40 : nil)))
            let answer = await Self.deliver(target, try Self.message())
            guard case .notSent(let failure) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(failure.failureClass == failureClass)
            #expect(failure.retryAfter == (status == 429 ? .seconds(40) : nil))
            #expect(shop.simulator.deliveries.isEmpty && shop.count("POST desadv") == 1)
        }
    }

    @Test func `a message about an order or a line that isn't there is refused, without the shop's words`() async throws {
        try await Self.withShop { shop, target in
            let answer = await Self.deliver(target, try Self.message(order: "ERP-2"))
            guard case .refused(let text) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(text.contains("HTTP status 400") && !text.contains("ERP-2"))
            #expect(shop.simulator.deliveries.isEmpty)
        }
    }

    @Test func `without the words for "known", a repetition is a refusal that says what it may mean`() async throws {
        try await Self.withShop(rule: AnswerRule(expects: .status)) { _, target in
            let document = try Self.message()
            #expect(await Self.deliver(target, document) == .sent)
            guard case .refused(let text) = await Self.deliver(target, document) else {
                Issue.record("not refused")
                return
            }
            #expect(text.contains("may also mean that it has it"))
        }
    }

    @Test func `a token that has ended is renewed, and the message is booked once`() async throws {
        try await Self.withShop({ $0.credentials = .oauth }) { shop, target in
            let (first, second) = (try Self.message("PS-1"), try Self.message("PS-2"))
            #expect(await Self.deliver(target, first) == .sent)
            shop.simulator.expireTokens()
            #expect(await Self.deliver(target, second) == .sent)
            #expect(shop.simulator.deliveries.map(\.number) == ["PS-1", "PS-2"])
        }
    }

    @Test func `a slow shop is waited for as long as may be`() async throws {
        try await Self.withShop { shop, target in
            shop.simulator.addFault(FaultRule(kind: "desadv", times: 1, action: .delay(milliseconds: 60_000, .after)))
            let document = try Self.message()
            guard case .unknown = await target.deliver(document, timeLimit: .seconds(3)) else {
                Issue.record("not unknown")
                return
            }
            #expect(await Self.deliver(target, document) == .alreadyKnown)
            #expect(shop.simulator.deliveries.count == 1)
        }
    }

    @Test func `a message that takes effect long after its connection ended is booked once, whatever was sent meanwhile`()
        async throws
    {
        try await Self.withShop { shop, target in
            shop.simulator.addFault(FaultRule(kind: "desadv", times: 1, action: .lateEffect(milliseconds: 300)))
            let document = try Self.message()
            guard case .unknown = await Self.deliver(target, document) else {
                Issue.record("not unknown")
                return
            }
            let second = await Self.deliver(target, document)
            #expect(second == .sent || second == .alreadyKnown)
            try await Waiting.until { shop.simulator.requestLog.allSatisfy { $0.effect != .pending } }
            #expect(shop.simulator.deliveries.count == 1)
        }
    }

    @Test func `a shop that isn't there was sent nothing`() async throws {
        let port = try ClosedPort()
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        let endpoint = Endpoint(
            Endpoint.Settings(
                base: try BaseURL("http://127.0.0.1:\(port.number)"),
                call: CallMachine.Settings(backoff: Backoff(first: .milliseconds(1)))),
            surroundings: Endpoint.Surroundings(exchange: exchange))
        let target = ShopDocumentTarget(.delivery(shop: "1", user: "10"), endpoint: endpoint, rule: try Self.known())
        let answer = await Self.deliver(target, try Self.message())
        await exchange.shutdown()
        guard case .notSent(let failure) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(failure.failureClass == .outage)
    }

    @Test func `each interface has its path and its parameters`() async throws {
        typealias Interface = ShopDocumentTarget.Interface
        let expected: [(Interface, DocumentKind, String)] = [
            (.delivery(shop: "1", user: "a b&c"), .desadv, "/proxy/des_adv_xml/delivery/?shop=1&user=a%20b%26c"),
            (
                .orderFeedback(user: "10", shop: "1", mode: "sync"), .orderRequest,
                "/proxy/oci_xml/purchase?user=10&shop=1&mode=sync"
            ),
            (.orderStatus(shop: "1"), .orderStatus, "/proxy/v1/orderstatus/?shop=1"),
            (Interface(path: "/other/", parameters: []), .desadv, "/other/"),
        ]
        for (interface, kind, target) in expected {
            try await Self.withShop(interface: interface) { shop, documents in
                _ = await Self.deliver(documents, OutgoingDocument(kind: kind, number: "1", bytes: Array("x".utf8)))
                #expect(shop.simulator.requestLog.map(\.target) == [target])
            }
        }
    }

    @Test func `order feedback is acknowledged by its Response, once and again`() async throws {
        let time = try #require(ZonedTime(iso: "2024-03-05T10:15:30+01:00"))
        let money = CXMLMoney(ExactDecimal(1), "EUR")
        var feedback = OrderFeedback(
            erpOrderNumber: "ERP-77", orderTime: time, total: money, billTo: .init(addressID: "1", name: "x"),
            lines: [
                .init(
                    erpLineNumber: 20, quantity: ExactDecimal(6), unit: "EA", supplierPartID: "A", unitPrice: money,
                    description: "x")
            ])
        feedback.extrinsics = [CXMLExtrinsic("CloudSuiteOrderId", "CS1")]
        let us = CXMLCredential(domain: "NetworkId", identity: "us")
        let envelope = CXMLEnvelope(payloadID: "order.main.1@x", timestamp: time, from: [us], to: [us], sender: [us])
        let document = OutgoingDocument(kind: .orderRequest, number: envelope.payloadID, bytes: try feedback.render(in: envelope))
        let interface = ShopDocumentTarget.Interface.orderFeedback(user: "10", shop: "1", mode: "sync")
        try await Self.withShop(interface: interface, rule: AnswerRule(expects: .cxml)) { shop, target in
            shop.simulator.addFault(FaultRule(kind: "order-feedback", times: 1, action: .applyThenDrop))
            guard case .unknown = await Self.deliver(target, document) else {
                Issue.record("a lost answer isn't unknown")
                return
            }
            #expect(await Self.deliver(target, document) == .acknowledged)
            #expect(shop.simulator.orderFeedback.count == 1)
            let order = try #require(shop.simulator.order(1))
            #expect(order["erp_order_number"] == "ERP-77")
            #expect(order["order_lines"]?.arrayValue?.first?["erp_line_number"] == 20)
        }
    }

    @Test func `a custom order status reaches the order`() async throws {
        let text = #"{"CloudsuiteOrderId":"CS1","dateTime":"2025-03-01T10:00:00","state":{"lang":"nl_NL","value":"Ingepakt"}}"#
        try await Self.withShop(interface: .orderStatus(shop: "1")) { shop, target in
            let document = OutgoingDocument(kind: .orderStatus, number: "1", bytes: Array(text.utf8))
            #expect(await Self.deliver(target, document) == .sent)
            #expect(shop.simulator.orderStatuses.map(\.text) == ["Ingepakt"])
        }
    }
}
