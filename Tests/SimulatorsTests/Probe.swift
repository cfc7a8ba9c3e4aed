internal import Glibc
internal import Orders

/// A plain socket client: one request a connection, nothing repeated, nothing hidden.
struct Probe: Sendable {
    let port: UInt16
    var headers: [(String, String)] = []

    init(baseURL: String, headers: [(String, String)] = []) {
        port = UInt16(baseURL.split(separator: ":").last ?? "0") ?? 0
        self.headers = headers
    }

    struct Answer: Sendable {
        /// `nil` where the connection ended without an answer.
        var status: Int?
        /// Names in small letters.
        var headers: [String: String] = [:]
        var body: [UInt8] = []

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue? { try? JSONValue(parsing: body) }
        var contentLength: Int? { headers["content-length"].flatMap { Int($0) } }
    }

    func get(_ target: String) -> Answer { send("GET", target) }
    func patch(_ target: String, _ body: String) -> Answer { send("PATCH", target, body) }
    func put(_ target: String, _ body: String) -> Answer { send("PUT", target, body) }
    func post(_ target: String, _ body: String, headers: [(String, String)] = []) -> Answer {
        send("POST", target, body, headers)
    }

    /// A body goes as JSON unless the headers say otherwise.
    func send(_ method: String, _ target: String, _ body: String? = nil, _ more: [(String, String)] = []) -> Answer {
        let own = headers + more
        var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"]
        lines += own.map { "\($0.0): \($0.1)" }
        if let body {
            if !own.contains(where: { $0.0 == "Content-Type" }) { lines.append("Content-Type: application/json") }
            lines.append("Content-Length: \(body.utf8.count)")
        }
        return Self.parse(exchange(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")).utf8)))
    }

    private func exchange(_ request: [UInt8]) -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0, write(descriptor, request, request.count) == request.count else { return [] }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { answer += buffer[..<count] }
        return answer
    }

    private static func parse(_ bytes: [UInt8]) -> Answer {
        let end = Array("\r\n\r\n".utf8)
        guard let split = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return Answer() }
        let lines = String(decoding: bytes[..<split], as: UTF8.self).split(separator: "\r\n")
        var answer = Answer(status: Int(lines[0].split(separator: " ")[1]), body: Array(bytes[(split + 4)...]))
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            answer.headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        return answer
    }
}
