import TestSupport
import Testing
import Transport

/// Servers at their worst: each exchange ends, within its deadline and its limits, and says what is known of the request's effect.
@Suite(.serialized) struct HostileAnswerTests {
    static let limits: (deadlines: HTTPDeadlines, bytesMax: Int) = (
        HTTPDeadlines(connect: .seconds(10), total: .seconds(3), stall: .seconds(10)), 1 << 20
    )

    @Test(.timeLimit(.minutes(5)), arguments: HostileAnswer.all, [HTTPMethod.get, .post])
    func `a hostile answer ends as what it is`(_ answer: HostileAnswer, _ method: HTTPMethod) async throws {
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        try await ScriptedServer.running(answer.script) { server in
            let request = HTTPRequest(
                method: method, url: server.url, body: method == .post ? Array("{}".utf8) : nil, deadlines: Self.limits.deadlines,
                responseBytesMax: Self.limits.bytesMax)
            do throws(TransportError) {
                let response = try await exchange.perform(request)
                #expect(answer.ending == .answered(response.status))
            } catch {
                #expect(answer.ending == .unknown(error.kind), "\(error)")
                #expect(error.effect == .unknown)
            }
            #expect(server.connectionCount == 1, "nothing is sent twice")
        }
    }
}
