import Foundation
import TestSupport
import Testing
import Transport

/// Deadlines, cancellation and the limit on the size of answers.
@Suite struct DeadlineAndLimitTests {
    let exchange: CurlExchange

    init() throws {
        exchange = try CurlExchange(configuration: .init(connectionsPerHostMax: 2, proxy: ""))
    }

    private func failure(_ request: HTTPRequest) async -> TransportError? {
        await thrown { () async throws(TransportError) in try await exchange.perform(request) }
    }

    @Test func `a server that never answers stalls`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.hold()
        } _: { server in
            let deadlines = HTTPDeadlines(total: .seconds(30), stall: .milliseconds(60))
            let error = try #require(await failure(HTTPRequest(method: .post, url: server.url, deadlines: deadlines)))
            #expect(error.kind == .stalled)
            #expect(error.effect == .unknown)
            #expect(error.status == nil)
        }
    }

    @Test func `a server that stops within the body stalls, and its status is told`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
            connection.hold()
        } _: { server in
            let deadlines = HTTPDeadlines(total: .seconds(30), stall: .seconds(2))
            let error = try #require(await failure(HTTPRequest(url: server.url, deadlines: deadlines)))
            #expect(error.kind == .stalled)
            #expect(error.status == 200)
        }
    }

    @Test func `a server that keeps trickling meets the total deadline`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while connection.write("1\r\na\r\n") {}
        } _: { server in
            let deadlines = HTTPDeadlines(total: .seconds(2), stall: .seconds(30))
            var request = HTTPRequest(url: server.url, deadlines: deadlines)
            request.responseBytesMax = .max
            let error = try #require(await failure(request))
            #expect(error.kind == .timedOut)
            #expect(error.effect == .unknown)
        }
    }

    @Test func `the total deadline counts while a request waits for a connection, and it is not sent`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.hold()
        } _: { server in
            let exchange = exchange
            let holders = (1...2).map { _ in
                Task {
                    await thrown { () async throws(TransportError) in
                        let deadlines = HTTPDeadlines(total: .seconds(120), stall: .seconds(120))
                        return try await exchange.perform(HTTPRequest(url: server.url, deadlines: deadlines))
                    }
                }
            }
            await server.waitForRequests(2)
            let error = try #require(
                await failure(HTTPRequest(method: .post, url: server.url, deadlines: HTTPDeadlines(total: .milliseconds(50)))))
            #expect(error.kind == .timedOut)
            #expect(error.effect == .notSent)
            for holder in holders { holder.cancel() }
            for holder in holders { #expect(await holder.value?.kind == .cancelled) }
            #expect(server.connectionCount == 2)
        }
    }

    @Test func `cancelling a task ends its transfer and closes its connection`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.hold()
        } _: { server in
            let exchange = exchange
            let task = Task {
                await thrown { () async throws(TransportError) in
                    try await exchange.perform(HTTPRequest(method: .post, url: server.url))
                }
            }
            await server.waitForRequests(1)
            task.cancel()
            let error = await task.value
            #expect(error?.kind == .cancelled)
            #expect(error?.effect == .unknown)
        }
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { server in
            let exchange = exchange
            let error = await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await thrown { () async throws(TransportError) in try await exchange.perform(HTTPRequest(url: server.url))
                }
            }.value
            #expect(error?.kind == .cancelled)
            #expect(error?.effect == .notSent)
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func `a body longer than the limit is refused, one as long as it is taken`(_ saysLength: Bool) async throws {
        try await ScriptedServer.running { connection in
            while connection.readRequest() != nil {
                let body = [UInt8](repeating: 0x61, count: 5000)
                if saysLength {
                    connection.answer(200, [], body: body)
                } else {
                    connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                    connection.write(body)
                    connection.close()
                }
            }
        } _: { server in
            let taken = try await exchange.perform(HTTPRequest(url: server.url, responseBytesMax: 5000))
            #expect(taken.body.count == 5000)
            let error = try #require(await failure(HTTPRequest(url: server.url, responseBytesMax: 4999)))
            #expect(error.kind == .responseTooLarge)
            #expect(error.status == 200)
        }
    }

    @Test func `an endless body is cut off at the limit`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write([UInt8](repeating: 0x61, count: 65_536)) {}
        } _: { server in
            let error = try #require(await failure(HTTPRequest(url: server.url, responseBytesMax: 1 << 20)))
            #expect(error.kind == .responseTooLarge)
        }
    }

    /// 20 MiB of zeros, compressed a thousandfold by `gzip`.
    static let bomb = (try? ChildProgram.output(of: ["/bin/sh", "-c", "head -c 20971520 /dev/zero | gzip -9"])) ?? []

    @Test func `gzip is unpacked, and the limit counts what comes out`() async throws {
        #expect(Self.bomb.count < 100_000)
        try await ScriptedServer.running { connection in
            while connection.readRequest() != nil { connection.answer(200, ["Content-Encoding: gzip"], body: Self.bomb) }
        } _: { server in
            let error = try #require(await failure(HTTPRequest(url: server.url, responseBytesMax: 1 << 20)))
            #expect(error.kind == .responseTooLarge)
            let response = try await exchange.perform(HTTPRequest(url: server.url, responseBytesMax: 20 << 20))
            #expect(response.body == [UInt8](repeating: 0, count: 20 << 20))
        }
    }
}
