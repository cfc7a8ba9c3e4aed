import TestSupport
import Testing
import Transport

/// Whole exchanges against a real socket.
@Suite struct ExchangeTests {
    let exchange: CurlExchange

    init() throws {
        exchange = try CurlExchange(configuration: .init(userAgent: "crossdock/test", proxy: ""))
    }

    @Test func `status, headers and body of an answer come as sent`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.answer(404, ["X-One: 1", "x-two:  spaced out  ", "X-One: 2"], body: Array("no such order".utf8))
        } _: { server in
            let response = try await exchange.perform(HTTPRequest(url: "\(server.url)/api/order/7?a=b"))
            #expect(response.status == 404)
            #expect(response.headers.values("x-one") == ["1", "2"])
            #expect(response.headers["X-Two"] == "spaced out")
            #expect(String(decoding: response.body, as: UTF8.self) == "no such order")
            let request = try #require(server.requests.first)
            #expect(request.method == "GET")
            #expect(request.target == "/api/order/7?a=b")
            #expect(request.headers["User-Agent"] == "crossdock/test")
            #expect(request.headers["Accept-Encoding"] == "gzip")
        }
    }

    @Test(arguments: HTTPMethod.allCases)
    func `each method arrives with its body, and without what nobody asked for`(_ method: HTTPMethod) async throws {
        try await ScriptedServer.running { connection in
            let request = connection.readRequest()
            if request?.method == "HEAD" {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
            } else {
                connection.answer()
            }
        } _: { server in
            let body: [UInt8]? = method.onlyReads ? nil : Array("{\"a\":1}".utf8)
            let headers: HTTPHeaders = ["X-Empty": "", "X-Full": "full"]
            _ = try await exchange.perform(HTTPRequest(method: method, url: server.url, headers: headers, body: body))
            let request = try #require(server.requests.first)
            #expect(request.method == method.rawValue)
            #expect(request.body == body ?? [])
            #expect(request.headers["X-Empty"] == "")
            #expect(request.headers["X-Full"] == "full")
            #expect(!request.headers.contains("Expect"))
            #expect(!request.headers.contains("Content-Type"))
            #expect(!request.headers.contains("Transfer-Encoding"))
        }
    }

    @Test(arguments: [HTTPMethod.post, .put, .patch])
    func `a write without a body says that its length is zero`(_ method: HTTPMethod) async throws {
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { server in
            _ = try await exchange.perform(HTTPRequest(method: method, url: server.url))
            _ = try await exchange.perform(HTTPRequest(method: method, url: server.url, body: []))
            #expect(server.requests.map { $0.headers["Content-Length"] } == ["0", "0"])
        }
    }

    @Test func `a large body is sent at once, without waiting for a 100`() async throws {
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { server in
            let body = [UInt8](repeating: 0x61, count: 3 << 20)
            _ = try await exchange.perform(HTTPRequest(method: .post, url: server.url, body: body))
            #expect(server.requests.first?.body.count == body.count)
            #expect(server.requests.first?.headers.contains("Expect") == false)
        }
    }

    @Test func `one request leaves nothing behind for the next on the same handle`() async throws {
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { server in
            let first = HTTPRequest(method: .patch, url: "\(server.url)/a", headers: ["X-Mine": "1"], body: [0x61])
            _ = try await exchange.perform(first)
            _ = try await exchange.perform(HTTPRequest(url: "\(server.url)/b"))
            let second = try #require(server.requests.last)
            #expect(second.method == "GET")
            #expect(second.target == "/b")
            #expect(!second.headers.contains("X-Mine"))
            #expect(second.body.isEmpty)
        }
    }

    @Test func `chunks are joined, and trailers do not overrule the head`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nX-Mark: head\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.write("3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: trailer\r\n\r\n")
        } _: { server in
            let response = try await exchange.perform(HTTPRequest(url: server.url))
            #expect(String(decoding: response.body, as: UTF8.self) == "abcde")
            #expect(response.headers["X-Mark"] == "head")
            #expect(!response.headers.contains("X-Late"))
        }
    }

    @Test func `an interim answer is not the answer`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
            connection.answer(201, ["X-Final: 1"])
        } _: { server in
            let response = try await exchange.perform(HTTPRequest(method: .post, url: server.url, body: [0x61]))
            #expect(response.status == 201)
            #expect(response.headers.contains("X-Final"))
            #expect(!response.headers.contains("X-Early"))
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308], [HTTPMethod.get, .post])
    func `a redirect is an answer and is not followed`(_ status: Int, _ method: HTTPMethod) async throws {
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { other in
            try await ScriptedServer.running { connection in
                connection.readRequest()
                connection.answer(status, ["Location: \(other.url)/elsewhere"])
            } _: { server in
                let response = try await exchange.perform(
                    HTTPRequest(method: method, url: server.url, headers: ["Authorization": "Token secret"]))
                #expect(response.status == status)
                #expect(other.connectionCount == 0)
            }
        }
    }

    @Test(arguments: [
        HTTPRequest(url: "ftp://127.0.0.1/"), HTTPRequest(url: "file:///etc/passwd"), HTTPRequest(url: "127.0.0.1"),
        HTTPRequest(url: "http://user:secret@127.0.0.1/"), HTTPRequest(url: "http://127.0.0.1/a b"),
        HTTPRequest(url: "http://127.0.0.1:99999/"), HTTPRequest(url: "http:///path"),
        HTTPRequest(url: "http://127.0.0.1/", headers: ["X-A": "1\r\nX-B: 2"]),
        HTTPRequest(url: "http://127.0.0.1/", headers: ["X A": "1"]), HTTPRequest(url: "http://127.0.0.1/", headers: ["": "1"]),
        HTTPRequest(url: "http://127.0.0.1/", headers: ["transfer-encoding": "chunked"]),
        HTTPRequest(url: "http://127.0.0.1/", body: [0x61]),
    ])
    func `a request that cannot be meant is refused before anything is contacted`(_ request: HTTPRequest) async throws {
        let error = try #require(await thrown { () async throws(TransportError) in try await exchange.perform(request) })
        #expect(error.kind == .invalidRequest)
        #expect(error.effect == .notSent)
        #expect(!error.message.contains("secret"))
    }

    @Test func `messages leave the query out`() async throws {
        let closed = try ClosedPort()
        let error = try #require(
            await thrown { () async throws(TransportError) in
                try await exchange.perform(HTTPRequest(url: "http://127.0.0.1:\(closed.number)/order?api_key=secret"))
            })
        #expect(error.message.hasPrefix("GET http://127.0.0.1:\(closed.number)/order: "))
        #expect(!error.message.contains("secret"))
    }
}
