import Delivery
import Documents
import OrderFlow
import Posting
import TestSupport
import Testing
import Transport

/// Documents on their way to a server that does what its script says, over libcurl.
struct PostTests {
    static let document = OutgoingDocument(
        kind: .shipNotice, number: "ship.1@crossdock", bytes: Array("<cXML>\u{E9}</cXML>\n".utf8))

    private static func receive(
        _ rule: AnswerRule = AnswerRule(expects: .status), timeLimit: Duration = .seconds(60),
        authorizer: any Authorizer = FixedAuthorizer.none,
        timekeeper: any Timekeeper = StandingTimekeeper(), _ script: @escaping ScriptedServer.Script,
        _ check: (DeliveryAnswer, ScriptedServer) async throws -> Void
    ) async throws {
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        do {
            try await ScriptedServer.running(script) { server in
                let settings = Endpoint.Settings(
                    base: try BaseURL(server.url), call: CallMachine.Settings(backoff: Backoff(first: .milliseconds(1))))
                let endpoint = Endpoint(
                    settings, authorizer: authorizer,
                    surroundings: Endpoint.Surroundings(exchange: exchange, timekeeper: timekeeper))
                let post = DocumentPost(endpoint: endpoint, path: "/in/documents", query: "key=hush", rule: rule)
                try await check(await HTTPSTarget(post).deliver(document, timeLimit: timeLimit), server)
            }
        } catch {
            await exchange.shutdown()
            throw error
        }
        await exchange.shutdown()
    }

    @Test(arguments: DocumentKind.allCases)
    func `a document goes out as it was stored, with its own media type`(_ kind: DocumentKind) async throws {
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        try await ScriptedServer.running {
            $0.answerAll(200)
        } _: { server in
            let endpoint = Endpoint(
                Endpoint.Settings(base: try BaseURL(server.url)), surroundings: .standing(exchange))
            let post = DocumentPost(endpoint: endpoint, path: "/in", query: "shop=1&user=10", rule: AnswerRule(expects: .status))
            let bytes = (UInt8.min...UInt8.max).map(\.self)
            let document = OutgoingDocument(kind: kind, number: "1", bytes: bytes)
            #expect(await HTTPSTarget(post).deliver(document, timeLimit: .seconds(60)) == .sent)
            #expect(await HTTPSTarget(post).holds(document) == nil)
            let request = try #require(server.requests.first)
            #expect(server.requests.count == 1 && request.method == "POST" && request.target == "/in?shop=1&user=10")
            #expect(request.body == bytes && request.headers["Content-Type"] == kind.contentType)
        }
        await exchange.shutdown()
    }

