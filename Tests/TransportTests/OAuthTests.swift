import Synchronization
import TestSupport
import Testing
import Transport

/// OAuth 2 client credentials: one token for all, renewed in time, and never shown to another origin.
@Suite struct OAuthTests {
    let timekeeper = VirtualTimekeeper()
    static let client = OAuth2ClientCredentials.Client(identifier: "id", secret: "s&cret", scope: "orders")

    private func authorizer(_ tokens: any HTTPExchange, url: String = "https://login.example/oauth/token") throws
        -> OAuth2ClientCredentials
    {
        let surroundings = Endpoint.Surroundings(exchange: tokens, timekeeper: timekeeper, random: LargestRandomSource())
        let endpoint = Endpoint(.init(base: try BaseURL(url)), surroundings: surroundings)
        return OAuth2ClientCredentials(tokens: endpoint, client: Self.client, timekeeper: timekeeper)
    }

    private func api(_ exchange: any HTTPExchange, _ authorizer: any Authorizer, url: String = "https://shop.example") throws
        -> Endpoint
    {
        let surroundings = Endpoint.Surroundings(exchange: exchange, timekeeper: timekeeper, random: LargestRandomSource())
        return Endpoint(.init(base: try BaseURL(url)), authorizer: authorizer, surroundings: surroundings)
    }

    private static func token(_ number: Int, expiresIn: String = "3600") -> ScriptedExchange.Answer {
        .status(200, body: "{\"access_token\":\"t\(number)\",\"token_type\":\"Bearer\",\"expires_in\":\(expiresIn)}")
    }

