import Glibc
import TestSupport
import Testing
import Transport

/// Tasks that prefer the thread of the transfers.
@Suite struct ExecutorTests {
    private let exchange: CurlExchange

    init() throws { exchange = try CurlExchange(configuration: .init(proxy: "")) }

    @Test func `work goes on where its answer came in, also that of its children`() async throws {
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { server in
            let threads = try await withTaskExecutorPreference(exchange.executor) {
                try await withThrowingTaskGroup(of: [UInt].self) { group in
                    for number in 1...20 {
                        group.addTask {
                            let before = pthread_self()
                            _ = try await exchange.perform(HTTPRequest(url: "\(server.url)/\(number)"))
                            return [before, pthread_self()]
                        }
                    }
                    return try await group.reduce(into: Set()) { $0.formUnion($1) }
                }
            }
            #expect(threads.count == 1)
            #expect(server.requests.count == 20)
        }
    }

    @Test func `who waits there for something else holds up no transfer`() async throws {
        try await ScriptedServer.running {
            $0.answerAll()
        } _: { server in
            let status = try await withTaskExecutorPreference(exchange.executor) {
                try await withThrowingTaskGroup(of: Int?.self) { group in
                    group.addTask {
                        // Until it is cancelled, once the request is answered.
                        try? await Task.sleep(for: .seconds(3600))
                        return nil
                    }
                    group.addTask { try await exchange.perform(HTTPRequest(url: server.url)).status }
                    let first = try await group.next() ?? nil
                    group.cancelAll()
                    return first
                }
            }
            #expect(status == 200)
        }
    }

    @Test func `a task outlives the thread that it preferred`() async throws {
        let closed = try ClosedPort()
        let request = HTTPRequest(url: "http://127.0.0.1:\(closed.number)")
        let late = await withTaskExecutorPreference(exchange.executor) {
            await exchange.shutdown()
            return await withTaskGroup(of: TransportError?.self) { group in
                for _ in 1...20 {
                    group.addTask { await thrown { () async throws(TransportError) in try await exchange.perform(request) } }
                }
                return await group.reduce(into: []) { $0.append($1?.effect) }
            }
        }
        #expect(late == Array(repeating: .notSent, count: 20))
    }
}
