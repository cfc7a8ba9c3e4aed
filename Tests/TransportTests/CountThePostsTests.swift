import TestSupport
import Testing
import Transport

/// libcurl repeats a request by itself when a reused connection dies before the first byte of the answer. The server
/// counts: what is not repeatable must never be begun twice. Connections may be idle for an hour here, since where other tests keep all
/// cores busy, minutes may pass between two requests.
@Suite struct CountThePostsTests {
    /// How a connection ends instead of answering its second request.
    enum Ending: CaseIterable, Sendable {
        case closedAfterReading, resetAfterReading, closedAfterHead, resetAfterHead

        @Sendable func perform(_ connection: ServerConnection) {
            switch self {
            case .closedAfterReading:
                connection.readRequest()
                connection.close()
            case .resetAfterReading:
                connection.readRequest()
                connection.reset()
            case .closedAfterHead:
                if let head = connection.readHead() { connection.recordHead(head) }
                connection.close()
            case .resetAfterHead:
                if let head = connection.readHead() { connection.recordHead(head) }
                connection.reset()
            }
        }
    }

    enum Body: CaseIterable, Sendable {
        case missing, empty, small, large

        var bytes: [UInt8]? {
            switch self {
            case .missing: nil
            case .empty: []
            case .small: Array("{\"order\":7}".utf8)
            case .large: [UInt8](repeating: 0x61, count: 2 << 20)
            }
        }
    }

    @Test(arguments: Ending.allCases, Body.allCases)
    func `a post whose reused connection dies is begun once and reported unknown`(_ ending: Ending, _ body: Body) async throws {
        let exchange = try CurlExchange(configuration: .init(idleSecondsMaxForWrites: 3600, proxy: ""))
        try await ScriptedServer.running { connection in
            // The first connection answers once; any further one would answer, as a real server's would.
            if connection.number == 1 {
                connection.readRequest()
                connection.answer()
                ending.perform(connection)
            } else {
                connection.answerAll(201)
            }
        } _: { server in
            try await expectOnePost(exchange, server, url: server.url, body: body.bytes)
        }
    }

    @Test(arguments: Ending.allCases, Body.allCases)
    func `nor is it begun twice behind a forward proxy`(_ ending: Ending, _ body: Body) async throws {
        try await ScriptedServer.running { connection in
            if connection.number == 1 {
                connection.readRequest()
                connection.answer()
                ending.perform(connection)
            } else {
                connection.answerAll(201)
            }
        } _: { proxy in
            let exchange = try CurlExchange(configuration: .init(idleSecondsMaxForWrites: 3600, proxy: proxy.url))
            try await expectOnePost(exchange, proxy, url: "http://shop.example", body: body.bytes)
        }
    }

    @Test(arguments: [HTTPMethod.put, .patch, .delete])
    func `other writes are begun once too`(_ method: HTTPMethod) async throws {
        let exchange = try CurlExchange(configuration: .init(idleSecondsMaxForWrites: 3600, proxy: ""))
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.answer()
            connection.readRequest()
        } _: { server in
            _ = try await exchange.perform(HTTPRequest(url: "\(server.url)/warm"))
            let error = await thrown { () async throws(TransportError) in
                try await exchange.perform(HTTPRequest(method: method, url: server.url, body: [0x61]))
            }
            #expect(error?.effect == .unknown)
            #expect(server.requests.count { $0.method == method.rawValue } == 1)
        }
    }

    @Test func `a first connection that is dropped after the request is unknown too`() async throws {
        let exchange = try CurlExchange(configuration: .init(idleSecondsMaxForWrites: 3600, proxy: ""))
        try await ScriptedServer.running {
            $0.readRequest()
        } _: { server in
            let error = await thrown { () async throws(TransportError) in
                try await exchange.perform(HTTPRequest(method: .post, url: server.url, body: [0x61]))
            }
            #expect(error?.kind == .connectionLost)
            #expect(error?.effect == .unknown)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `the repeat is unknown even when the server is gone by then`() async throws {
        let exchange = try CurlExchange(configuration: .init(idleSecondsMaxForWrites: 3600, proxy: ""))
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.answer()
            connection.readRequest()
            connection.server.stop()
        } _: { server in
            _ = try await exchange.perform(HTTPRequest(url: "\(server.url)/warm"))
            let error = await thrown { () async throws(TransportError) in
                try await exchange.perform(HTTPRequest(method: .post, url: server.url, body: [0x61]))
            }
            #expect(error?.effect == .unknown)
        }
    }

    @Test func `a read is repeated, which shows that the drop is one that libcurl repeats`() async throws {
        let exchange = try CurlExchange(configuration: .init(idleSecondsMaxForWrites: 3600, proxy: ""))
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.answer()
            if connection.number == 1 { connection.readRequest() } else { connection.answerAll() }
        } _: { server in
            _ = try await exchange.perform(HTTPRequest(url: "\(server.url)/warm"))
            let response = try await exchange.perform(HTTPRequest(url: "\(server.url)/read"))
            #expect(response.status == 200)
            #expect(server.requests.count { $0.target == "/read" } == 2)
        }
    }

    private func expectOnePost(_ exchange: CurlExchange, _ server: ScriptedServer, url: String, body: [UInt8]?) async throws {
        _ = try await exchange.perform(HTTPRequest(url: "\(url)/warm"))
        let error = await thrown { () async throws(TransportError) in
            try await exchange.perform(HTTPRequest(method: .post, url: "\(url)/order", body: body))
        }
        #expect(error?.effect == .unknown)
        #expect(server.requests.count { $0.method == "POST" } == 1)
        #expect(server.requests.filter { $0.method == "POST" }.allSatisfy { $0.connectionNumber == 1 })
    }
}
