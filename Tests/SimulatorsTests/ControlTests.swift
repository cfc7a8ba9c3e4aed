internal import Orders
internal import Simulators
internal import Testing

struct ControlTests {
    /// Control calls carry no credentials.
    private func open(_ probe: Probe) -> Probe {
        var open = probe
        open.headers = []
        return open
    }

    @Test func `people act over the control endpoint as in process`() async throws {
        let clock = HandTurnedClock()
        try await withShop(orders: 1, { $0.clock = clock.simulatorClock }) { shop, probe in
            let control = open(probe)
            let root = "/_simulator/orders/100001"
            let before = try #require(shop.order(100_001)?.objectValue)
            #expect(control.get(root).json == .object(before))
            #expect(control.post("\(root)/edit", #"{"description":"call first","quantity_note":1.50}"#).status == 200)
            #expect(control.post("\(root)/pay", #"{"payment_status":"paid"}"#).json?["payment_status"] == "paid")
            #expect(control.post("\(root)/pay", "").json?["payment_status"] == "closed_success")
            #expect(control.post("\(root)/cancel", "").json?["state"] == "cancel")
            #expect(control.post("\(root)/reopen", "").json?["state"] == "confirmed")
            var expected = before
            expected["description"] = "call first"
            expected["payment_status"] = "closed_success"
            expected["modified_date"] = "2025-06-02T12:00:00"
            expected["quantity_note"] = try JSONValue(parsing: "1.50")
            #expect(shop.order(100_001)?.compactText == JSONValue.object(expected).compactText)
            #expect(
                control.post("/_simulator/orders", #"{"state":"confirmed","confirm_date":"@now-PT1M"}"#).json == ["id": 100_002])
            #expect(shop.order(100_002)?["confirm_date"] == "2025-06-02T11:59:00")
            #expect(control.post("/_simulator/orders", #"{"id":100002}"#).status == 409)
            #expect(control.send("DELETE", "/_simulator/orders/100002").status == 200)
            #expect(shop.order(100_002) == nil)
            #expect(control.post("/_simulator/orders/100002/pay", "").status == 404)
            #expect(control.get("/_simulator/nothing").status == 404)
            #expect(shop.requestCounts.isEmpty)
            #expect(shop.requestLog.isEmpty)
        }
    }

    @Test func `statistics and log tell what happened`() async throws {
        try await withShop(orders: 1) { _, probe in
            #expect(probe.patch("/api/order/100001/", #"{"state":"processing"}"#).status == 200)
            #expect(probe.get("/api/order/?limit=1").status == 200)
            let statistics = try #require(open(probe).get("/_simulator/stats").json)
            #expect(statistics["requests_total"] == 2)
            #expect(statistics["requests"] == ["GET order-list": 1, "PATCH order": 1])
            #expect(statistics["writes"] == 1)
            let entries = try #require(open(probe).get("/_simulator/log").json?["entries"]?.arrayValue)
            #expect(entries.map { $0["target"]?.stringValue } == ["/api/order/100001/", "/api/order/?limit=1"])
            #expect(entries[0]["body"] == #"{"state":"processing"}"#)
            #expect(entries[0]["effect"] == "applied")
            #expect(open(probe).get("/_simulator/log?after=1").json?["entries"]?.arrayValue?.count == 1)
        }
    }

    @Test func `the log forgets the oldest and keeps counting`() async throws {
        try await withShop(orders: 1, { $0.logCapacity = 3 }) { shop, probe in
            for page in 1...5 { #expect(probe.get("/api/order/?limit=\(page)").status == 200) }
            #expect(shop.requestLog.map(\.sequence) == [3, 4, 5])
            #expect(shop.requestLog.map(\.target).last == "/api/order/?limit=5")
        }
    }

    @Test func `reset brings the orders back and forgets the rest`() async throws {
        try await withShop(orders: 1) { shop, probe in
            let before = shop.order(100_001)
            shop.addFault(FaultRule(action: .applyThenDrop))
            #expect(probe.patch("/api/order/100001/", #"{"state":"processing"}"#).status == nil)
            #expect(open(probe).post("/_simulator/reset", "").status == 200)
            #expect(shop.order(100_001)?["state"] == before?["state"])
            #expect(shop.requestLog.isEmpty)
            #expect(shop.writes == 0)
            #expect(probe.get("/api/order/100001").status == 200)
        }
    }

    @Test(arguments: [
        (#"{"action":"aply_then_drop"}"#, ["action"]),
        (#"{"method":"GET"}"#, ["action"]),
        (#"{"action":"delay"}"#, ["milliseconds"]),
        (#"{"action":"delay","milliseconds":-1,"when":"now"}"#, ["milliseconds", "when"]),
        (#"{"action":"apply_then_drop","milliseconds":5,"tiems":1}"#, ["milliseconds", "tiems"]),
        (
            #"{"action":"status","status":"500","skip":1.5,"probability":2,"method":1}"#,
            ["status", "method", "skip", "probability"]
        ),
        ("[7]", [""]), ("{", [""]),
    ])
    func `a bad fault rule is refused with every mistake`(_ body: String, _ paths: [String]) async throws {
        try await withShop { _, probe in
            let answer = open(probe).post("/_simulator/faults", body)
            #expect(answer.status == 400)
            #expect(answer.json?["errors"]?.arrayValue?.compactMap { $0["path"]?.stringValue } == paths)
            #expect(open(probe).get("/_simulator/faults").json == ["rules": []])
        }
    }

    @Test func `rules are taken as they are listed`() async throws {
        let rules = [
            #"{"action":"late_effect","method":"POST","path":"/orders","skip":2,"times":1,"milliseconds":300}"#,
            #"{"action":"status","kind":"order","probability":0.25,"status":429,"retry_after":3}"#,
            #"{"action":"outage","requests":4}"#,
            #"{"action":"error_inside_200","detail":"No.","applied":true}"#,
            #"{"action":"delay","milliseconds":5,"when":"after"}"#,
        ]
        try await withShop { _, probe in
            let answer = open(probe).post("/_simulator/faults", "[\(rules.joined(separator: ","))]")
            #expect(answer.status == 201)
            let listed = answer.json?["rules"]?.arrayValue?.map { $0.compactText.replacing(#","strikes":0"#, with: "") }
            #expect(listed == rules)
            #expect(open(probe).send("DELETE", "/_simulator/faults").json == ["rules": []])
        }
    }
}
