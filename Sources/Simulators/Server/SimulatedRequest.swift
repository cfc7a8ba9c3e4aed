internal import HTTPTypes
internal import Orders

/// One request, read to its end.
struct SimulatedRequest: Sendable {
    let method: String
    /// As sent, percent-encoding kept, without the query.
    let path: String
    /// The parts of the path between the slashes, decoded; a slash at the end gives no part.
    let segments: [String]
    /// As sent, without the question mark.
    let query: String
    let headers: HTTPFields
    let host: String
    let body: [UInt8]
    /// Set by a fault: a look-up leaves out what is younger.
    var lookupLagMilliseconds = 0
    /// Set when the request takes effect later than it came: it was let in then, whatever became of its token since.
    var isLate = false
    /// The task that an asynchronous write carries out.
    var taskID: String?

    init(method: String, target: String, headers: HTTPFields, host: String, body: [UInt8]) {
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        self.method = method
        self.path = mark.map { String(target[..<$0]) } ?? target
        self.segments = path.parts(between: UInt8(ascii: "/")).map { PercentEncoding.decode($0) }
        self.query = mark.map { String(target[target.utf8.index(after: $0)...]) } ?? ""
        self.headers = headers
        self.host = host
        self.body = body
    }

    var target: String { query.isEmpty ? path : path + "?" + query }

    /// The media type without parameters, in small letters.
    var mediaType: String {
        let type = (headers[.contentType] ?? "").utf8.prefix { $0 != UInt8(ascii: ";") }
        return String(decoding: type.filter { $0 != UInt8(ascii: " ") }, as: UTF8.self).lowercased()
    }

    func parsedBody() throws(JSONParseError) -> JSONValue { try JSONValue(parsing: body) }
}

extension HTTPField.Name {
    /// Of no standard, and the same with several of those that are played.
    static let apiKey = HTTPField.Name("x-api-key")!
}

/// Percent-encoding (RFC 3986 section 2.1) and forms (`application/x-www-form-urlencoded`).
enum PercentEncoding {
    /// Sequences that aren't valid stay as they are. `plusIsBlank` in queries and forms only.
    static func decode(_ text: String, plusIsBlank: Bool = false) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || plusIsBlank && $0 == UInt8(ascii: "+") }) else {
            return text
        }
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
                let byte = UInt8(String(decoding: source[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                index += 3
            } else {
                bytes.append(plusIsBlank && source[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : source[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Everything but RFC 3986's unreserved characters is escaped.
    static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }

    /// The pairs of a query or a form, in their order.
    static func pairs(_ text: String) -> [(name: String, value: String)] {
        text.parts(between: UInt8(ascii: "&")).map { pair in
            let mark = pair.utf8.firstIndex(of: UInt8(ascii: "="))
            let value = mark.map { String(pair[pair.utf8.index(after: $0)...]) } ?? ""
            return (decode(mark.map { String(pair[..<$0]) } ?? pair, plusIsBlank: true), decode(value, plusIsBlank: true))
        }
    }
}
