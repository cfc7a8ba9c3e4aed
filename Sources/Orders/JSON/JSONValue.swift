/// A JSON value that loses nothing: numbers keep their spelling, strings their escapes, objects their order.
///
/// Parsing what a server sent and serializing it again gives the same bytes, white space between tokens aside.
/// That is what lets a whole order be written back with only our own fields changed.
/// Grammar: RFC 8259.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(JSONString)
    case array([JSONValue])
    case object(JSONObject)

    /// A string value, escaped as JSON asks.
    public static func text(_ value: String) -> JSONValue { .string(JSONString(value)) }

    /// A whole number.
    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(JSONNumber(value)) }

    /// `null` where there is no text.
    public static func text(_ value: String?) -> JSONValue { value.map { .text($0) } ?? .null }

    /// The decoded text, if this is a string.
    public var stringValue: String? { if case .string(let string) = self { string.value } else { nil } }

    /// The number as an integer, if this is a number written as one.
    public var integerValue: Int64? { if case .number(let number) = self { Int64(number.spelling) } else { nil } }

    public var boolValue: Bool? { if case .bool(let bool) = self { bool } else { nil } }

    public var arrayValue: [JSONValue]? { if case .array(let array) = self { array } else { nil } }

    public var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }

    public var isNull: Bool { self == .null }

    /// The member of that name, if this is an object that has it.
    public subscript(_ key: String) -> JSONValue? { objectValue?[key] }

    /// What kind of value this is, in the words of RFC 8259, for messages.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// A JSON number as it was spelled: `1.0` stays `1.0`, and thirty digits stay thirty digits.
public struct JSONNumber: Sendable, Equatable {
    public let spelling: String

    public init(_ value: some BinaryInteger) { spelling = String(value) }

    /// - Precondition: `spelling` follows the number grammar of RFC 8259, as what the parser yields does. (``ExactDecimal`` also
    ///   takes `+5` and `007`, which are no JSON numbers.)
    public init(spelling: String) { self.spelling = spelling }
}

/// A JSON string with the spelling between its quotes, so that `\u00e9` isn't turned into `é` on the way through.
public struct JSONString: Sendable, Hashable {
    /// The characters between the quotes, escapes as they were written.
    public let literal: String
    let hasEscapes: Bool

    init(literal: String, hasEscapes: Bool) {
        self.literal = literal
        self.hasEscapes = hasEscapes
    }

    /// A string to be written: escapes only what RFC 8259 says must be (quote, backslash, control characters).
    public init(_ value: String) {
        let escaped = JSONEscapes.escape(value)
        self.init(literal: escaped ?? value, hasEscapes: escaped != nil)
    }

    /// The text the literal stands for. A lone surrogate, which Unicode text can't hold, reads as U+FFFD; the literal keeps it.
    public var value: String { hasEscapes ? JSONEscapes.unescape(literal) : literal }

    /// The text in UTF-8, a lone surrogate as the three bytes that its code point would have: two texts that differ, differ here.
    var bytes: [UInt8] { hasEscapes ? JSONEscapes.decode(literal) : Array(literal.utf8) }

    /// Two strings are equal when they stand for the same code points, however they were escaped (RFC 8259 section 8.3).
    public static func == (left: JSONString, right: JSONString) -> Bool {
        if left.hasEscapes || right.hasEscapes { return left.bytes == right.bytes }
        return left.literal.hasSameBytes(as: right.literal)
    }

    public func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
    public init(nilLiteral: ()) { self = .null }
}