    @Test(arguments: [
        (200, FailureClass?.none), (204, nil), (401, .unauthorized), (403, .unauthorized), (404, .misconfigured),
        (405, .misconfigured),
        (301, .misconfigured), (307, .misconfigured), (429, .throttled),
    ])
    func `a status that says it wasn't taken is not sent, and posted once`(_ status: Int, _ failureClass: FailureClass?)
        async throws
    {
        try await Self.receive {
            $0.answerAll(status, ["Location: /elsewhere"])
        } _: { answer, server in
            #expect(answer.failure?.failureClass == failureClass)
            #expect((answer == .sent) == (failureClass == nil))
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [408, 425, 500, 502, 503, 504])
    func `an answer that says nothing leaves it unknown, and posted once`(_ status: Int) async throws {
        try await Self.receive {
            $0.answerAll(status, ["Retry-After: 1"])
        } _: { answer, server in
            #expect(answer.isUnknown)
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [400, 406, 409, 413, 422])
    func `a refusal is the receiver's verdict, told without its words`(_ status: Int) async throws {
        try await Self.receive { connection in
            connection.readRequest()
            connection.answer(status, body: Array("{\"detail\": \"Jansen moved\"}".utf8))
        } _: { answer, server in
            guard case .refused(let text) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(text.contains("POST /in/documents") && text.contains("\(status)"))
            #expect(!text.contains("Jansen") && !text.contains("hush"))
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [(200, true), (406, false)])
    func `a cXML Response decides where one is expected`(_ code: Int, _ isTaken: Bool) async throws {
        try await Self.receive(AnswerRule(expects: .cxml)) { connection in
            connection.readRequest()
            let response = "<?xml version='1.0'?><cXML><Response><Status code='\(code)' text='OK'/></Response></cXML>"
            connection.answer(200, ["Content-Type: text/xml"], body: Array(response.utf8))
        } _: { answer, _ in
            #expect((answer == .acknowledged) == isTaken)
            if !isTaken, case .refused = answer {} else { #expect(isTaken) }
        }
    }

    @Test func `a receiver that has it since an earlier try acknowledges it`() async throws {
        let rule = try AnswerRule(expects: .status, alreadyKnown: "^409 .*already known")
        try await Self.receive(rule) { connection in
            connection.readRequest()
            connection.answer(409, body: Array("PS-1 is already known".utf8))
        } _: { answer, _ in
            #expect(answer == .alreadyKnown)
        }
    }

    /// How a connection ends without a whole answer.
    enum Ending: CaseIterable, Sendable {
        case closedAfterReading, resetAfterReading, closedAfterHead, closedWithinTheAnswer, closedWithinTheBody, nonsense

        @Sendable func perform(_ connection: ServerConnection) {
            if self == .closedAfterHead {
                if let head = connection.readHead() { connection.recordHead(head) }
                return
            }
            connection.readRequest()
            switch self {
            case .resetAfterReading: connection.reset()
            case .closedWithinTheAnswer: connection.write("HTTP/1.1 200 O")
            case .closedWithinTheBody: connection.write("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n<cXML><Resp")
            case .nonsense: connection.write("220 mail.example.com ESMTP\r\n")
            case .closedAfterReading, .closedAfterHead: break
            }
        }
    }

    @Test(arguments: Ending.allCases, AnswerRule.Expectation.allCases)
    func `a connection that is cut leaves it unknown, and it was begun once`(
        _ ending: Ending, _ expects: AnswerRule.Expectation
    ) async throws {
        try await Self.receive(AnswerRule(expects: expects)) {
            ending.perform($0)
        } _: { answer, server in
            #expect(answer.isUnknown, "\(answer)")
            #expect(server.requests.count == 1)
        }
    }

    @Test func `a kept connection that dies under the second document doesn't make it two`() async throws {
        // Where other tests keep all cores busy, minutes may pass until this one goes on: after 60 s the connection was too old.
        let exchange = try CurlExchange(configuration: .init(idleSecondsMaxForWrites: 3600, proxy: ""))
        try await ScriptedServer.running { connection in
            if connection.number > 1 { return connection.answerAll(200) }
            connection.readRequest()
            connection.answer()
            connection.readRequest()
        } _: { server in
            let endpoint = Endpoint(
                Endpoint.Settings(base: try BaseURL(server.url)), surroundings: .standing(exchange))
            let target = HTTPSTarget(DocumentPost(endpoint: endpoint, path: "/", rule: AnswerRule(expects: .status)))
            #expect(await target.deliver(Self.document, timeLimit: .seconds(60)) == .sent)
            let second = await target.deliver(Self.document, timeLimit: .seconds(60))
            #expect(second.isUnknown)
            #expect(server.requests.count == 2)
        }
        await exchange.shutdown()
    }

    @Test func `a receiver that doesn't answer in time leaves it unknown`() async throws {
        try await Self.receive(timeLimit: .seconds(3)) { connection in
            connection.readRequest()
            connection.waitUntilInterrupted()
        } _: { answer, server in
            #expect(answer.isUnknown)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `a receiver that isn't there was sent nothing`() async throws {
        let port = try ClosedPort()
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        let settings = Endpoint.Settings(
            base: try BaseURL("http://127.0.0.1:\(port.number)"),
            call: CallMachine.Settings(backoff: Backoff(first: .milliseconds(1))))
        let endpoint = Endpoint(settings, surroundings: .standing(exchange))
        let target = HTTPSTarget(DocumentPost(endpoint: endpoint, path: "/", rule: AnswerRule(expects: .cxml)))
        let answer = await target.deliver(Self.document, timeLimit: .seconds(60))
        await exchange.shutdown()
        #expect(answer.failure?.failureClass == .outage)
    }

    @Test func `a path that can't be sent is a fault of the settings`() async throws {
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL("http://127.0.0.1:9")), surroundings: .standing(exchange))
        let target = HTTPSTarget(DocumentPost(endpoint: endpoint, path: "/a b", rule: AnswerRule(expects: .cxml)))
        let answer = await target.deliver(Self.document, timeLimit: .seconds(60))
        await exchange.shutdown()
        #expect(answer.failure?.failureClass == .misconfigured)
    }

    @Test func `a wait that a receiver asks for is told`() async throws {
        try await Self.receive {
            $0.answerAll(429, ["Retry-After: 3600"])
        } _: { answer, _ in
            #expect(answer.failure?.retryAfter == .seconds(3600))
        }
        try await Self.receive(AnswerRule(expects: .cxml)) { connection in
            connection.readRequest()
            let response = "<?xml version='1.0'?><cXML><Response><Status code='500' text='busy'/></Response></cXML>"
            connection.answer(200, ["Retry-After: 7"], body: Array(response.utf8))
        } _: { answer, _ in
            #expect(answer.failure?.failureClass == .transient && answer.failure?.retryAfter == .seconds(7))
        }
    }

    @Test func `credentials that are refused are not taken, whatever the answer holds`() async throws {
        let authorizer = FixedAuthorizer.header("X-Api-Key", "hush-hush")
        try await Self.receive(AnswerRule(expects: .cxml), authorizer: authorizer) {
            $0.answerAll(401)
        } _: { answer, server in
            #expect(answer.failure?.failureClass == .unauthorized)
            #expect(!"\(answer)".contains("hush"))
            #expect(server.requests.count == 1)
        }
    }
}

/// Shows one instant for ever, so that no call begins too late, however slow the machine is; its waits are real.
struct StandingTimekeeper: Timekeeper {
    let millisecondsSince1970 = SystemTimekeeper().millisecondsSince1970

    func sleep(milliseconds: Int64) async throws { try await SystemTimekeeper().sleep(milliseconds: milliseconds) }
}

extension Endpoint.Surroundings {
    static func standing(_ exchange: any HTTPExchange) -> Self { Self(exchange: exchange, timekeeper: StandingTimekeeper()) }
}

extension DeliveryAnswer {
    var failure: DeliveryFailure? { if case .notSent(let failure) = self { failure } else { nil } }
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
