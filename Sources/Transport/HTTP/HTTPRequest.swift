/// The methods Crossdock uses (RFC 9110, 9; PATCH: RFC 5789).
package enum HTTPMethod: String, Sendable, Codable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"

    /// Whether the method only reads, so that sending it twice is harmless whatever became of the first (RFC 9110, 9.2.1).
    package var onlyReads: Bool { self == .get || self == .head }
}

/// How long one exchange may take.
package struct HTTPDeadlines: Sendable, Equatable {
    /// Name look-up, connection and TLS handshake together.
    package var connect: Duration
    /// From the call of `perform` to the last byte of the answer, time spent waiting for a free connection included.
    package var total: Duration
    /// The longest pause without a byte in either direction once connected; the wait for the answer's first byte counts.
    package var stall: Duration

    package init(connect: Duration = .seconds(10), total: Duration = .seconds(60), stall: Duration = .seconds(30)) {
        self.connect = connect
        self.total = total
        self.stall = stall
    }

    mutating func shorten(to longest: Duration) {
        (connect, total, stall) = (min(connect, longest), min(total, longest), min(stall, longest))
    }
}

/// One request to an absolute URL.
package struct HTTPRequest: Sendable, Equatable {
    /// What is taken of an answer unless the caller says otherwise: 16 MiB, counted after decompression.
    package static let responseBytesMaxDefault = 16 << 20

    package var method: HTTPMethod
    /// `http://` or `https://`, ASCII, percent-encoded, without user name and password.
    package var url: String
    /// Without `Host`, `Content-Length`, `Transfer-Encoding`, `Connection`, `Expect` and `Accept-Encoding`, which the transport sets.
    package var headers: HTTPHeaders
    package var body: [UInt8]?
    /// Whether doing it twice is as good as once. A request that is not repeatable is begun at most once, over HTTP/1.1.
    package var isRepeatable: Bool
    /// Whether it changes nothing at the remote, whatever its method: some remotes are asked by POST.
    package var onlyReads: Bool
    package var deadlines: HTTPDeadlines
    /// The longest body taken, in bytes, after decompression.
    package var responseBytesMax: Int

    /// - Parameters:
    ///   - isRepeatable: by default only GET and HEAD are.
    ///   - onlyReads: likewise.
    package init(
        method: HTTPMethod = .get, url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil, isRepeatable: Bool? = nil,
        onlyReads: Bool? = nil, deadlines: HTTPDeadlines = HTTPDeadlines(), responseBytesMax: Int = Self.responseBytesMaxDefault
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isRepeatable = isRepeatable ?? method.onlyReads
        self.onlyReads = onlyReads ?? method.onlyReads
        self.deadlines = deadlines
        self.responseBytesMax = responseBytesMax
    }
}

extension HTTPRequest {
    /// Names the request in errors and logs: method and URL without its query, which may carry secrets.
    package var title: String {
        guard (try? Origin(url: url)) != nil else { return "\(method.rawValue) of an unusable URL" }
        return "\(method.rawValue) \(url.prefix { $0 != "?" && $0 != "#" })"
    }

    /// Refuses what would not go over the wire as meant.
    ///
    /// - Throws: `.invalidRequest`, not sent.
    package func validate() throws(TransportError) {
        if let fault { throw TransportError(.invalidRequest, .notSent, "\(title): \(fault)") }
    }

    private var fault: String? {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "the URL is not percent-encoded ASCII" }
        do throws(OriginFault) { _ = try Origin(url: url) } catch { return error.message }
        if body != nil, method.onlyReads { return "a \(method.rawValue) carries no body" }
        for field in headers.fields {
            if let fault = Self.fault(in: field) { return fault }
        }
        return nil
    }

    private static let fieldsOfTheTransport = [
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "Accept-Encoding",
    ]

    private static func fault(in field: HTTPHeaders.Field) -> String? {
        guard !field.name.isEmpty, field.name.utf8.allSatisfy(isTokenByte) else { return "a header name is not a token" }
        guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            return "the header \(field.name) has control characters"
        }
        guard !fieldsOfTheTransport.contains(where: { HTTPHeaders.isSameName($0, field.name) }) else {
            return "the header \(field.name) is the transport's to set"
        }
        return nil
    }

    /// RFC 9110, 5.6.2: `tchar`.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
    }
}
