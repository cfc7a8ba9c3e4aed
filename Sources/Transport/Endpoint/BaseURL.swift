/// Where a remote lives: an origin and the path that all its calls begin with.
package struct BaseURL: Sendable, Equatable, CustomStringConvertible {
    package let origin: Origin
    /// Empty, or a path with a leading and without a trailing slash.
    package let path: String
    private let text: String

    /// - Throws: `OriginFault` in words for the person who wrote the URL: other schemes than `http` and `https`, a user name
    ///   or password, a query or fragment, characters that are not percent-encoded ASCII.
    package init(_ url: String) throws(OriginFault) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw OriginFault("the URL is not percent-encoded ASCII") }
        guard !url.contains("?"), !url.contains("#") else { throw OriginFault("the URL has a query or fragment") }
        origin = try Origin(url: url)
        let segments = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst(2)
        guard !segments.contains(where: Self.isDotSegment) else { throw OriginFault("the URL's path has a dot segment") }
        path = segments.map { "/\($0)" }.joined()
        text = origin.description + path
    }

    package var description: String { text }

    /// The absolute URL of `call`; it always begins with this base.
    ///
    /// - Throws: `.invalidCall`, not sent, when path or query are not percent-encoded ASCII, or lead out of the base.
    package func url(of call: EndpointCall) throws(EndpointError) -> String {
        let path = call.path
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3F && $0 != 0x23 && $0 != 0x5C }),
            !path.utf8.contains(where: { $0 == 0x2E || $0 == 0x25 })
                || !path.split(separator: "/").contains(where: Self.isDotSegment)
        else { throw EndpointError(.invalidCall, .notSent, "\(call.title): the path cannot be sent") }
        var url = text
        if !path.isEmpty, !path.hasPrefix("/") { url += "/" }
        url += path
        guard let query = call.query else { return url }
        guard query.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }) else {
            throw EndpointError(.invalidCall, .notSent, "\(call.title): the query cannot be sent")
        }
        return "\(url)?\(query)"
    }

    /// `.` and `..`, spelled out or percent-encoded (RFC 3986, 5.2.4).
    private static func isDotSegment(_ segment: Substring) -> Bool {
        guard segment.utf8.count <= 6, segment.contains(".") || segment.contains("%") else { return false }
        var plain = segment
        for encoded in ["%2e", "%2E"] {
            while let start = plain.firstIndex(of: "%"), plain[start...].hasPrefix(encoded) {
                plain.replaceSubrange(start..<plain.index(start, offsetBy: 3), with: ".")
            }
        }
        return plain == "." || plain == ".."
    }
}
