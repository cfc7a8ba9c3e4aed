/// The escapes of RFC 8259 section 7.
enum JSONEscapes {
    /// The text with what must be escaped escaped, or `nil` where nothing must be.
    static func escape(_ text: String) -> String? {
        guard needsEscapes(text) else { return nil }
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

    private static func needsEscapes(_ text: String) -> Bool {
        let bytes = text.utf8.span
        for index in bytes.indices {
            let byte = bytes[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return true }
        }
        return false
    }

    /// The text a literal stands for. - Precondition: the parser has checked the literal's grammar.
    static func unescape(_ literal: String) -> String {
        var bytes = decode(literal)
        for index in bytes.indices where isLoneSurrogate(bytes, at: index) {
            bytes.replaceSubrange(index..<index + 3, with: "\u{FFFD}".utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Surrogates have no UTF-8; ``decode(_:)`` leaves the lone ones as ED A0…BF xx, which no other text contains.
    private static func isLoneSurrogate(_ bytes: [UInt8], at index: Int) -> Bool {
        bytes[index] == 0xED && index + 2 < bytes.count && bytes[index + 1] >= 0xA0
    }

    /// The code points a literal stands for, in UTF-8 that also has a form for surrogates.
    static func decode(_ literal: String) -> [UInt8] {
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
            let (codePoint, length) = unicodeEscape(source, at: index)
            append(codePoint, to: &result)
            index += length
        }
        return result
    }

    /// RFC 3629 section 3.
    private static func append(_ codePoint: UInt32, to bytes: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { UInt8(0x80 | codePoint >> shift & 0x3F) }
        switch codePoint {
        case ..<0x80: bytes.append(UInt8(codePoint))
        case ..<0x800: bytes += [UInt8(0xC0 | codePoint >> 6), continuation(0)]
        case ..<0x10000: bytes += [UInt8(0xE0 | codePoint >> 12), continuation(6), continuation(0)]
        default: bytes += [UInt8(0xF0 | codePoint >> 18), continuation(12), continuation(6), continuation(0)]
        }
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

    /// One `\uXXXX`, or two that form a surrogate pair: the code point and how many bytes it took.
    private static func unicodeEscape(_ source: [UInt8], at index: Int) -> (codePoint: UInt32, length: Int) {
        let first = codeUnit(source, at: index + 2)
        let next = index + 6
        guard (0xD800...0xDBFF).contains(first), next + 5 < source.count, source[next] == UInt8(ascii: "\\"),
            source[next + 1] == UInt8(ascii: "u")
        else { return (first, 6) }
        let second = codeUnit(source, at: next + 2)
        guard (0xDC00...0xDFFF).contains(second) else { return (first, 6) }
        return (0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), 12)
    }

    private static func codeUnit(_ source: [UInt8], at index: Int) -> UInt32 {
        source[index..<index + 4].reduce(0) { $0 << 4 | UInt32(hexadecimalValue($1) ?? 0) }
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
