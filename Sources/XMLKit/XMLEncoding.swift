/// The character encodings that are read and written.
///
/// The reader turns each into UTF-8 by itself, so that libxml2's converters, UTF-7 among them, never see bytes from outside.
package enum XMLEncoding: String, Sendable, Equatable, CaseIterable {
    case utf8 = "UTF-8"
    case ascii = "US-ASCII"
    case latin1 = "ISO-8859-1"
    /// Read only.
    case utf16 = "UTF-16"

    /// Names in declarations and in HTTP's `charset`, in small letters. Source: IANA's character set registry, the usual aliases.
    private static let names: [String: XMLEncoding] = [
        "utf-8": .utf8, "utf8": .utf8, "us-ascii": .ascii, "ascii": .ascii, "iso-8859-1": .latin1, "latin1": .latin1,
        "utf-16": .utf16, "utf-16le": .utf16, "utf-16be": .utf16,
    ]

    package init?(name: String) {
        guard let encoding = Self.names[name.lowercased()] else { return nil }
        self = encoding
    }

    /// The document as UTF-8, without a byte order mark.
    ///
    /// - Parameter charset: what HTTP says of the encoding; it outranks the declaration (RFC 7303 §3). A byte order mark outranks both.
    /// - Throws: ``XMLFault`` for an encoding that isn't read, and for bytes that aren't in it; nothing is replaced.
    static func utf8(_ bytes: [UInt8], charset: String?) throws(XMLFault) -> [UInt8] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return try decode(bytes.dropFirst(3), .utf8) }
        if bytes.starts(with: [0xFE, 0xFF]) { return try utf16(bytes.dropFirst(2), isBigEndian: true) }
        if bytes.starts(with: [0xFF, 0xFE]) { return try utf16(bytes.dropFirst(2), isBigEndian: false) }
        // XML 1.0 appendix F: the first sign is `<`, so a zero beside it tells UTF-16 without a mark.
        if bytes.count >= 2, bytes[0] == 0 || bytes[1] == 0 { return try utf16(bytes[...], isBigEndian: bytes[0] == 0) }
        guard let name = charset ?? declaredName(bytes) else { return try decode(bytes[...], .utf8) }
        guard let encoding = XMLEncoding(name: name) else {
            throw XMLFault(.encoding, "the encoding '\(name.prefix(40))' is not read")
        }
        guard encoding != .utf16 else { throw XMLFault(.encoding, "the document says UTF-16, and its bytes are not") }
        return try decode(bytes[...], encoding)
    }

    /// The name in `<?xml … encoding="…"?>`.
    private static func declaredName(_ bytes: [UInt8]) -> String? {
        guard bytes.starts(with: Array("<?xml".utf8)), let end = bytes.prefix(200).firstIndex(of: UInt8(ascii: ">")) else {
            return nil
        }
        // By hand: with an expression, reading a short answer takes three times as long.
        guard let word = bytes[..<end].firstRange(of: Array("encoding".utf8)), XMLByte.isSpace(bytes[word.lowerBound - 1]) else {
            return nil
        }
        var rest = bytes[word.upperBound..<end].drop(while: XMLByte.isSpace)
        guard rest.popFirst() == UInt8(ascii: "=") else { return nil }
        rest = rest.drop(while: XMLByte.isSpace)
        guard let quote = rest.popFirst(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let name = rest.prefix { $0 != quote }
        guard (1...40).contains(name.count), name.count < rest.count,
            name.allSatisfy({ $0 < 0x80 && XMLByte.isName($0) && $0 != UInt8(ascii: ":") })
        else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    private static func decode(_ bytes: ArraySlice<UInt8>, _ encoding: XMLEncoding) throws(XMLFault) -> [UInt8] {
        switch encoding {
        case .utf8:
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw XMLFault(.encoding, "the bytes are not UTF-8")
            }
            return Array(text.utf8)
        case .ascii:
            guard bytes.allSatisfy({ $0 < 0x80 }) else { throw XMLFault(.encoding, "the bytes are not US-ASCII") }
            return Array(bytes)
        case .latin1:
            return bytes.flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
        case .utf16:
            preconditionFailure("UTF-16 needs a byte order")
        }
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) throws(XMLFault) -> [UInt8] {
        let bytes = Array(bytes)
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index -> UInt16 in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        guard bytes.count.isMultiple(of: 2), let text = String(validating: units, as: UTF16.self) else {
            throw XMLFault(.encoding, "the bytes are not UTF-16")
        }
        return Array(text.utf8)
    }
}
