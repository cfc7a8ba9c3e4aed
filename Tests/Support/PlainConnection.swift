import Dispatch
import Glibc

/// A client's end of one connection to this machine: sends the bytes it is told, when it is told, and hides nothing of the answer.
package final class PlainConnection: Sendable {
    package struct Answer: Sendable {
        package var status: Int
        /// Names in lower case.
        package var headers: [String: String]
        package var body: String
    }

    private let descriptor: Int32
    /// Reading waits for the other end, and must not take a thread from the tasks that make it answer.
    private let queue = DispatchQueue(label: "plain connection")

    package init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // A test whose server says nothing fails, and doesn't hang.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard status == 0 else { throw NotConnected(code: errno) }
    }

    deinit { close(descriptor) }

    package struct NotConnected: Error {
        let code: Int32
    }

    /// - Returns: whether the other end still takes it.
    @discardableResult
    package func send(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    /// Reads one answer, the length of whose body is told; `nil` where the connection ends before.
    ///
    /// - Parameter hasBody: whether the body comes, which it doesn't after HEAD.
    package func answer(hasBody: Bool = true) async -> Answer? {
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard let next = await receive(1) else { return nil }
            bytes += next
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        var answer = Answer(status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: [:], body: "")
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            answer.headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        var body: [UInt8] = []
        let length = hasBody ? answer.headers["content-length"].flatMap { Int($0) } ?? 0 : 0
        while body.count < length, let next = await receive(length - body.count) { body += next }
        answer.body = String(decoding: body, as: UTF8.self)
        return body.count == length ? answer : nil
    }

    /// Waits until the other end closes; what it still sends is dropped.
    package func waitForEnd() async {
        while await receive(65_536) != nil {}
    }

    /// Sends and reads.
    package func exchange(_ text: String, hasBody: Bool = true) async -> Answer? {
        send(text)
        return await answer(hasBody: hasBody)
    }

    private func receive(_ count: Int) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            queue.async { [descriptor] in
                var buffer = [UInt8](repeating: 0, count: count)
                var received = 0
                // The end of a child process interrupts system calls.
                repeat { received = recv(descriptor, &buffer, count, 0) } while received < 0 && errno == EINTR
                continuation.resume(returning: received > 0 ? Array(buffer.prefix(received)) : nil)
            }
        }
    }
}
