import Glibc
import Orders
import Simulators
import TestSupport
import Testing
import Transport

/// `crossdock simulate`, as somebody starts it to try something out.
struct SimulateTests {
    /// Starts a simulator, hands its first line and a client to `body`, and has it end.
    private static func running(_ arguments: [String], _ body: (JSONValue, CurlExchange) async throws -> Void) async throws {
        let program = try ChildProgram("crossdock", ["simulate"] + arguments)
        try await Waiting.until { program.output.contains("\n") || !program.isRunning }
        let line = try JSONValue(parsing: program.output)
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        do { try await body(line, exchange) } catch {
            await exchange.shutdown()
            throw error
        }
        await exchange.shutdown()
        program.send(SIGTERM)
        #expect(try await program.waitForEnd().status == 0)
    }

    @Test func `a trading partner stands where it says, and looks at what comes`() async throws {
        try await Self.running(["partner", "--status", "406"]) { line, exchange in
            let url = try #require(line["url"]?.stringValue)
            #expect(line["shared_secret"] == "simulated-secret")
            let request = HTTPRequest(
                method: .post, url: url, headers: ["Content-Type": "text/xml"], body: Array("<cXML/>".utf8))
            let answer = try await exchange.perform(request)
            #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("<Status code=\"406\""))
        }
    }

    @Test func `a shop behaves as its options say, and its faults are those that the help names`() async throws {
        let help = try await ChildProgram.run("crossdock", ["simulate", "--help"]).output
        let actions: [FaultAction] = [
            .dropBeforeApplying, .applyThenDrop, .applyThenStatus(502), .status(429, retryAfterSeconds: 2),
            .delay(milliseconds: 1, .before), .html200(applied: false), .halfBody, .errorInside200(detail: "", applied: false),
            .malformedJSON(applied: false), .expireTokens, .outage(requests: nil), .lateEffect(milliseconds: 1),
            .lookupLag(milliseconds: 1),
        ]
        for action in actions { #expect(help.contains(action.name), "\(action)") }
        let options = [
            "--orders", "3", "--legacy-token", "old", "--next-host", "elsewhere.example", "--requests-per-second", "2",
        ]
        try await Self.running(["cloudsuite"] + options) { line, exchange in
            let url = try #require(line["url"]?.stringValue)
            let request = HTTPRequest(url: url + "/api/order/?limit=2", headers: ["Authorization": "Token old"])
            let page = try JSONValue(parsing: try await exchange.perform(request).body)
            #expect(page["next"]?.stringValue?.hasPrefix("http://elsewhere.example/") ?? false, "\(page)")
            var statuses: [Int] = []
            for _ in 1...5 { statuses.append(try await exchange.perform(request).status) }
            #expect(statuses.contains(429), "\(statuses)")
        }
    }

    @Test func `a shop shows the deliveries it took`() async throws {
        try await Self.running(["cloudsuite", "--shipment-state", "complete"]) { line, exchange in
            let url = try #require(line["url"]?.stringValue)
            let answer = try await exchange.perform(HTTPRequest(url: url + "/_simulator/deliveries"))
            #expect(try JSONValue(parsing: answer.body) == ["deliveries": []])
        }
    }

    @Test func `Khumbu tells by webhook what its POS made of an order`() async throws {
        try await ScriptedServer.running({ $0.answerAll() }) { listener in
            let arguments = [
                "khumbu", "--webhook", listener.url + "/hook", "--webhook-header", "X-Secret: s", "--pos-delay", "0ms",
            ]
            try await Self.running(arguments) { line, exchange in
                try await Self.order(line, exchange)
                await listener.waitForRequests(1)
                let webhook = try #require(listener.requests.first)
                #expect(webhook.method == "POST" && webhook.target == "/hook" && webhook.headers["X-Secret"] == "s")
                let body = try JSONValue(parsing: webhook.body)
                #expect(body["orderStatus"] == "FAILURE" && body["error"]?["reason"]?.stringValue?.contains("9||9||9") == true)
            }
        }
    }

    /// Posts an order of something that isn't on the menu.
    private static func order(_ line: JSONValue, _ exchange: CurlExchange) async throws {
        func text(_ name: String) throws -> String { try #require(line[name]?.stringValue) }
        let form = PercentEncoding.query([
            ("grant_type", "client_credentials"), ("client_id", try text("client_id")),
            ("client_secret", try text("client_secret")), ("scope", "access/all"),
        ])
        let token = try await exchange.perform(
            HTTPRequest(
                method: .post, url: try text("token_url"), headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array(form.utf8)))
        let bearer = try #require(try JSONValue(parsing: token.body)["access_token"]?.stringValue)
        let order = """
            {"providerOrderId": "1", "marketName": "plkpl", "storeInformation": {"providerStoreId": "S-1"},
            "orderNotificationType": "CREATE", "createdTimestamp": "2026-11-21 10:00:00.000000",
            "updatedTimestamp": "2026-11-21 10:00:00.000000", "customerInformation": {}, "payments": {"subTotal": 1, "tax": 0,
            "total": 1, "paymentMethod": "CARD", "currencyCode": "EUR"}, "serviceMode": {"fulfillmentMode": "PICK_UP"},
            "orderItems": [{"id": "9||9||9", "type": "ITEM", "name": "a", "price": 1, "quantity": 1}]}
            """
        let path = "/providers/\(try text("provider"))/partners/\(try text("partner"))/markets/\(try text("market"))"
        let answer = try await exchange.perform(
            HTTPRequest(
                method: .post, url: try text("url") + path + "/orders/notification",
                headers: [
                    "Authorization": "Bearer \(bearer)", "x-api-key": try text("api_key"), "Content-Type": "application/json",
                ], body: Array(order.utf8)))
        #expect(answer.status == 200)
    }

    @Test(arguments: [
        ["khumbu", "--error-shape", "round"], ["khumbu", "--webhook", "nowhere"], ["partner", "--status", "99"],
        ["partner", "--repeated", "never"], ["cloudsuite", "--shipment-state", "sometimes"],
    ])
    func `a setting that there isn't is a matter of usage`(_ arguments: [String]) async throws {
        let ending = try await ChildProgram.run("crossdock", ["simulate"] + arguments)
        #expect(ending.status == 2 && ending.output.isEmpty, "\(ending.errors)")
    }
}
