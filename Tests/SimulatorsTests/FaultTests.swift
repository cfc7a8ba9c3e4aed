internal import Orders
internal import Simulators
internal import Testing

struct FaultTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let action: FaultAction
        var status: Int?
        var contentType = "application/json"
        let isApplied: Bool

        var testDescription: String { "\(action)" }
    }

    private static let html = "text/html; charset=utf-8"

    private static let examples = [
        Example(action: .dropBeforeApplying, isApplied: false),
        Example(action: .applyThenDrop, isApplied: true),
        Example(action: .applyThenStatus(502), status: 502, contentType: html, isApplied: true),
        Example(action: .status(503, retryAfterSeconds: 7), status: 503, contentType: html, isApplied: false),
        Example(action: .status(429, retryAfterSeconds: 7), status: 429, isApplied: false),
        Example(action: .delay(milliseconds: 1, .before), status: 200, isApplied: true),
        Example(action: .delay(milliseconds: 1, .after), status: 200, isApplied: true),
        Example(action: .html200(applied: false), status: 200, contentType: html, isApplied: false),
        Example(action: .html200(applied: true), status: 200, contentType: html, isApplied: true),
        Example(action: .halfBody, status: 200, isApplied: true),
        Example(action: .errorInside200(detail: "No.", applied: false), status: 200, isApplied: false),
        Example(action: .malformedJSON(applied: true), status: 200, isApplied: true),
        Example(action: .malformedJSON(applied: false), status: 200, isApplied: false),
        Example(action: .outage(requests: 1), status: 503, contentType: html, isApplied: false),
    ]

    @Test(arguments: examples)
    func `a fault does what it says, once, and the log says what became of the request`(_ example: Example) async throws {
        try await withShop(orders: 1) { shop, probe in
            shop.addFault(FaultRule(method: "PATCH", kind: "order", times: 1, action: example.action))
            let answer = probe.patch("/api/order/100001/", #"{"state":"processing"}"#)
            #expect(answer.status == example.status)
            if example.status != nil { #expect(answer.headers["content-type"] == example.contentType) }
            if case .status(_, let retryAfter?) = example.action { #expect(answer.headers["retry-after"] == String(retryAfter)) }
            #expect(shop.order(100_001)?["state"] == (example.isApplied ? "processing" : "confirmed"))
            let entry = try #require(shop.requestLog.last)
            #expect(entry.effect == (example.isApplied ? .applied : .notApplied))
            #expect(entry.fault == example.action.name)
            #expect(entry.status == example.status)
            #expect(probe.patch("/api/order/100001/", #"{"state":"done"}"#).status == 200)
        }
    }

    @Test func `half a body comes with the whole length, and malformed JSON with its own`() async throws {
        try await withShop(orders: 1) { shop, probe in
            let whole = probe.get("/api/order/100001").body
            shop.addFault(FaultRule(times: 1, action: .halfBody))
            let half = probe.get("/api/order/100001")
            #expect(half.contentLength == whole.count)
            #expect(half.body == Array(whole.prefix(whole.count / 2)))
            shop.addFault(FaultRule(times: 1, action: .malformedJSON(applied: true)))
            let cut = probe.get("/api/order/100001")
            #expect(cut.contentLength == cut.body.count)
            #expect(cut.json == nil)
        }
    }

    @Test func `skip and times count matching requests only`() async throws {
        try await withShop(orders: 1) { shop, probe in
            shop.addFault(FaultRule(pathPrefix: "/api/order/1", skip: 1, times: 2, action: .status(500, retryAfterSeconds: nil)))
            var statuses: [Int?] = []
            for _ in 0..<4 {
                #expect(probe.get("/api/order/").status == 200)
                statuses.append(probe.get("/api/order/100001").status)
            }
            #expect(statuses == [200, 500, 500, 200])
        }
    }

    @Test func `a probability strikes the same requests for the same seed`() {
        func strikes(seed: UInt64) -> [Bool] {
            var plan = FaultPlan(seed: seed)
            plan.add(FaultRule(probability: 0.2, action: .applyThenDrop))
            return (0..<1000).map { _ in plan.strike(method: "GET", path: "/", kind: "order") != nil }
        }
        #expect(strikes(seed: 7) == strikes(seed: 7))
        #expect(strikes(seed: 7) != strikes(seed: 8))
        #expect((150...250).contains(strikes(seed: 7).count { $0 }))
    }

    @Test func `an outage strikes every request until it is cleared`() async throws {
        try await withShop(orders: 1) { shop, probe in
            shop.addFault(FaultRule(method: "PATCH", action: .outage(requests: nil)))
            #expect(probe.get("/api/order/100001").status == 200)
            #expect(probe.patch("/api/order/100001/", "{}").status == 503)
            #expect(probe.get("/api/order/100001").status == 503)
            shop.clearFaults()
            #expect(probe.get("/api/order/100001").status == 200)
        }
    }

    @Test func `tokens expire in the middle of a run`() async throws {
        try await withShop(orders: 1) { shop, probe in
            var probe = probe
            probe.headers = []
            let form = "grant_type=client_credentials&client_id=crossdock&client_secret=simulated-secret&scope=openid"
            let grant = probe.post(
                CloudSuiteSimulator.tokenPath, form, headers: [("Content-Type", "application/x-www-form-urlencoded")])
            probe.headers = [("Authorization", "Bearer \(grant.json?["access_token"]?.stringValue ?? "")")]
            shop.addFault(FaultRule(kind: "order", skip: 1, times: 1, action: .expireTokens))
            #expect(probe.get("/api/order/100001").status == 200)
            #expect(probe.get("/api/order/100001").status == 401)
        }
    }

    @Test func `a late effect comes when its time has come`() async throws {
        let clock = HandTurnedClock()
        try await withShop(orders: 1, { $0.clock = clock.simulatorClock }) { shop, probe in
            shop.addFault(FaultRule(method: "PATCH", times: 1, action: .lateEffect(milliseconds: 300)))
            #expect(probe.patch("/api/order/100001/", #"{"state":"processing"}"#).status == nil)
            clock.advance(milliseconds: 299)
            #expect(shop.order(100_001)?["state"] == "confirmed")
            #expect(shop.requestLog.last?.effect == .pending)
            clock.advance(milliseconds: 1)
            #expect(shop.order(100_001)?["state"] == "processing")
            #expect(shop.requestLog.last?.effect == .applied)
            #expect(shop.order(100_001)?["modified_date"] == "2025-06-02T12:00:00.300000")
        }
    }

    @Test func `the rate limit is a sliding window`() async throws {
        let clock = HandTurnedClock()
        try await withShop(
            orders: 1,
            {
                $0.clock = clock.simulatorClock
                $0.rateLimit = RateLimit(requests: 2, windowMilliseconds: 1000)
            }
        ) { shop, probe in
            #expect(probe.get("/api/order/100001").status == 200)
            clock.advance(milliseconds: 600)
            #expect(probe.get("/api/order/100001").status == 200)
            let refused = probe.get("/api/order/100001")
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "1")
            clock.advance(milliseconds: 400)
            #expect(probe.get("/api/order/100001").status == 200)
            #expect(probe.get("/api/order/100001").status == 429)
            #expect(shop.requestLog.last?.fault == "rate_limit")
        }
    }
}
