/// The escapes of RFC 8259 section 7.
enum JSONEscapes {
    /// The text with what must be escaped escaped, or `nil` where nothing must be.
    static func escape(_ text: String) -> String? {
        guard text.utf8.contains(where: mustBeEscaped) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += Array(#"\b"#.utf8)
            case 0x0C: bytes += Array(#"\f"#.utf8)
            case 0x0A: bytes += Array(#"\n"#.utf8)
            case 0x0D: bytes += Array(#"\r"#.utf8)
            case 0x09: bytes += Array(#"\t"#.utf8)
            case 0x00..<0x20:
                let digits = String(byte, radix: 16)
                bytes += Array((#"\u00"# + (digits.count == 1 ? "0" : "") + digits).utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// - Precondition: the parser has checked the literal's grammar.
    static func unescape(_ literal: String) -> String {
        let source = Array(literal.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            guard source[index] == UInt8(ascii: "\\") else {
                result.append(source[index])
                index += 1
                continue
            }
            let kind = source[index + 1]
            guard kind == UInt8(ascii: "u") else {
                result.append(simple(kind))
                index += 2
                continue
            }
            let (scalar, length) = unicodeEscape(source, at: index)
            result += Array(String(Character(scalar)).utf8)
            index += length
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func simple(_ kind: UInt8) -> UInt8 {
        switch kind {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: kind
        }
    }

    /// One `\uXXXX`, or two that form a surrogate pair: the scalar and how many bytes it took.
    private static func unicodeEscape(_ source: [UInt8], at index: Int) -> (Unicode.Scalar, length: Int) {
        let first = codeUnit(source, at: index + 2)
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        let next = index + 6
        if first < 0xDC00, next + 5 < source.count, source[next] == UInt8(ascii: "\\"), source[next + 1] == UInt8(ascii: "u") {
            let second = codeUnit(source, at: next + 2)
            let combined = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) &- 0xDC00)
            if (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(combined) { return (scalar, 12) }
        }
        return ("\u{FFFD}", 6)
    }

    private static func codeUnit(_ source: [UInt8], at index: Int) -> UInt16 {
        source[index..<index + 4].reduce(0) { $0 << 4 | UInt16(hexadecimalValue($1) ?? 0) }
    }

    static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
