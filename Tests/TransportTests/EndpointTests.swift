import Synchronization
import Testing
import Transport

/// An endpoint over a scripted exchange and a clock that jumps.
@Suite struct EndpointTests {
    let timekeeper = VirtualTimekeeper()
    let store = InMemoryEndpointStateStore()

    private func endpoint(
        _ exchange: ScriptedExchange, rateLimit: Endpoint.RateLimit? = nil, attemptsMax: Int = 4,
        authorizer: any Authorizer = FixedAuthorizer.none, name: String? = nil
    ) throws -> Endpoint {
        let settings = Endpoint.Settings(
            base: try BaseURL("https://shop.example/api"), name: name, rateLimit: rateLimit,
            call: .init(attemptsMax: attemptsMax),
            circuit: .init(failuresToOpen: 5))
        let surroundings = Endpoint.Surroundings(
            exchange: exchange, store: store, timekeeper: timekeeper, random: LargestRandomSource())
        return Endpoint(settings, authorizer: authorizer, surroundings: surroundings)
    }

    private func failure(_ endpoint: Endpoint, _ call: EndpointCall) async -> EndpointError? {
        await thrown { () async throws(EndpointError) in try await endpoint.send(call) }
    }

    @Test func `a call carries base, query, accept, headers and credentials`() async throws {
        let exchange = ScriptedExchange([.status(200)])
        let endpoint = try endpoint(exchange, authorizer: FixedAuthorizer.token("secret"))
        _ = try await endpoint.send(
            EndpointCall(.post, "order/", query: "a=1", accepts: "application/json", headers: ["X-A": "1"], body: [0x61]))
        let request = try #require(exchange.requests.first)
        #expect(request.url == "https://shop.example/api/order/?a=1")
        #expect(request.headers == ["X-A": "1", "Accept": "application/json", "Authorization": "Token secret"])
        #expect(request.body == [0x61])
        #expect(!request.isRepeatable)
    }

    @Test(arguments: [
        (FixedAuthorizer.bearer("s"), HTTPHeaders.Field("Authorization", "Bearer s")),
        (.basic(user: "Ü", password: "p:w"), .init("Authorization", "Basic w5w6cDp3")),
        (.header("X-API-Key", "k"), .init("X-API-Key", "k")),
    ])
    func `fixed credentials are spelled as their schemes ask`(_ authorizer: FixedAuthorizer, _ field: HTTPHeaders.Field) {
        #expect(authorizer.authorize().fields == [field])
    }

    @Test func `401 to a call without credentials is an answer, to one with them an error`() async throws {
        let exchange = ScriptedExchange([.status(401)])
        #expect(try await endpoint(exchange).send(EndpointCall(.get, "x")).status == 401)
        let error = await failure(try endpoint(exchange, authorizer: FixedAuthorizer.token("t")), EndpointCall(.post, "x"))
        #expect(error?.kind == .unauthorized(status: 401))
        #expect(error?.effect == .notApplied)
        #expect(exchange.requests.count == 2)
    }

