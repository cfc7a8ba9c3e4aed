import TestSupport
import Testing
import Transport

/// What each way of failing says about the request: not sent, or sent with an unknown outcome.
@Suite struct EffectTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let script: ScriptedServer.Script
        let kind: TransportError.Kind
        var status: Int?
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "closed before the request is read", script: { $0.close() }, kind: .connectionLost),
        Case(name: "closed after the request", script: { $0.readRequest() }, kind: .connectionLost),
        Case(
            name: "reset after the request",
            script: {
                $0.readRequest()
                $0.reset()
            }, kind: .connectionLost),
        Case(
            name: "closed within the headers",
            script: {
                $0.readRequest()
                $0.write("HTTP/1.1 200 OK\r\nContent-Len")
            }, kind: .connectionLost, status: 200),
        Case(
            name: "closed within the body",
            script: {
                $0.readRequest()
                $0.write("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{")
            }, kind: .connectionLost, status: 201),
        Case(
            name: "closed within a chunk",
            script: {
                $0.readRequest()
                $0.write("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{")
            }, kind: .connectionLost, status: 201),
        Case(
            name: "not HTTP",
            script: {
                $0.readRequest()
                $0.write("SSH-2.0-OpenSSH_9.2\r\n")
            }, kind: .malformedAnswer),
        Case(
            name: "nonsense for a chunk size",
            script: {
                $0.readRequest()
                $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
            }, kind: .connectionLost, status: 200),
        Case(
            name: "broken gzip",
            script: {
                $0.readRequest()
                $0.answer(200, ["Content-Encoding: gzip"], body: Array("this is no gzip".utf8))
            }, kind: .malformedAnswer, status: 200),
        Case(
            name: "more headers than anybody needs",
            script: {
                $0.readRequest()
                $0.write("HTTP/1.1 200 OK\r\n")
                while $0.write("X-Flood: \(String(repeating: "x", count: 1000))\r\n") {}
            }, kind: .responseTooLarge, status: 200),
    ]

    @Test(arguments: cases)
    func `a post that may have been read is unknown`(_ example: Case) async throws {
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        try await ScriptedServer.running(example.script) { server in
            let error = try #require(
                await thrown { () async throws(TransportError) in
                    try await exchange.perform(HTTPRequest(method: .post, url: server.url, body: Array("{}".utf8)))
                })
            #expect(error.kind == example.kind, "\(error)")
            #expect(error.effect == .unknown)
            #expect(error.status == example.status)
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `a refused connection is not sent`() async throws {
        let closed = try ClosedPort()
        try await expectNotSent(.connectionFailed, HTTPRequest(method: .post, url: "http://127.0.0.1:\(closed.number)/"))
    }

    @Test func `a name that cannot be resolved is not sent`() async throws {
        // RFC 6761, 6.4: never resolves.
        try await expectNotSent(.nameNotResolved, HTTPRequest(method: .post, url: "http://nobody.invalid/"))
    }

    @Test func `a handshake with a server that speaks no TLS is not sent`() async throws {
        try await ScriptedServer.running { connection in
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
        } _: { server in
            try await expectNotSent(.tls, HTTPRequest(method: .post, url: "https://127.0.0.1:\(server.port)/"))
        }
    }

    @Test func `a handshake that hangs is not sent`() async throws {
        try await ScriptedServer.running {
            $0.hold()
        } _: { server in
            let deadlines = HTTPDeadlines(connect: .milliseconds(50), total: .seconds(30), stall: .seconds(30))
            try await expectNotSent(
                .timedOut, HTTPRequest(method: .post, url: "https://127.0.0.1:\(server.port)/", deadlines: deadlines))
        }
    }

    @Test func `a proxy that is down or refuses the tunnel is not sent`() async throws {
        let closed = try ClosedPort()
        let request = HTTPRequest(method: .post, url: "https://shop.example/")
        try await expectNotSent(.connectionFailed, request, proxy: "http://127.0.0.1:\(closed.number)")
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.answer(502)
        } _: { proxy in
            try await expectNotSent(.connectionFailed, request, proxy: proxy.url)
            #expect(proxy.requests.map(\.method) == ["CONNECT"])
        }
    }

    private func expectNotSent(_ kind: TransportError.Kind, _ request: HTTPRequest, proxy: String = "") async throws {
        let exchange = try CurlExchange(configuration: .init(proxy: proxy))
        let error = try #require(await thrown { () async throws(TransportError) in try await exchange.perform(request) })
        #expect(error.kind == kind, "\(error)")
        #expect(error.effect == .notSent)
    }
}
