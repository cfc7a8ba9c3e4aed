/// One call, addressed relative to an endpoint's base.
package struct EndpointCall: Sendable, Equatable {
    package var method: HTTPMethod
    /// Percent-encoded, below the base's path; the leading slash may be left out.
    package var path: String
    /// Percent-encoded, without the question mark.
    package var query: String?
    /// The `Accept` header; `nil` sends libcurl's `*/*`.
    package var accepts: String?
    package var headers: HTTPHeaders
    package var body: [UInt8]?
    /// Whether doing it twice is as good as once; by default only GET and HEAD are.
    package var isRepeatable: Bool
    /// Whether it changes nothing at the remote; by default only GET and HEAD don't.
    package var onlyReads: Bool
    /// `nil` takes the endpoint's.
    package var deadlines: HTTPDeadlines?
    /// How long after `send` was called an attempt may still begin, for a call that relies on something that grows old: waiting
    /// for credentials, for the rate limit and between attempts takes time. `nil`: for ever.
    package var startLimit: Duration?
    /// How long the call may take with all its attempts and the waits between them: no attempt begins later, and those after the first
    /// end by then. `nil`: as long as that takes.
    package var timeLimit: Duration?

    package init(
        _ method: HTTPMethod = .get, _ path: String, query: String? = nil, accepts: String? = nil, headers: HTTPHeaders = [:],
        body: [UInt8]? = nil, isRepeatable: Bool? = nil, onlyReads: Bool? = nil, deadlines: HTTPDeadlines? = nil,
        startLimit: Duration? = nil, timeLimit: Duration? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.accepts = accepts
        self.headers = headers
        self.body = body
        self.isRepeatable = isRepeatable ?? method.onlyReads
        self.onlyReads = onlyReads ?? method.onlyReads
        self.deadlines = deadlines
        self.startLimit = startLimit
        self.timeLimit = timeLimit
    }

    /// The call for the page that a `next` link names: this one with the link's query. The link's host and path are not
    /// used, since they may differ from the configured ones and no credential may go there; `nil` when it has no query.
    package func following(next link: String) -> Self? {
        guard let mark = link.firstIndex(of: "?") else { return nil }
        let query = link[link.index(after: mark)...].prefix { $0 != "#" }
        guard !query.isEmpty, query.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        var call = self
        call.query = String(query)
        return call
    }

    /// Method and path, for messages.
    package var title: String { "\(method.rawValue) \(path.isEmpty ? "/" : path.prefix { $0 != "?" && $0 != "#" })" }
}

/// Percent-encoding (RFC 3986, 2.1).
package enum PercentEncoding {
    /// Encodes everything but letters, digits, `-`, `.`, `_` and `~`; fit for a path segment, a query and a form.
    package static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(byte)
            default: result += [0x25, digit(byte >> 4), digit(byte & 0x0F)]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `name=value&name=value`, in the order given.
    package static func query(_ items: [(name: String, value: String)]) -> String {
        items.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x41 + value - 10
    }
}
