/// How much a JSON text may hold before it is refused.
public struct JSONLimits: Sendable {
    /// Arrays and objects inside one another; the outermost counts as 1.
    public var depthMax: Int
    public var bytesMax: Int

    public init(depthMax: Int = 64, bytesMax: Int = 16 << 20) {
        self.depthMax = depthMax
        self.bytesMax = bytesMax
    }
}

/// Why a text is not JSON, or not JSON we take.
public struct JSONParseError: Error, Sendable, Equatable, CustomStringConvertible {
    public let message: String
    /// Offset in bytes from the start of the text, from 0: of the byte that can't stand there, or of the word, escape or name it
    /// makes wrong; the text's length where something is missing at its end.
    public let byteOffset: Int

    public var description: String { "\(message) at byte \(byteOffset)" }
}

extension JSONValue {
    /// Parses one JSON text (RFC 8259, UTF-8, a leading byte order mark is passed over).
    ///
    /// Stricter than the RFC in one thing: a name that stands twice in one object is refused, because nobody can
    /// know which of the two the server means.
    ///
    /// - Throws: ``JSONParseError`` with the offset at which the text goes wrong or past a limit.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONParseError) {
        try self.init(parsing: bytes, like: nil, limits: limits)
    }

    /// Parses a text that is likely to say what an earlier one said, at a fraction of the cost where it does.
    ///
    /// - Parameter earlier: a value that was parsed before. The result is what it is without one; what is spelled as in there is
    ///   shared with it rather than made anew.
    package init(parsing bytes: [UInt8], like earlier: JSONValue?, limits: JSONLimits = JSONLimits()) throws(JSONParseError) {
        guard bytes.count <= limits.bytesMax else {
            throw JSONParseError(
                message: "the text has \(bytes.count) bytes, more than the limit of \(limits.bytesMax)",
                byteOffset: limits.bytesMax)
        }
        var parser = JSONParser(depthMax: limits.depthMax)
        self = try parser.document(bytes.span, like: earlier)
    }

    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONParseError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive descent over the bytes; recursion is bounded by `depthMax`.
struct JSONParser {
    let depthMax: Int
    var index = 0
    var depth = 0

    init(depthMax: Int) { self.depthMax = depthMax }

    mutating func document(_ bytes: Span<UInt8>, like earlier: JSONValue?) throws(JSONParseError) -> JSONValue {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
        skipWhitespace(bytes)
        var value: JSONValue
        if let earlier {
            value = earlier
            if case .changed(let change) = try comparison(earlier, bytes) { value = change }
        } else {
            value = try self.value(bytes)
        }
        skipWhitespace(bytes)
        guard index == bytes.count else { throw fault("something follows the end of the JSON value") }
        return value
    }

    private func fault(_ message: String) -> JSONParseError { JSONParseError(message: message, byteOffset: index) }

