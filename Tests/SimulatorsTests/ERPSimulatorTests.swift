internal import Orders
internal import Simulators
internal import Testing

struct ERPSimulatorTests {
    private static func order(_ reference: String = "crossdock/shop/48101", quantity: String = "1.50") -> String {
        #"{"external_reference":"\#(reference)","customer":{"code":"10023"},"lines":["#
            + #"{"line_id":9001,"product":"124","quantity":\#(quantity),"unit_price":"1.8500"},"#
            + #"{"line_id":"9002","product":"123_KG","quantity":"2.375"}]}"#
    }

    @Test func `an order is made, found, read and cancelled`() async throws {
        try await withERP { erp, probe in
            let made = probe.post("/orders", Self.order())
            #expect(made.status == 201)
            #expect(made.json?["number"] == "SO-000001")
            #expect(made.json?["state"] == "confirmed")
            let lines = try #require(made.json?["lines"]?.arrayValue)
            #expect(lines.map { $0["line_id"] } == [9001, "9002"])
            #expect(lines.map { $0["number"]?.integerValue } == [10, 20])
            #expect(lines.map { $0["status"] } == ["accepted", "accepted"])
            #expect(lines[0]["quantity"]?.compactText == "1.50")
            #expect(
                probe.get("/orders?external_reference=crossdock%2Fshop%2F48101").json?["results"]
                    == .array([try #require(made.json)]))
            #expect(probe.get("/orders?external_reference=other").json == ["results": []])
            #expect(probe.get("/orders/SO-000001").json == made.json)
            #expect(probe.get("/orders/SO-000002").status == 404)
            #expect(probe.get("/orders").status == 400)
            #expect(probe.post("/orders/SO-000001/cancel", "").json?["state"] == "cancelled")
            #expect(erp.orders.map(\.state) == ["cancelled"])
        }
    }

    @Test func `the API key is wanted`() async throws {
        try await withERP { erp, probe in
            var probe = probe
            probe.headers = [("X-Api-Key", "wrong")]
            #expect(probe.post("/orders", Self.order()).status == 401)
            #expect(probe.get("/orders?external_reference=x").status == 401)
            #expect(erp.orders.isEmpty)
        }
    }

    @Test func `in key mode the same bytes give the same order and other bytes a conflict`() async throws {
        try await withERP { erp, probe in
            #expect(probe.post("/orders", Self.order()).status == 201)
            let again = probe.post("/orders", Self.order())
            #expect(again.status == 200)
            #expect(again.json?["number"] == "SO-000001")
            let conflict = probe.post("/orders", Self.order(quantity: "2.50"))
            #expect(conflict.status == 409)
            #expect(conflict.json?["error"] == "conflicting_request")
            let keyed = [("Idempotency-Key", "k1")]
            #expect(probe.post("/orders", Self.order(), headers: keyed).status == 201)
            #expect(probe.post("/orders", Self.order(), headers: keyed).status == 200)
            #expect(probe.post("/orders", #"{"customer":{"name":"X"},"lines":[{"product":"124","quantity":1}]}"#).status == 400)
            #expect(erp.orders.count == 2)
        }
    }

    @Test func `look-up mode makes an order of every post and shows them all`() async throws {
        try await withERP({ $0.mode = .lookUp }) { erp, probe in
            for _ in 0..<2 { #expect(probe.post("/orders", Self.order()).status == 201) }
            let found = probe.get("/orders?external_reference=crossdock/shop/48101").json?["results"]?.arrayValue
            #expect(found?.compactMap { $0["number"]?.stringValue } == ["SO-000001", "SO-000002"])
            let entry = try #require(erp.audit()["crossdock/shop/48101"])
            #expect(entry.posts == 2)
            #expect(entry.ordersCreated == 2)
        }
    }

    @Test func `an ERP with neither can't be asked`() async throws {
        try await withERP({ $0.mode = .neither }) { _, probe in
            for _ in 0..<2 { #expect(probe.post("/orders", Self.order()).status == 201) }
            #expect(probe.get("/orders?external_reference=crossdock/shop/48101").status == 404)
            #expect(probe.get("/orders/SO-000002").status == 200)
        }
    }

    @Test(arguments: [
        (#"{"customer":{},"lines":[]}"#, ["customer", "lines"]),
        (
            #"{"external_reference":"","customer":{"name":""},"lines":[{"product":"124","quantity":1},7,{"product":"999","quantity":"abc","unit_price":"x"},{}]}"#,
            [
                "external_reference", "customer", "lines[1]", "lines[2].product", "lines[2].quantity", "lines[2].unit_price",
                "lines[3].product", "lines[3].quantity",
            ]
        ),
        ("[]", [""]),
    ])
    func `everything wrong with an order is said at once`(_ body: String, _ paths: [String]) async throws {
        try await withERP { erp, probe in
            let answer = probe.post("/orders", body)
            #expect(answer.status == 422)
            #expect(answer.json?["errors"]?.arrayValue?.compactMap { $0["path"]?.stringValue } == paths)
            #expect(erp.orders.isEmpty)
        }
    }

    @Test func `lines may be backordered or rejected by their product's prefix`() async throws {
        try await withERP {
            $0.backorderedPrefix = "BO-"
            $0.rejectedPrefix = "NO-"
        } _: { _, probe in
            let body =
                #"{"external_reference":"r","customer":{"name":"X"},"lines":[{"product":"BO-1","quantity":1},{"product":"NO-1","quantity":1},{"product":"124","quantity":1}]}"#
            let lines = probe.post("/orders", body).json?["lines"]?.arrayValue
            #expect(lines?.map { $0["status"] } == ["backordered", "rejected", "accepted"])
        }
    }

    @Test func `a post that lands late is seen late, and asking at once makes a duplicate`() async throws {
        let clock = HandTurnedClock()
        try await withERP {
            $0.mode = .lookUp
            $0.clock = clock.simulatorClock
        } _: { erp, probe in
            erp.addFault(FaultRule(method: "POST", times: 1, action: .lateEffect(milliseconds: 300)))
            let find = "/orders?external_reference=crossdock/shop/48101"
            #expect(probe.post("/orders", Self.order()).status == nil)
            #expect(probe.get(find).json == ["results": []])
            #expect(probe.post("/orders", Self.order()).status == 201)
            clock.advance(milliseconds: 300)
            #expect(probe.get(find).json?["results"]?.arrayValue?.count == 2)
            let audit = try #require(probe.get("/_simulator/audit").json?["references"]?["crossdock/shop/48101"])
            #expect(audit["posts"] == 2)
            #expect(audit["orders_created"] == 2)
            #expect(audit["created_unix_microseconds"] == [1_748_858_400_000_000, 1_748_858_400_300_000])
        }
    }

    @Test func `a look-up may lag behind`() async throws {
        let clock = HandTurnedClock()
        try await withERP({ $0.clock = clock.simulatorClock }) { erp, probe in
            erp.addFault(FaultRule(method: "GET", action: .lookupLag(milliseconds: 500)))
            #expect(probe.post("/orders", Self.order()).status == 201)
            let find = "/orders?external_reference=crossdock/shop/48101"
            clock.advance(milliseconds: 499)
            #expect(probe.get(find).json == ["results": []])
            clock.advance(milliseconds: 1)
            #expect(probe.get(find).json?["results"]?.arrayValue?.count == 1)
        }
    }

    @Test func `the audit counts posts that were dropped before they took effect`() async throws {
        try await withERP { erp, probe in
            erp.addFault(FaultRule(method: "POST", times: 1, action: .dropBeforeApplying))
            erp.addFault(FaultRule(method: "POST", times: 1, action: .applyThenDrop))
            #expect(probe.post("/orders", Self.order()).status == nil)
            #expect(probe.post("/orders", Self.order()).status == nil)
            #expect(probe.post("/orders", Self.order()).status == 200)
            #expect(erp.audit()["crossdock/shop/48101"]?.posts == 3)
            #expect(erp.audit()["crossdock/shop/48101"]?.orderNumbers == ["SO-000001"])
            #expect(erp.requestLog.map(\.effect) == [.notApplied, .applied, .none])
        }
    }
}
