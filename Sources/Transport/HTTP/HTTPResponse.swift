/// A whole answer, of any status.
package struct HTTPResponse: Sendable, Equatable {
    package var status: Int
    package var headers: HTTPHeaders
    /// Decompressed.
    package var body: [UInt8]

    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The server's clock by its `Date` header, in milliseconds since 1970; `nil` when missing or unreadable.
    package var dateMillisecondsSince1970: Int64? {
        headers["Date"].flatMap(HTTPDate.millisecondsSince1970)
    }

    /// How long the server asks to be left alone (RFC 9110, 10.2.3), in milliseconds, never negative; `nil` when it
    /// doesn't say. A date is measured from the answer's own `Date`, else from `now`.
    package func retryAfterMilliseconds(now: Int64) -> Int64? {
        guard let text = headers["Retry-After"] else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A number too long for Int64 is a wait without end.
            let seconds = Int64(text) ?? .max
            return seconds.multipliedReportingOverflow(by: 1000).overflow ? .max : seconds * 1000
        }
        guard let date = HTTPDate.millisecondsSince1970(text) else { return nil }
        return max(0, date - (dateMillisecondsSince1970 ?? now))
    }
}