    mutating func skipWhitespace(_ bytes: Span<UInt8>) {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    func peek(_ bytes: Span<UInt8>) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func value(_ bytes: Span<UInt8>) throws(JSONParseError) -> JSONValue {
        guard let byte = peek(bytes) else { throw fault("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try object(bytes))
        case UInt8(ascii: "["): return .array(try array(bytes))
        case UInt8(ascii: "\""): return .string(try string(bytes))
        case UInt8(ascii: "t"): return try word("true", .bool(true), bytes)
        case UInt8(ascii: "f"): return try word("false", .bool(false), bytes)
        case UInt8(ascii: "n"): return try word("null", .null, bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number(bytes))
        default: throw fault("a byte that begins no JSON value (0x\(String(byte, radix: 16)))")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue, _ bytes: Span<UInt8>) throws(JSONParseError) -> JSONValue
    {
        let length = word.utf8CodeUnitCount
        guard index + length <= bytes.count else { throw fault("a word cut short") }
        let text = word.description
        for (offset, byte) in text.utf8.enumerated() where bytes[index + offset] != byte {
            throw fault("a word that is not '\(text)'")
        }
        index += length
        return value
    }

    mutating func enter() throws(JSONParseError) {
        depth += 1
        guard depth <= depthMax else { throw fault("nested deeper than the limit of \(depthMax)") }
        index += 1
    }

    private mutating func object(_ bytes: Span<UInt8>) throws(JSONParseError) -> JSONObject {
        try enter()
        defer { depth -= 1 }
        skipWhitespace(bytes)
        if peek(bytes) == UInt8(ascii: "}") {
            index += 1
            return JSONObject()
        }
        var members = JSONObject.MembersBeingRead()
        while true {
            skipWhitespace(bytes)
            guard peek(bytes) == UInt8(ascii: "\"") else { throw fault("a member's name should begin here") }
            let start = index
            let name = try string(bytes)
            guard members.takes(name) else {
                throw JSONParseError(message: "the name '\(name.literal)' stands twice in one object", byteOffset: start)
            }
            skipWhitespace(bytes)
            guard peek(bytes) == UInt8(ascii: ":") else { throw fault("a ':' should be here") }
            index += 1
            skipWhitespace(bytes)
            members.list.append(JSONObject.Member(name: name, value: try value(bytes)))
            if try closes(UInt8(ascii: "}"), bytes) { return JSONObject(members: members.list) }
        }
    }

    private mutating func array(_ bytes: Span<UInt8>) throws(JSONParseError) -> [JSONValue] {
        try enter()
        defer { depth -= 1 }
        var elements: [JSONValue] = []
        skipWhitespace(bytes)
        if peek(bytes) == UInt8(ascii: "]") {
            index += 1
            return elements
        }
        while true {
            skipWhitespace(bytes)
            elements.append(try value(bytes))
            if try closes(UInt8(ascii: "]"), bytes) { return elements }
        }
    }

    /// After an element: `true` past the closing bracket, `false` past a comma.
    private mutating func closes(_ bracket: UInt8, _ bytes: Span<UInt8>) throws(JSONParseError) -> Bool {
        skipWhitespace(bytes)
        switch peek(bytes) {
        case bracket:
            index += 1
            return true
        case UInt8(ascii: ","):
            index += 1
            return false
        case nil: throw fault("the text ends inside an array or object")
        default: throw fault("a ',' or a closing bracket should be here")
        }
    }

    private mutating func string(_ bytes: Span<UInt8>) throws(JSONParseError) -> JSONString {
        index += 1
        let start = index
        var hasEscapes = false
        scan: while true {
            guard index < bytes.count else { throw fault("the text ends inside a string") }
            switch bytes[index] {
            case UInt8(ascii: "\""): break scan
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape(bytes)
            case ..<0x20: throw fault("a control character inside a string")
            default: index += 1
            }
        }
        let literal = try text(bytes, from: start)
        index += 1
        return JSONString(literal: literal, hasEscapes: hasEscapes)
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(JSONParseError) {
        guard index + 1 < bytes.count else { throw fault("the text ends inside a string") }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 2
        case UInt8(ascii: "u"):
            for offset in 2..<6 {
                guard index + offset < bytes.count, JSONEscapes.hexadecimalValue(bytes[index + offset]) != nil else {
                    throw fault("a \\u that is not followed by four hexadecimal digits")
                }
            }
            index += 6
        default: throw fault("an escape that JSON does not know")
        }
    }

    /// The text from `start` up to `index`, checked to be UTF-8.
    private func text(_ bytes: Span<UInt8>, from start: Int) throws(JSONParseError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes.extracting(start..<index)))
        } catch {
            throw JSONParseError(message: "bytes that are not UTF-8", byteOffset: start + error.byteOffsets.lowerBound)
        }
    }

    private mutating func number(_ bytes: Span<UInt8>) throws(JSONParseError) -> JSONNumber {
        let start = index
        if peek(bytes) == UInt8(ascii: "-") { index += 1 }
        if peek(bytes) == UInt8(ascii: "0") {
            index += 1
        } else {
            try digits(bytes)
        }
        if peek(bytes) == UInt8(ascii: ".") {
            index += 1
            try digits(bytes)
        }
        if let byte = peek(bytes), byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            index += 1
            if let sign = peek(bytes), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
            try digits(bytes)
        }
        return JSONNumber(spelling: try text(bytes, from: start))
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONParseError) {
        let start = index
        while let byte = peek(bytes), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        guard index > start else { throw fault("a digit should be here") }
    }
}
