extension JSONValue {
    /// The value as compact JSON in UTF-8: no white space between tokens, every spelling as it was.
    public func serialized() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        append(to: &bytes)
        return bytes
    }

    /// The value as compact JSON text.
    public var compactText: String { String(decoding: serialized(), as: UTF8.self) }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number): number.spelling.withBytes { bytes.append(contentsOf: $0) }
        case .string(let string): string.append(to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            let elements = elements.span
            for index in elements.indices {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                elements[index].append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            let members = object.members.span
            for index in members.indices {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                members[index].name.append(to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                members[index].value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The value over several lines, two blanks an indent, for people.
    public var prettyText: String { pretty(indent: "") }

    private func pretty(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .array(let elements) where !elements.isEmpty:
            return "[\n" + elements.map { inner + $0.pretty(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let object) where !object.members.isEmpty:
            let lines = object.members.map { "\(inner)\"\($0.name.literal)\": \($0.value.pretty(indent: inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        default: return compactText
        }
    }
}

extension JSONString {
    fileprivate func append(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        literal.withBytes { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
    }
}
