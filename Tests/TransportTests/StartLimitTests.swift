import Testing
import Transport

/// A call that relies on something that grows old is not sent late.
@Suite struct StartLimitTests {
    let timekeeper = VirtualTimekeeper()

    private func endpoint(_ exchange: ScriptedExchange, rateLimit: Endpoint.RateLimit? = nil, authorizer: any Authorizer) throws
        -> Endpoint
    {
        Endpoint(
            Endpoint.Settings(base: try BaseURL("https://shop.example"), rateLimit: rateLimit), authorizer: authorizer,
            surroundings: Endpoint.Surroundings(exchange: exchange, timekeeper: timekeeper, random: LargestRandomSource()))
    }

    private var call: EndpointCall { EndpointCall(.patch, "/order/1/", startLimit: .seconds(5)) }

    /// Takes its time over every set of credentials.
    private struct SlowAuthorizer: Authorizer {
        let timekeeper: VirtualTimekeeper
        let milliseconds: Int64

        func authorize() async throws(EndpointError) -> Authorization {
            timekeeper.advance(milliseconds)
            return Authorization(fields: [HTTPHeaders.Field("Authorization", "Bearer t")])
        }

        func invalidate(_ refused: Authorization) async -> Bool { true }
    }

    @Test(arguments: [(4000, 1), (6000, 0)] as [(Int64, Int)])
    func `credentials that come too late come in vain`(milliseconds: Int64, requests: Int) async throws {
        let exchange = ScriptedExchange([.status(200)])
        let endpoint = try endpoint(exchange, authorizer: SlowAuthorizer(timekeeper: timekeeper, milliseconds: milliseconds))
        let error = await thrown { () async throws(EndpointError) in try await endpoint.send(call) }
        #expect(exchange.requests.count == requests)
        #expect(error?.kind == (requests == 0 ? .notSentInTime : nil))
        #expect(error?.effect == (requests == 0 ? .notSent : nil))
    }

    @Test func `a second try after a 401 is held to the limit of the first`() async throws {
        let exchange = ScriptedExchange([.status(401), .status(200)])
        let endpoint = try endpoint(exchange, authorizer: SlowAuthorizer(timekeeper: timekeeper, milliseconds: 3000))
        let error = await thrown { () async throws(EndpointError) in try await endpoint.send(call) }
        #expect(exchange.requests.count == 1)
        #expect(error?.kind == .notSentInTime)
        #expect(error?.effect == .notApplied)
    }

    @Test func `a refused connection is tried again only within the limit, and then is an outage`() async throws {
        let exchange = ScriptedExchange { [timekeeper] _, _ in
            timekeeper.advance(3000)
            return .failed(.connectionFailed, .notSent)
        }
        let endpoint = try endpoint(exchange, authorizer: FixedAuthorizer.none)
        let error = await thrown { () async throws(EndpointError) in try await endpoint.send(call) }
        #expect(exchange.requests.count == 2)
        #expect(error?.kind == .transport(.connectionFailed))
    }

    @Test func `the wait for the rate limit counts`() async throws {
        let exchange = ScriptedExchange([.status(200)])
        let endpoint = try endpoint(
            exchange, rateLimit: .init(requests: 1, per: .seconds(10)), authorizer: FixedAuthorizer.none)
        _ = try await endpoint.send(EndpointCall(.get, "/order/1/"))
        let error = await thrown { () async throws(EndpointError) in try await endpoint.send(call) }
        #expect(error?.kind == .notSentInTime)
        #expect(exchange.requests.count == 1)
    }
}
