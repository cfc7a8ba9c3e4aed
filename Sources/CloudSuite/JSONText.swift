import Orders

/// The limits under which the shop's JSON is read.
enum JSONText {
    /// Eight MiB hold an order of 20,000 lines; 64 levels are ten times what an order has.
    static let limits = JSONLimits(depthMax: 64, bytesMax: 8 << 20)

    static func parse(_ bytes: [UInt8]) throws(JSONParseError) -> JSONValue { try JSONValue(parsing: bytes, limits: limits) }
}
