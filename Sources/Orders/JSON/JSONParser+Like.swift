/// Reading what was mostly read before: a shop answers every write with the whole order, of which one field has changed.
extension JSONParser {
    enum Comparison {
        /// Spelled as before, white space between tokens aside; nothing was allocated to see that.
        case same
        case changed(JSONValue)
    }

    /// Reads the value that begins here.
    mutating func comparison(_ earlier: JSONValue, _ bytes: Span<UInt8>) throws(JSONParseError) -> Comparison {
        switch earlier {
        case .object(let object) where !object.members.isEmpty && peek(bytes) == UInt8(ascii: "{"):
            return try comparison(object, bytes)
        case .array(let elements) where !elements.isEmpty && peek(bytes) == UInt8(ascii: "["):
            return try comparison(elements, bytes)
        case .string(let string):
            return takes(string, bytes) ? .same : .changed(try value(bytes))
        case .number(let number):
            return takes(number, bytes) ? .same : .changed(try value(bytes))
        default:
            let value = try value(bytes)
            return value == earlier ? .same : .changed(value)
        }
    }

    /// Where names, their order or their number differ, the object is read from its beginning as if there were no earlier one. Each
    /// level of nesting does so once at most.
    private mutating func comparison(_ earlier: JSONObject, _ bytes: Span<UInt8>) throws(JSONParseError) -> Comparison {
        let start = self
        try enter()
        var object = earlier
        var hasChanged = false
        let members = earlier.members.span
        for position in members.indices {
            guard takesName(members[position].name, bytes) else { return try reread(from: start, bytes) }
            if case .changed(let value) = try comparison(members[position].value, bytes) {
                object.replaceValue(at: position, with: value)
                hasChanged = true
            }
            guard takes(position + 1 < members.count ? UInt8(ascii: ",") : UInt8(ascii: "}"), bytes) else {
                return try reread(from: start, bytes)
            }
        }
        depth -= 1
        return hasChanged ? .changed(.object(object)) : .same
    }

    private mutating func comparison(_ earlier: [JSONValue], _ bytes: Span<UInt8>) throws(JSONParseError) -> Comparison {
        let start = self
        try enter()
        var elements = earlier
        var hasChanged = false
        for position in earlier.indices {
            skipWhitespace(bytes)
            guard peek(bytes) != UInt8(ascii: "]") else { return try reread(from: start, bytes) }
            if case .changed(let value) = try comparison(earlier[position], bytes) {
                elements[position] = value
                hasChanged = true
            }
            guard takes(position + 1 < earlier.count ? UInt8(ascii: ",") : UInt8(ascii: "]"), bytes) else {
                return try reread(from: start, bytes)
            }
        }
        depth -= 1
        return hasChanged ? .changed(.array(elements)) : .same
    }

    private mutating func reread(from start: JSONParser, _ bytes: Span<UInt8>) throws(JSONParseError) -> Comparison {
        self = start
        return .changed(try value(bytes))
    }

    /// Goes past a member's name, its colon and the white space around them, if that name stands here in that spelling.
    private mutating func takesName(_ name: JSONString, _ bytes: Span<UInt8>) -> Bool {
        skipWhitespace(bytes)
        guard takes(name, bytes), takes(UInt8(ascii: ":"), bytes) else { return false }
        skipWhitespace(bytes)
        return true
    }

    /// Goes past the white space and the byte behind it, if it is this one.
    private mutating func takes(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        skipWhitespace(bytes)
        guard peek(bytes) == byte else { return false }
        index += 1
        return true
    }

    private mutating func takes(_ string: JSONString, _ bytes: Span<UInt8>) -> Bool {
        let end = index + 1 + string.literal.utf8.count
        guard end < bytes.count, bytes[index] == UInt8(ascii: "\""), bytes[end] == UInt8(ascii: "\""),
            string.literal.hasSameBytes(as: bytes.extracting(index + 1..<end))
        else { return false }
        index = end + 1
        return true
    }

    /// A number ends where something stands that no number has in it.
    private mutating func takes(_ number: JSONNumber, _ bytes: Span<UInt8>) -> Bool {
        let end = index + number.spelling.utf8.count
        guard end <= bytes.count, number.spelling.hasSameBytes(as: bytes.extracting(index..<end)) else { return false }
        if end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
                UInt8(ascii: "+"), UInt8(ascii: "-"):
                return false
            default: break
            }
        }
        index = end
        return true
    }
}
