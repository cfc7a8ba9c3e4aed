internal import Orders
internal import Simulators
internal import Testing

/// Custom order status at the simulated shop.
struct OrderStatusInterfaceTests {
    private static func withOrder(_ body: (CloudSuiteSimulator, Probe, Int) async throws -> Void) async throws {
        try await withShop { shop, probe in
            let order = try DeliveryInterfaceTests.order("CS48193", erp: "ERP-124578")
            let id = try #require(shop.add(order))
            try await body(shop, probe, id)
        }
    }

    private static let target = "/proxy/v1/orderstatus/?shop=1"
    private static let state = #""state": {"lang": "nl_NL", "value": "Ingepakt"}"#

    @Test(arguments: [
        #""CloudsuiteOrderId": "CS48193""#, #""orderId": "ERP-124578""#,
        #""CloudsuiteOrderId": "CS48193", "orderId": "ERP-124578""#,
        #""CloudsuiteOrderId": "CS48193", "stateId": "40""#,
    ])
    func `a status is kept with its order`(_ names: String) async throws {
        try await Self.withOrder { shop, probe, id in
            let body = "{\(names), \"dateTime\": \"2025-03-01T10:00:00\", \(Self.state)}"
            #expect(probe.post(Self.target, body).status == 200)
            let status = try #require(shop.orderStatuses.first)
            #expect(status.orderID == id && status.language == "nl_NL" && status.text == "Ingepakt")
            #expect(status.stateID == (names.contains("40") ? "40" : nil))
            #expect(probe.get("/_simulator/order-statuses").json?["order_statuses"]?.arrayValue == [status.json])
            #expect(shop.requestCounts == ["POST order-status": 1])
        }
    }

    @Test(arguments: [
        (#"{"CloudsuiteOrderId": "CS1", "dateTime": "2025-03-01T10:00:00", "state": {"lang": "nl_NL", "value": "x"}}"#, 404),
        (
            #"{"CloudsuiteOrderId": "CS48193", "orderId": "ERP-2", "dateTime": "2025-03-01T10:00:00", "state": {"lang": "n", "value": "x"}}"#,
            404
        ),
        (#"{"dateTime": "2025-03-01T10:00:00", "state": {"lang": "nl_NL", "value": "x"}}"#, 400),
        (#"{"CloudsuiteOrderId": "CS48193", "dateTime": "2025-03-01", "state": {"lang": "nl_NL", "value": "x"}}"#, 400),
        (#"{"CloudsuiteOrderId": "CS48193", "dateTime": "2025-02-30T10:00:00", "state": {"lang": "n", "value": "x"}}"#, 400),
        (#"{"CloudsuiteOrderId": "CS48193", "state": {"lang": "nl_NL", "value": "x"}}"#, 400),
        (#"{"CloudsuiteOrderId": "CS48193", "dateTime": "2025-03-01T10:00:00", "state": "x"}"#, 400),
        (#"{"CloudsuiteOrderId": "CS48193", "dateTime": "2025-03-01T10:00:00", "state": {"value": "x"}}"#, 400),
        (#"{"CloudsuiteOrderId": "CS48193", "dateTime": "2025-03-01T10:00:00"}"#, 400),
        (#"{"CloudsuiteOrderId": 48193, "dateTime": "2025-03-01T10:00:00", "state": {"lang": "n", "value": "x"}}"#, 400),
        (#"{"CloudSuiteOrderId": "CS48193", "dateTime": "2025-03-01T10:00:00", "state": {"lang": "n", "value": "x"}}"#, 400),
        ("[]", 400), ("{", 400),
    ])
    func `a status that isn't as documented is refused`(_ body: String, _ status: Int) async throws {
        try await Self.withOrder { shop, probe, _ in
            #expect(probe.post(Self.target, body).status == status)
            #expect(shop.orderStatuses.isEmpty)
        }
    }

    @Test func `the shop must be named`() async throws {
        try await Self.withOrder { shop, probe, _ in
            let body = #"{"CloudsuiteOrderId": "CS48193", "dateTime": "2025-03-01T10:00:00", "# + Self.state + "}"
            #expect(probe.post("/proxy/v1/orderstatus/", body).status == 400)
            #expect(probe.post("/proxy/v1/orderstatus/?shop=2", body).status == 400)
            #expect(probe.post("/proxy/v1/orderstatus?shop=1", body).status == 404)
            #expect(probe.post(Self.target, body, headers: [("Content-Type", "text/xml")]).status == 415)
            #expect(shop.orderStatuses.isEmpty)
        }
    }
}
