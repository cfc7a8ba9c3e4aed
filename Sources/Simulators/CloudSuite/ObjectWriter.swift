internal import Orders

/// Writes one compact JSON object, member by member.
struct ObjectWriter {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// - Parameters:
    ///   - name: the characters between the quotes, escaped.
    ///   - value: a JSON value.
    mutating func add(_ name: some Sequence<UInt8>, _ value: some Sequence<UInt8>) {
        begin(name)
        bytes += value
    }

    mutating func add(_ name: some Sequence<UInt8>, _ value: JSONValue) {
        begin(name)
        value.write(to: &bytes)
    }

    private mutating func begin(_ name: some Sequence<UInt8>) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        bytes += name
        bytes += [UInt8(ascii: "\""), UInt8(ascii: ":")]
    }

    consuming func finished() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

extension JSONValue {
    /// The same bytes as `serialized()`, without an array of their own where the value is a scalar.
    fileprivate func write(to bytes: inout [UInt8]) {
        switch self {
        case .number(let number): bytes += number.spelling.utf8
        case .string(let string):
            bytes.append(UInt8(ascii: "\""))
            bytes += string.literal.utf8
            bytes.append(UInt8(ascii: "\""))
        case .null: bytes += "null".utf8
        default: bytes += serialized()
        }
    }
}
