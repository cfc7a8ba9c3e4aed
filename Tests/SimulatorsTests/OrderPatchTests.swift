internal import Orders
internal import Simulators
internal import Testing

struct OrderPatchTests {
    @Test func `a patch changes its fields and the modified date, and no other byte`() async throws {
        let clock = HandTurnedClock()
        try await withShop(fixtures: true, { $0.clock = clock.simulatorClock }) { shop, probe in
            let id = 48116
            let before = try #require(shop.order(id))
            clock.advance(milliseconds: 1)
            let answer = probe.patch("/api/order/\(id)/", #"{"state":"processing","erp_order_number":"ERP-\u00e9"}"#)
            #expect(answer.status == 200)
            var expected = try #require(before.objectValue)
            expected["state"] = "processing"
            expected["erp_order_number"] = try JSONValue(parsing: #""ERP-\u00e9""#)
            expected["modified_date"] = "2025-06-02T12:00:00.001000"
            #expect(answer.text == JSONValue.object(expected).compactText)
            #expect(shop.order(id)?.compactText == answer.text)
            #expect(shop.writes == 1)
        }
    }

    @Test(arguments: [
        (#"{"state":"confirmd"}"#, #"{"state":["\"confirmd\" is not a valid choice."]}"#),
        (#"{"state":null}"#, #"{"state":["This field may not be null."]}"#),
        (#"{"order_lines":[]}"#, #"{"order_lines":["This field can't be changed by PATCH."]}"#),
        (#"{"erp_order_number":7}"#, #"{"erp_order_number":["Not a valid string."]}"#),
        (#"{"shipment_state":"gone"}"#, #"{"shipment_state":["\"gone\" is not a valid choice."]}"#),
        (
            #"{"requested_delivery_date":"1 May"}"#,
            #"{"requested_delivery_date":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]}"#
        ),
        (#"{"paid_amount":"12,50"}"#, #"{"paid_amount":["A valid number is required."]}"#),
        ("[]", #"{"non_field_errors":["Invalid data. Expected a dictionary, but got an array."]}"#),
        (#"{"state":"#, #"{"detail":"JSON parse error - the text ends where a value should be at byte 9"}"#),
    ])
    func `a bad patch is refused with the field's name`(_ body: String, _ error: String) async throws {
        try await withShop(orders: 1) { shop, probe in
            let answer = probe.patch("/api/order/100001/", body)
            #expect(answer.status == 400)
            #expect(answer.text == error)
            #expect(shop.writes == 0)
            #expect(shop.requestLog.last?.effect == .notApplied)
        }
    }

    @Test func `a write wants the slash, a JSON body and an order that is there`() async throws {
        try await withShop(orders: 1) { shop, probe in
            let body = #"{"state":"processing"}"#
            let withoutSlash = probe.patch("/api/order/100001", body)
            #expect(withoutSlash.status == 404)
            #expect(withoutSlash.headers["content-type"]?.hasPrefix("text/html") == true)
            #expect(probe.patch("/api/order/7/", body).status == 404)
            #expect(probe.send("PATCH", "/api/order/100001/", body, [("Content-Type", "text/plain")]).status == 415)
            #expect(shop.order(100_001)?["state"] == "confirmed")
        }
    }

    @Test func `fields the shop owns or doesn't know are passed over`() async throws {
        try await withShop(orders: 1) { shop, probe in
            let answer = probe.patch("/api/order/100001/", #"{"id":5,"reference":"X","payment_status":"paid","unheard_of":1}"#)
            #expect(answer.status == 200)
            #expect(shop.order(100_001)?["reference"] == "CS100001")
            #expect(shop.order(100_001)?["unheard_of"] == nil)
        }
    }

    @Test(arguments: [(CloudSuiteConfiguration.WriteAnswer.empty, ""), (.partial, #"{"id":100001,"state":"processing"}"#)])
    func `the answer may be empty or partial`(_ writeAnswer: CloudSuiteConfiguration.WriteAnswer, _ text: String) async throws {
        try await withShop(orders: 1, { $0.writeAnswer = writeAnswer }) { _, probe in
            let answer = probe.patch("/api/order/100001/", #"{"state":"processing"}"#)
            #expect(answer.status == 200)
            #expect(answer.text == text)
        }
    }

    @Test func `backward moves are let through and counted, or refused when strict`() async throws {
        let way = ["processing", "done", "confirmed", "cancel", "confirmed"].map { #"{"state":"\#($0)"}"# }
        try await withShop(orders: 1) { shop, probe in
            #expect(way.map { probe.patch("/api/order/100001/", $0).status } == [200, 200, 200, 200, 200])
            #expect(shop.backwardMoves == 2)
        }
        try await withShop(orders: 1, { $0.strictTransitions = true }) { shop, probe in
            #expect(way.map { probe.patch("/api/order/100001/", $0).status } == [200, 200, 400, 400, 400])
            #expect(shop.order(100_001)?["state"] == "done")
        }
    }

    @Test func `an asynchronous write is answered before it takes effect`() async throws {
        let clock = HandTurnedClock()
        try await withShop(orders: 1, { $0.clock = clock.simulatorClock }) { shop, probe in
            let answer = probe.send("PATCH", "/api/order/100001/", #"{"state":"processing"}"#, [("X-CS-HANDLE-ASYNC", "Yes")])
            #expect(answer.status == 202)
            let location = try #require(answer.headers["location"])
            let target = String(location.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" })
            #expect(probe.get(target).json?["status"] == "PENDING")
            #expect(shop.order(100_001)?["state"] == "confirmed")
            #expect(shop.requestLog.first?.effect == .pending)
            clock.advance(milliseconds: 200)
            #expect(shop.order(100_001)?["state"] == "processing")
            #expect(probe.get(target).json == shop.order(100_001))
            #expect(shop.requestLog.first?.effect == .applied)
        }
    }
}
