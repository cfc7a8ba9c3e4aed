import Orders

/// The limits under which the shop's JSON is read.
enum JSONText {
    /// Eight MiB hold an order of 20,000 lines; 64 levels are ten times what an order has.
    static let limits = JSONLimits(depthMax: 64, bytesMax: 8 << 20)

    /// - Parameter earlier: what the text will mostly be the same as.
    static func parse(_ bytes: [UInt8], like earlier: JSONObject? = nil) throws(JSONParseError) -> JSONValue {
        try JSONValue(parsing: bytes, like: earlier.map(JSONValue.object), limits: limits)
    }
}

extension JSONValue {
    /// An integer, or a string of its digits: the samples show ids as numbers, and other APIs of the shop numbers as strings.
    var wholeNumber: Int64? {
        switch self {
        case .number(let number): Int64(number.spelling)
        case .string(let string): Int64(string.value)
        default: nil
        }
    }

    /// A string, or a number in its spelling.
    var plainText: String? {
        switch self {
        case .string(let string): string.value
        case .number(let number): number.spelling
        default: nil
        }
    }

    /// `null` and the empty string: a field that nobody filled in.
    var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let string): string.literal.isEmpty
        default: false
        }
    }
}
