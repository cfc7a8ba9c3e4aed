import Foundation
import TestSupport
import Testing
import Transport

/// Connections, proxies and the end of an exchange.
@Suite struct PoolTests {
    @Test func `many requests at once share few connections`() async throws {
        let exchange = try CurlExchange(configuration: .init(connectionsPerHostMax: 4, proxy: ""))
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { server in
            try await withThrowingTaskGroup { group in
                for number in 1...100 {
                    group.addTask {
                        let method: HTTPMethod = number.isMultiple(of: 2) ? .get : .post
                        return try await exchange.perform(HTTPRequest(method: method, url: "\(server.url)/\(number)")).status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(server.requests.count == 100)
            #expect(Set(server.requests.map(\.target)).count == 100)
            #expect(server.connectionCount <= 4)
        }
    }

    @Test func `requests one after the other use one connection`() async throws {
        let exchange = try CurlExchange(configuration: .init(idleSecondsMaxForWrites: 3600, proxy: ""))
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { server in
            for _ in 1...20 { _ = try await exchange.perform(HTTPRequest(method: .post, url: server.url, body: [0x61])) }
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `after a shutdown what runs is ended and what comes is refused`() async throws {
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.hold()
        } _: { server in
            let request = HTTPRequest(method: .post, url: server.url)
            let task = Task { await thrown { () async throws(TransportError) in try await exchange.perform(request) } }
            await server.waitForRequests(1)
            await exchange.shutdown()
            #expect(await task.value == TransportError(.unavailable, .unknown, "\(request.title): the HTTP client was shut down"))
            let late = await thrown { () async throws(TransportError) in try await exchange.perform(request) }
            #expect(late == TransportError(.unavailable, .notSent, "\(request.title): the HTTP client was shut down"))
            await exchange.shutdown()
        }
    }

    @Test func `a configured proxy is asked for the absolute URL`() async throws {
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { proxy in
            let exchange = try CurlExchange(configuration: .init(proxy: proxy.url))
            _ = try await exchange.perform(HTTPRequest(url: "http://shop.example/api/order/7"))
            #expect(proxy.requests.map(\.target) == ["http://shop.example/api/order/7"])
        }
    }

    @Test func `a proxy that tunnels is not shown the request's headers`() async throws {
        try await ScriptedServer.running { connection in
            connection.readRequest()
            connection.answer(403)
        } _: { proxy in
            let exchange = try CurlExchange(configuration: .init(proxy: proxy.url))
            _ = await thrown { () async throws(TransportError) in
                try await exchange.perform(HTTPRequest(url: "https://shop.example/", headers: ["Authorization": "Token secret"]))
            }
            #expect(proxy.requests.map(\.method) == ["CONNECT"])
            #expect(proxy.requests.allSatisfy { !$0.headers.contains("Authorization") })
        }
    }

    @Test func `the proxy of the environment is used unless no_proxy says otherwise`() async throws {
        // In a process of its own: other threads read the environment, for which changing it is no time.
        await #expect(processExitsWith: .success) {
            try await ScriptedServer.running {
                $0.answerAll()
            } _: { proxy in
                setenv("http_proxy", proxy.url, 1)
                setenv("no_proxy", "127.0.0.1", 1)
                let exchange = try CurlExchange()
                _ = try await exchange.perform(HTTPRequest(url: "http://shop.example/order"))
                #expect(proxy.requests.map(\.target) == ["http://shop.example/order"])
                try await ScriptedServer.running {
                    $0.answerAll()
                } _: { server in
                    _ = try await exchange.perform(HTTPRequest(url: "\(server.url)/direct"))
                    #expect(server.requests.map(\.target) == ["/direct"])
                }
            }
        }
    }
}
