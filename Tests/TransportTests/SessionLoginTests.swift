import TestSupport
import Testing
import Transport

/// A session: one log-in for all calls, another one after a 401, and the password in no message.
@Suite struct SessionLoginTests {
    let timekeeper = VirtualTimekeeper()

    private func endpoint(_ exchange: any HTTPExchange, _ authorizer: any Authorizer = FixedAuthorizer.none) throws -> Endpoint {
        let surroundings = Endpoint.Surroundings(exchange: exchange, timekeeper: timekeeper, random: LargestRandomSource())
        return Endpoint(.init(base: try BaseURL("https://b1.example/b1s/v1")), authorizer: authorizer, surroundings: surroundings)
    }

    private func login(_ exchange: any HTTPExchange) throws -> SessionLogin {
        SessionLogin(
            remote: try endpoint(exchange),
            login: SessionLogin.Login(path: "/Login", body: Array(#"{"Password":"hush"}"#.utf8)), timekeeper: timekeeper)
    }

    private static func session(_ number: Int) -> ScriptedExchange.Answer {
        .status(
            200,
            HTTPHeaders([
                .init("Set-Cookie", "B1SESSION=s\(number);HttpOnly;SameSite=None"),
                .init("Set-Cookie", "ROUTEID=.node1; path=/b1s"),
            ]))
    }

    @Test func `many calls at once log in once, and send its cookies`() async throws {
        let logins = ScriptedExchange { _, number in
            for _ in 1...50 { await Task.yield() }
            return Self.session(number)
        }
        let calls = ScriptedExchange([.status(200)])
        let endpoint = try endpoint(calls, try login(logins))
        try await withThrowingTaskGroup { group in
            for _ in 1...20 { group.addTask { _ = try await endpoint.send(EndpointCall(.get, "Orders")) } }
            try await group.waitForAll()
        }
        #expect(logins.requests.map(\.url) == ["https://b1.example/b1s/v1/Login"])
        #expect(calls.requests.count == 20)
        #expect(calls.requests.allSatisfy { $0.headers["Cookie"] == "B1SESSION=s1; ROUTEID=.node1" })
    }

    @Test func `after a 401 one more log-in is made and the call sent once more`() async throws {
        let logins = ScriptedExchange { _, number in Self.session(number) }
        let calls = ScriptedExchange { request, _ in
            .status(request.headers["Cookie"]?.hasPrefix("B1SESSION=s2") == true ? 201 : 401)
        }
        #expect(try await endpoint(calls, try login(logins)).send(EndpointCall(.post, "Orders")).status == 201)
        #expect(logins.requests.count == 2 && calls.requests.count == 2)
    }

    @Test(arguments: [401, 403, 400, 500, 200])
    func `a log-in that brings no session is told without the password, and the call isn't sent`(_ status: Int) async throws {
        let calls = ScriptedExchange([.status(200)])
        let endpoint = try endpoint(calls, try login(ScriptedExchange([.status(status, body: "hush")])))
        let error = await thrown { () async throws(EndpointError) in try await endpoint.send(EndpointCall(.post, "Orders")) }
        #expect(error?.effect == .notSent && calls.requests.isEmpty)
        #expect(error?.kind == ([200, 500].contains(status) ? .authorizationFailed : .unauthorized(status: status)))
        #expect(error?.message.contains("hush") == false)
    }

    @Test func `a key in the query is added to every call, and stands in no message`() async throws {
        let calls = ScriptedExchange([.status(200), .status(200), .status(401)])
        let endpoint = try endpoint(calls, FixedAuthorizer.query("api_key", "hu&sh"))
        _ = try await endpoint.send(EndpointCall(.get, "Orders"))
        _ = try await endpoint.send(EndpointCall(.get, "Orders", query: "a=b"))
        let error = await thrown { () async throws(EndpointError) in try await endpoint.send(EndpointCall(.get, "Orders")) }
        #expect(
            calls.requests.prefix(2).map(\.url) == [
                "https://b1.example/b1s/v1/Orders?api_key=hu%26sh", "https://b1.example/b1s/v1/Orders?a=b&api_key=hu%26sh",
            ])
        #expect(error?.kind == .unauthorized(status: 401) && error?.message.contains("sh") == false)
    }
}