    @Test func `many calls at once make one request for a token`() async throws {
        let tokens = ScriptedExchange { _, number in
            for _ in 1...50 { await Task.yield() }
            return Self.token(number)
        }
        let authorizer = try authorizer(tokens)
        let exchange = ScriptedExchange([.status(200)])
        let endpoint = try api(exchange, authorizer)
        try await withThrowingTaskGroup { group in
            for _ in 1...50 { group.addTask { _ = try await endpoint.send(EndpointCall(.get, "x")) } }
            try await group.waitForAll()
        }
        #expect(tokens.requests.count == 1)
        #expect(exchange.requests.count == 50)
        #expect(exchange.requests.allSatisfy { $0.headers["Authorization"] == "Bearer t1" })
        let request = try #require(tokens.requests.first)
        #expect(request.url == "https://login.example/oauth/token")
        #expect(
            String(decoding: request.body ?? [], as: UTF8.self)
                == "grant_type=client_credentials&client_id=id&client_secret=s%26cret&scope=orders")
        #expect(!request.headers.contains("Authorization"))
    }

    @Test(arguments: ["3600", "\"3600\"", "3600.0"])
    func `a token is renewed before it ends`(_ expiresIn: String) async throws {
        let tokens = ScriptedExchange { _, number in Self.token(number, expiresIn: expiresIn) }
        let authorizer = try authorizer(tokens)
        _ = try await authorizer.authorize()
        timekeeper.advance(2_879_999)
        #expect(try await authorizer.authorize().generation == 1)
        timekeeper.advance(1)
        #expect(try await authorizer.authorize().fields == [.init("Authorization", "Bearer t2")])
        #expect(tokens.requests.count == 2)
    }

    @Test(arguments: [HTTPMethod.get, .post])
    func `after a 401 the token is renewed once and the call repeated once`(_ method: HTTPMethod) async throws {
        let tokens = ScriptedExchange { _, number in Self.token(number) }
        let exchange = ScriptedExchange { request, _ in .status(request.headers["Authorization"] == "Bearer t2" ? 201 : 401) }
        let endpoint = try api(exchange, try authorizer(tokens))
        #expect(try await endpoint.send(EndpointCall(method, "x")).status == 201)
        #expect(tokens.requests.count == 2)
        #expect(exchange.requests.count == 2)
    }

    @Test func `a second 401 is unauthorized and not applied`() async throws {
        let tokens = ScriptedExchange { _, number in Self.token(number) }
        let exchange = ScriptedExchange([.status(401)])
        let endpoint = try api(exchange, try authorizer(tokens))
        let error = await thrown { () async throws(EndpointError) in try await endpoint.send(EndpointCall(.post, "x")) }
        #expect(error?.kind == .unauthorized(status: 401))
        #expect(error?.effect == .notApplied)
        #expect(exchange.requests.count == 2)
        #expect(tokens.requests.count == 2)
    }

    @Test func `many calls refused with one old token renew it once`() async throws {
        let tokens = ScriptedExchange { _, number in Self.token(number) }
        let exchange = ScriptedExchange { request, _ in .status(request.headers["Authorization"] == "Bearer t1" ? 401 : 200) }
        let endpoint = try api(exchange, try authorizer(tokens))
        try await withThrowingTaskGroup { group in
            for _ in 1...20 { group.addTask { _ = try await endpoint.send(EndpointCall(.get, "x")) } }
            try await group.waitForAll()
        }
        #expect(tokens.requests.count == 2)
    }

    @Test func `refused client credentials name the host and the code, never the secret`() async throws {
        let tokens = ScriptedExchange([.status(401, body: "{\"error\":\"invalid_client\",\"error_description\":\"s&cret\"}")])
        let exchange = ScriptedExchange([.status(200)])
        let endpoint = try api(exchange, try authorizer(tokens))
        let error = try #require(
            await thrown { () async throws(EndpointError) in try await endpoint.send(EndpointCall(.post, "x")) })
        #expect(error.kind == .unauthorized(status: 401))
        #expect(error.effect == .notSent)
        #expect(error.message.contains("login.example"))
        #expect(error.message.contains("invalid_client"))
        #expect(!error.message.contains("cret"))
        #expect(exchange.requests.isEmpty)
    }

    @Test(arguments: ["{\"access_token\":\"\"}", "{\"access_token\":\"a\\r\\nX: 1\"}", "{}", "<html>", "{\"error\":\"s&cret\"}"])
    func `an answer without a usable token is told as such`(_ body: String) async throws {
        let authorizer = try authorizer(ScriptedExchange([.status(200, body: body)]))
        let error = await thrown { () async throws(EndpointError) in try await authorizer.authorize() }
        #expect(error?.kind == .authorizationFailed)
        #expect(error?.message.contains("cret") == false)
    }

    @Test func `those who waited for a request that failed share its failure`() async throws {
        let hold = TurnGate()
        try await hold.enter()
        let tokens = ScriptedExchange { _, _ in
            try? await hold.enter()
            hold.leave()
            return .status(400, body: "{\"error\":\"invalid_client\"}")
        }
        let authorizer = try authorizer(tokens)
        let tasks = (1...10).map { _ in
            Task { await thrown { () async throws(EndpointError) in try await authorizer.authorize() } }
        }
        while tokens.requests.isEmpty { await Task.yield() }
        for _ in 1...1000 { await Task.yield() }
        hold.leave()
        for task in tasks { #expect(await task.value?.kind == .unauthorized(status: 400)) }
        #expect(tokens.requests.count < 10)
    }

    @Test func `over real sockets no credential goes where a redirect or a next link points`() async throws {
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { other in
            try await ScriptedServer.running { connection in
                while let request = connection.readRequest() {
                    if request.target.hasPrefix("/token") {
                        connection.answer(200, [], body: Array("{\"access_token\":\"t1\"}".utf8))
                    } else {
                        connection.answer(307, ["Location: \(other.url)/stolen"])
                    }
                }
            } _: { server in
                let endpoint = try api(exchange, try authorizer(exchange, url: "\(server.url)/token"), url: server.url)
                let call = EndpointCall(.get, "order/")
                #expect(try await endpoint.send(call).status == 307)
                let next = try #require(call.following(next: "\(other.url)/order/?page=2"))
                #expect(try await endpoint.send(next).status == 307)
                #expect(other.connectionCount == 0)
                #expect(server.requests.map(\.target) == ["/token", "/order/", "/order/?page=2"])
                #expect(server.requests.map { $0.headers["Authorization"] } == [nil, "Bearer t1", "Bearer t1"])
            }
        }
    }
}
