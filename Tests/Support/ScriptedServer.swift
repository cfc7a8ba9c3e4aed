import Foundation
import Glibc
import Synchronization
package import Transport

/// A TCP server on a free loopback port that does to each connection what its script says; a thread per connection.
package final class ScriptedServer: Sendable {
    package typealias Script = @Sendable (ServerConnection) -> Void

    private struct State {
        var requests: [RecordedRequest] = []
        var connections: [ServerConnection] = []
        var isStopped = false
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    package let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    package init(_ script: @escaping Script) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 512) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [self] in acceptAll(script) }.start()
    }

    package var url: String { "http://127.0.0.1:\(port)" }
    /// Every request whose head was read, in the order of reading.
    package var requests: [RecordedRequest] { state.withLock { $0.requests } }
    package var connectionCount: Int { state.withLock { $0.connections.count } }

    /// Runs `body` with a server that is stopped afterwards.
    package static func running<Result>(
        _ script: @escaping Script, _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let server = try ScriptedServer(script)
        defer { server.stop() }
        return try await body(server)
    }

    /// A port on which nobody listens.
    package static func unusedPort() throws -> Int {
        let server = try ScriptedServer { _ in }
        server.stop()
        return server.port
    }

    package func record(_ request: RecordedRequest) {
        let due = state.withLock { state in
            state.requests.append(request)
            let due = state.waiting.filter { $0.count <= state.requests.count }
            state.waiting.removeAll { $0.count <= state.requests.count }
            return due
        }
        for waiter in due { waiter.continuation.resume() }
    }

    /// Returns once that many requests have been read.
    package func waitForRequests(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.requests.count < count { state.waiting.append((count, continuation)) }
                return state.requests.count >= count
            }
            if isReached { continuation.resume() }
        }
    }

    package func stop() {
        let connections = state.withLock { state in
            // Once only: after the first time, the descriptor's number may be that of another test's socket.
            if !state.isStopped { shutdown(listener, Int32(SHUT_RDWR)) }
            state.isStopped = true
            return state.connections
        }
        for connection in connections { connection.interrupt() }
    }

    private func acceptAll(_ script: @escaping Script) {
        while true {
            let descriptor = accept(listener, nil, nil)
            // The end of a child process interrupts system calls.
            if descriptor < 0, errno == EINTR { continue }
            guard descriptor >= 0 else { break }
            let connection: ServerConnection? = state.withLock { state in
                guard !state.isStopped else { return nil }
                let connection = ServerConnection(descriptor, number: state.connections.count + 1, server: self)
                state.connections.append(connection)
                return connection
            }
            guard let connection else {
                close(descriptor)
                continue
            }
            Thread {
                script(connection)
                connection.close()
            }.start()
        }
        state.withLock {
            $0.isStopped = true
            close(listener)
        }
    }
}

/// One request as the server read it.
package struct RecordedRequest: Sendable {
    package var method: String
    package var target: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    package var connectionNumber: Int
}
