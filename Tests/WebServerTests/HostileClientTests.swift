import TestSupport
import Testing
import WebServer

/// Clients that send too much, too slowly, or nothing.
@Suite struct HostileClientTests {
    private static let path = "/webhooks/main/\(ListenerUnderTest.secret)"

    @Test func `the longest body is taken, a longer one is 413, told before or not`() async throws {
        let listener = try await ListenerUnderTest()
        let longest = String(repeating: "x", count: ListenerUnderTest.bodyBytesMax)
        #expect(try await listener.send("POST", Self.path, body: longest)?.status == 200)
        #expect(try await listener.send("POST", Self.path, body: longest + "x")?.status == 413)
        let chunks = "Transfer-Encoding: chunked"
        let chunk = "1000\r\n\(longest)\r\n"
        #expect(
            try await listener.connect().exchange(ListenerUnderTest.text("POST", Self.path, [chunks]) + chunk + "0\r\n\r\n")?
                .status == 200)
        let tooLong = try listener.connect()
        let answer = await tooLong.exchange(ListenerUnderTest.text("POST", Self.path, [chunks]) + chunk + "1\r\nx\r\n0\r\n\r\n")
        #expect(answer?.status == 413 && answer?.headers["connection"] == "close")
        await tooLong.waitForEnd()
        #expect(listener.webhooks.count == 2)
        await listener.stop()
    }

    @Test func `a body without end is cut off`() async throws {
        let listener = try await ListenerUnderTest()
        let connection = try listener.connect()
        connection.send(ListenerUnderTest.text("POST", Self.path, ["Transfer-Encoding: chunked"]))
        let chunk = "10000\r\n\(String(repeating: "x", count: 65_536))\r\n"
        var sent = 0
        while sent < 4096, connection.send(chunk) { sent += 1 }
        #expect(sent < 4096, "256 MB were taken")
        #expect(listener.webhooks.isEmpty)
        await listener.stop()
    }

    @Test func `a client that asks first is told to go on, or that it's too much`() async throws {
        let listener = try await ListenerUnderTest()
        let connection = try listener.connect()
        let expects = "Expect: 100-continue"
        #expect(
            await connection.exchange(ListenerUnderTest.text("POST", Self.path, [expects, "Content-Length: 2"]))?.status == 100)
        #expect(await connection.exchange("{}")?.status == 200)
        let other = try listener.connect()
        #expect(
            await other.exchange(ListenerUnderTest.text("POST", Self.path, [expects, "Content-Length: 5000"]))?.status == 413)
        await listener.stop()
    }

    @Test func `a body that comes too slowly is 408, and nothing of it is taken`() async throws {
        let listener = try await ListenerUnderTest { $0.requestTimeLimit = .milliseconds(300) }
        let connection = try listener.connect()
        connection.send(ListenerUnderTest.text("POST", Self.path, ["Content-Length: 10"]) + "{")
        let answer = await connection.answer()
        #expect(answer?.status == 408 && answer?.headers["connection"] == "close")
        await connection.waitForEnd()
        #expect(listener.webhooks.isEmpty)
        await listener.stop()
    }

    @Test(arguments: ["", "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "])
    func `a connection that brings no whole head is closed`(beginning: String) async throws {
        let listener = try await ListenerUnderTest { $0.requestTimeLimit = .milliseconds(300) }
        let connection = try listener.connect()
        connection.send(beginning)
        #expect(await connection.answer() == nil)
        await listener.stop()
    }

    @Test func `a connection that asks nothing more is closed`() async throws {
        let listener = try await ListenerUnderTest { $0.keepAlive = .milliseconds(300) }
        let connection = try listener.connect()
        #expect(await connection.exchange(ListenerUnderTest.text("GET", "/health"))?.status == 200)
        await connection.waitForEnd()
        await listener.stop()
    }

    @Test(arguments: ["NOT HTTP\r\n\r\n", "GET /health HTTP/1.1\r\nX-Long: \(String(repeating: "x", count: 40_000))\r\n\r\n"])
    func `what isn't HTTP, or has a huge head, is refused`(text: String) async throws {
        let listener = try await ListenerUnderTest()
        let connection = try listener.connect()
        let answer = await connection.exchange(text)
        #expect(answer?.status == 400 || answer == nil)
        await connection.waitForEnd()
        #expect(try await listener.send("GET", "/health")?.status == 200)
        await listener.stop()
    }

    @Test func `more connections than allowed wait their turn`() async throws {
        let listener = try await ListenerUnderTest { $0.connectionsMax = 1 }
        var first: PlainConnection? = try listener.connect()
        #expect(await first?.exchange(ListenerUnderTest.text("GET", "/health"))?.status == 200)
        let second = try listener.connect()
        second.send(ListenerUnderTest.text("GET", "/health"))
        #expect(await first?.exchange(ListenerUnderTest.text("GET", "/health"))?.status == 200)
        first = nil
        #expect(await second.answer()?.status == 200)
        await listener.stop()
    }

    @Test func `a stop ends idle connections at once, and those under way when they are answered`() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let waiting = ListenerUnderTest.Box(false)
        let listener = try await ListenerUnderTest(take: {
            waiting.change { $0 = true }
            for await _ in gate { break }
        })
        let idle = try listener.connect()
        #expect(await idle.exchange(ListenerUnderTest.text("GET", "/health"))?.status == 200)
        let busy = try listener.connect()
        busy.send(ListenerUnderTest.text("POST", Self.path, body: "1"))
        try await Waiting.until { waiting.read() }
        async let stopped: Void = listener.stop()
        await idle.waitForEnd()
        open.yield()
        #expect(await busy.answer()?.status == 200)
        await stopped
        #expect(throws: PlainConnection.NotConnected.self) { try listener.connect() }
    }

    @Test func `a stop waits no longer than its limit for a client that doesn't go on`() async throws {
        let listener = try await ListenerUnderTest()
        let connection = try listener.connect()
        connection.send(ListenerUnderTest.text("POST", Self.path, ["Content-Length: 10"]) + "{")
        // The request is known to be under way once a later one on another connection has been answered.
        #expect(try await listener.send("GET", "/health")?.status == 200)
        await listener.stop(within: .milliseconds(200))
        await connection.waitForEnd()
        #expect(listener.webhooks.isEmpty)
    }

    @Test func `a port that is taken is told as that`() async throws {
        let listener = try await ListenerUnderTest()
        let fault = await #expect(throws: WebServerFault.self) {
            try await ListenerUnderTest { [port = listener.port] in $0.port = port }
        }
        #expect(fault?.isAddressTaken == true)
        await listener.stop()
    }
}
