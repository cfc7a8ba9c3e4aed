internal import Orders
internal import Simulators
internal import Testing

struct TokenTests {
    private static let form = "grant_type=client_credentials&client_id=crossdock&client_secret=simulated-secret&scope=openid"
    private static let formType = [("Content-Type", "application/x-www-form-urlencoded")]

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let headers: [(String, String)]
        let status: Int
        let error: String

        init(_ name: String, _ body: String, _ status: Int, _ error: String, headers: [(String, String)] = TokenTests.formType) {
            testDescription = name
            self.body = body
            self.headers = headers
            self.status = status
            self.error = error
        }
    }

    private static let refusals = [
        Refusal("wrong secret", form.replacing("simulated-secret", with: "x"), 401, "invalid_client"),
        Refusal("unknown client", form.replacing("crossdock", with: "x"), 401, "invalid_client"),
        Refusal("no scope", form.replacing("&scope=openid", with: ""), 400, "invalid_scope"),
        Refusal("another grant", form.replacing("client_credentials", with: "password"), 400, "unsupported_grant_type"),
        Refusal("a Basic header", form, 401, "invalid_client", headers: formType + [("Authorization", "Basic eDp5")]),
        Refusal("a JSON body", "{}", 400, "invalid_request", headers: []),
    ]

    @Test(arguments: refusals)
    func `a token is given for credentials in a form and nothing else`(_ refusal: Refusal) async throws {
        try await withShop { _, probe in
            var probe = probe
            probe.headers = []
            let answer = probe.post(CloudSuiteSimulator.tokenPath, refusal.body, headers: refusal.headers)
            #expect(answer.status == refusal.status)
            #expect(answer.json?["error"]?.stringValue == refusal.error)
        }
    }

    @Test func `a bearer token works until it expires`() async throws {
        let clock = HandTurnedClock()
        try await withShop(orders: 1) {
            $0.clock = clock.simulatorClock
            $0.tokenLifetimeSeconds = 60
        } _: { shop, probe in
            var probe = probe
            probe.headers = []
            let grant = probe.post(CloudSuiteSimulator.tokenPath, Self.form, headers: Self.formType)
            #expect(grant.status == 200)
            #expect(grant.json?["expires_in"] == 60)
            #expect(grant.json?["token_type"] == "Bearer")
            let token = try #require(grant.json?["access_token"]?.stringValue)
            probe.headers = [("Authorization", "Bearer \(token)")]
            #expect(probe.get("/api/order/100001").status == 200)
            clock.advance(milliseconds: 60_000)
            let refused = probe.get("/api/order/100001")
            #expect(refused.status == 401)
            #expect(refused.json?["detail"]?.stringValue?.isEmpty == false)
            #expect(shop.requestCounts == ["POST token": 1, "GET order": 2])
        }
    }

    @Test(arguments: [nil, "Bearer nonsense", "Token wrong", "Basic eDp5"])
    func `a request without good credentials gets 401`(_ credentials: String?) async throws {
        try await withShop(orders: 1) { shop, probe in
            var probe = probe
            probe.headers = credentials.map { [("Authorization", $0)] } ?? []
            #expect(probe.get("/api/order/?state=confirmed").status == 401)
            #expect(probe.patch("/api/order/100001/", #"{"state":"done"}"#).status == 401)
            #expect(shop.writes == 0)
        }
    }

    @Test func `every answer has the simulator's own date`() async throws {
        let clock = HandTurnedClock()
        try await withShop({ $0.clock = clock.simulatorClock }) { _, probe in
            #expect(probe.get("/api/order/").headers["date"] == "Mon, 02 Jun 2025 10:00:00 GMT")
            clock.advance(milliseconds: 61_000)
            #expect(probe.get("/nowhere").headers["date"] == "Mon, 02 Jun 2025 10:01:01 GMT")
        }
    }
}