    @Test func `refused credentials are told with whose they are`() async throws {
        let endpoint = try endpoint(
            ScriptedExchange([.status(401)]), authorizer: FixedAuthorizer.token("t"), name: "sink 'erp'")
        let error = await failure(endpoint, EndpointCall(.get, "x"))
        #expect(
            error?.message.hasSuffix("were refused with status 401; they are those of sink 'erp'") ?? false, "\(error as Any)")
    }

    @Test func `of two remotes with one origin, one that fails isn't the other's outage, in the next process either`()
        async throws
    {
        let down = try endpoint(ScriptedExchange([.status(503)]), attemptsMax: 1, name: "shop 'a'")
        let up = try endpoint(ScriptedExchange([.status(200)]), attemptsMax: 1, name: "shop 'b'")
        for _ in 1...5 { _ = try await down.send(EndpointCall(.get, "x")) }
        #expect(try await up.send(EndpointCall(.get, "x")).status == 200)
        await up.close()
        let next = try endpoint(ScriptedExchange([.status(200)]), name: "shop 'a'")
        guard case .circuitOpen? = await failure(next, EndpointCall(.get, "x"))?.kind else {
            Issue.record("what the first one knew was written over")
            return
        }
        #expect(
            try await endpoint(ScriptedExchange([.status(200)]), name: "shop 'b'").send(EndpointCall(.get, "x")).status == 200)
    }

    @Test func `a read is retried with backoff until it is answered`() async throws {
        let exchange = ScriptedExchange([.failed(.connectionLost, .unknown), .status(503), .status(200)])
        let endpoint = try endpoint(exchange)
        #expect(try await endpoint.send(EndpointCall(.get, "x")).status == 200)
        #expect(timekeeper.sleeps == [200, 400])
        #expect(endpoint.counters.snapshot.requestsSent == 3)
        #expect(endpoint.counters.snapshot.retries == 2)
    }

    @Test func `a write is never sent again after it may have been seen`() async throws {
        for answer in [ScriptedExchange.Answer.failed(.connectionLost, .unknown), .failed(.stalled, .unknown)] {
            let exchange = ScriptedExchange([answer, .status(200)])
            let error = await failure(try endpoint(exchange), EndpointCall(.post, "x"))
            #expect(error?.effect == .unknown)
            #expect(exchange.requests.count == 1)
        }
        let exchange = ScriptedExchange([.status(503, ["Retry-After": "1"]), .status(200)])
        #expect(try await endpoint(exchange).send(EndpointCall(.post, "x")).status == 503)
        #expect(exchange.requests.count == 1)
    }

    @Test func `a write that was not sent is sent again`() async throws {
        let exchange = ScriptedExchange([.failed(.connectionFailed, .notSent), .status(201)])
        #expect(try await endpoint(exchange).send(EndpointCall(.post, "x")).status == 201)
    }

    @Test func `retries end when the budget is spent`() async throws {
        let exchange = ScriptedExchange([.status(429)])
        let endpoint = try endpoint(exchange)
        for _ in 1...20 { #expect(await failure(endpoint, EndpointCall(.get, "x"))?.effect == .notApplied) }
        // Ten to begin with, and a tenth for each call.
        #expect(exchange.requests.count == 20 + 11)
    }

    @Test func `outages open the circuit, which refuses without sending, and is remembered`() async throws {
        let isDown = Mutex(true)
        let exchange = ScriptedExchange { _, _ in isDown.withLock { $0 } ? .failed(.connectionFailed, .notSent) : .status(200) }
        let endpoint = try endpoint(exchange, attemptsMax: 1)
        for _ in 1...5 { #expect(await failure(endpoint, EndpointCall(.get, "x"))?.kind == .transport(.connectionFailed)) }
        let refusal = try #require(await failure(endpoint, EndpointCall(.get, "x")))
        guard case .circuitOpen(let until) = refusal.kind else {
            Issue.record("\(refusal)")
            return
        }
        #expect(refusal.effect == .notSent)
        #expect(until == timekeeper.millisecondsSince1970 + 2500)
        #expect(exchange.requests.count == 5)
        #expect(endpoint.counters.snapshot.circuitRefusals == 1)
        // The next process.
        let next = try self.endpoint(exchange, attemptsMax: 1)
        #expect(await failure(next, EndpointCall(.get, "x"))?.kind == .circuitOpen(untilMilliseconds: until))
        timekeeper.advance(2500)
        isDown.withLock { $0 = false }
        #expect(try await next.send(EndpointCall(.get, "x")).status == 200)
        #expect(store.load(origin: "https://shop.example")?.circuit.state == .closed(failures: 0))
    }

    @Test func `a remote that asks to be left alone for long is, by the next process too, and no longer`() async throws {
        let exchange = ScriptedExchange([.status(429, ["Retry-After": "7200"]), .status(200)])
        let endpoint = try endpoint(exchange)
        #expect(await failure(endpoint, EndpointCall(.get, "x"))?.kind == .throttled(retryAfterMilliseconds: 7_200_000))
        let refusal = try #require(await failure(endpoint, EndpointCall(.post, "x")))
        #expect(refusal.kind == .throttled(retryAfterMilliseconds: 7_200_000) && refusal.effect == .notSent)
        #expect(refusal.message.hasSuffix("https://shop.example asked to be left alone for another 7200 s"))
        let next = try self.endpoint(exchange)
        timekeeper.advance(7_199_000)
        #expect(await failure(next, EndpointCall(.get, "x"))?.kind == .throttled(retryAfterMilliseconds: 1000))
        #expect(exchange.requests.count == 1)
        timekeeper.advance(1000)
        #expect(try await next.send(EndpointCall(.get, "x")).status == 200)
    }

    @Test func `a clock that was set back leaves nobody alone for longer than a day`() async throws {
        let tooLate = timekeeper.millisecondsSince1970 + 30 * 86_400_000
        store.save(EndpointState(throttledUntil: tooLate), origin: "https://shop.example")
        let endpoint = try endpoint(ScriptedExchange([.status(200)]))
        #expect(await failure(endpoint, EndpointCall(.get, "x"))?.kind == .throttled(retryAfterMilliseconds: 86_400_000))
    }

    @Test func `answers of a working remote close nothing and open nothing`() async throws {
        let exchange = ScriptedExchange([.status(500)])
        let endpoint = try endpoint(exchange)
        for _ in 1...20 { #expect(try await endpoint.send(EndpointCall(.get, "x")).status == 500) }
        #expect(store.load(origin: "https://shop.example") == nil, "saved only when the circuit changes")
        await endpoint.close()
        #expect(store.load(origin: "https://shop.example") == EndpointState())
    }

    @Test func `the rate limit spreads calls that come at once`() async throws {
        let sentAt = Mutex<[Int64]>([])
        let exchange = ScriptedExchange { [timekeeper] _, _ in
            sentAt.withLock { $0.append(timekeeper.millisecondsSince1970) }
            return .status(200)
        }
        let endpoint = try endpoint(exchange, rateLimit: .init(requests: 10, per: .seconds(1)))
        try await withThrowingTaskGroup { group in
            for _ in 1...45 { group.addTask { _ = try await endpoint.send(EndpointCall(.get, "x")) } }
            try await group.waitForAll()
        }
        let instants = sentAt.withLock { $0 }
        #expect(instants.count == 45)
        #expect(zip(instants, instants.dropFirst(10)).allSatisfy { $1 - $0 >= 1000 })
        #expect(endpoint.counters.snapshot.limiterWaits > 0)
        await endpoint.close()
        #expect(store.load(origin: "https://shop.example")?.limiterLog.isEmpty == false)
    }

    @Test func `a cancelled call leaves the queue of the rate limit to the others`() async throws {
        let hold = TurnGate()
        try await hold.enter()
        let exchange = ScriptedExchange { _, number in
            guard number == 1 else { return .status(200) }
            try? await hold.enter()
            return .status(200)
        }
        let endpoint = try endpoint(exchange, rateLimit: .init(requests: 1, per: .seconds(1)))
        let first = Task { try await endpoint.send(EndpointCall(.get, "first")).status }
        while exchange.requests.isEmpty { await Task.yield() }
        let waiting = (1...3).map { _ in Task { await failure(endpoint, EndpointCall(.post, "x")) } }
        for task in waiting { task.cancel() }
        for task in waiting {
            let error = await task.value
            #expect(error?.kind == .transport(.cancelled))
            #expect(error?.effect == .notSent)
        }
        let last = Task { try await endpoint.send(EndpointCall(.get, "last")).status }
        hold.leave()
        #expect(try await first.value == 200)
        #expect(try await last.value == 200)
        #expect(exchange.requests.count == 2)
    }
}
