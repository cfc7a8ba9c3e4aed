import Foundation
import Glibc
import Synchronization
import Transport

/// The server's end of one connection, used by its script's thread.
package final class ServerConnection: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var isClosed = false
    }

    /// 1 for the server's first connection.
    package let number: Int
    private let descriptor: Int32
    package let server: ScriptedServer
    private let state = Mutex(State())

    package init(_ descriptor: Int32, number: Int, server: ScriptedServer) {
        self.descriptor = descriptor
        self.number = number
        self.server = server
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Reads and records one whole request; `nil` when the peer has closed.
    @discardableResult
    package func readRequest() -> RecordedRequest? {
        guard var request = readHead() else { return nil }
        let length = request.headers["Content-Length"].flatMap { Int($0) } ?? 0
        while bufferedCount < length {
            guard receive() else { return nil }
        }
        request.body = take(length)
        server.record(request)
        return request
    }

    /// Reads the request's head only, and records nothing.
    package func readHead() -> RecordedRequest? {
        while true {
            if let end = headEnd() {
                let head = take(end)
                let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", maxSplits: 1)
                let words = lines.first.map { $0.split(separator: " ") } ?? []
                guard words.count == 3 else { return nil }
                let block = lines.count > 1 ? Array(lines[1].utf8) : []
                return RecordedRequest(
                    method: String(words[0]), target: String(words[1]), headers: HTTPHeaders(block: block), body: [],
                    connectionNumber: number)
            }
            guard receive() else { return nil }
        }
    }

    /// Counts a request of which only the head was read.
    package func recordHead(_ head: RecordedRequest) {
        server.record(head)
    }

    @discardableResult
    package func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Answers with a body and its length.
    @discardableResult
    package func answer(_ status: Int = 200, _ headers: [String] = [], body: [UInt8] = Array("{}".utf8)) -> Bool {
        let lines = ["HTTP/1.1 \(status) X", "Content-Length: \(body.count)"] + headers
        return write(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    }

    /// Answers every request with the same until the peer closes.
    package func answerAll(_ status: Int = 200, _ headers: [String] = []) {
        while readRequest() != nil { answer(status, headers) }
    }

    /// Returns when something has arrived, and reads none of it.
    package func waitForRequest() {
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&event, 1, 1000) == 0 {}
    }

    /// Reads nothing until the server is stopped.
    package func waitUntilInterrupted() {
        var event = pollfd(fd: descriptor, events: Int16(POLLHUP), revents: 0)
        while poll(&event, 1, 1000) == 0 {}
    }

    /// Says no more until the peer closes or the server is stopped.
    package func hold() {
        while receive() {}
    }

    package func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            Glibc.close(descriptor)
        }
    }

    /// Closes with RST, so that the peer's next read fails rather than ends.
    package func reset() {
        var value = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Wakes a script that is reading.
    package func interrupt() {
        state.withLock { state in
            if !state.isClosed { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private var bufferedCount: Int { state.withLock { $0.buffer.count } }

    private func take(_ count: Int) -> [UInt8] {
        state.withLock { state in
            defer { state.buffer.removeFirst(count) }
            return Array(state.buffer.prefix(count))
        }
    }

    private func headEnd() -> Int? {
        state.withLock { state in
            let mark: [UInt8] = [13, 10, 13, 10]
            guard state.buffer.count >= 4 else { return nil }
            return (0...(state.buffer.count - 4)).first { state.buffer[$0..<($0 + 4)].elementsEqual(mark) }.map { $0 + 4 }
        }
    }

    private func receive() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        var count = 0
        // The end of a child process interrupts system calls.
        repeat { count = recv(descriptor, &chunk, chunk.count, 0) } while count < 0 && errno == EINTR
        guard count > 0 else { return false }
        state.withLock { $0.buffer.append(contentsOf: chunk.prefix(count)) }
        return true
    }
}
