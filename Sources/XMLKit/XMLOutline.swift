/// Walks over a document's tags before the parser sees them, and refuses what would cost it too much or make it declare things.
///
/// It takes nothing that XML's grammar (XML 1.0, productions 10, 15, 16, 18, 28, 39–44, 67) doesn't, so the parser, which is less
/// strict about what it still does with a broken document, never comes to see a longer tag than was measured here.
struct XMLOutline {
    private let bytes: [UInt8]
    private let limits: XMLLimits
    private var position = 0
    private var depth = 0
    private var elements = 0
    private var hasDoctype = false

    /// - Parameter bytes: in UTF-8.
    static func check(_ bytes: [UInt8], limits: XMLLimits) throws(XMLFault) {
        var outline = XMLOutline(bytes: bytes, limits: limits)
        try outline.walk()
    }

    private init(bytes: [UInt8], limits: XMLLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func walk() throws(XMLFault) {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "<"): try markup()
            case UInt8(ascii: "&"): try reference()
            default: position += 1
            }
        }
        guard depth == 0, elements > 0 else {
            throw malformed(elements == 0 ? "there is no element" : "the document ends too early")
        }
    }

    private mutating func markup() throws(XMLFault) {
        switch position + 1 < bytes.count ? bytes[position + 1] : 0 {
        case UInt8(ascii: "/"):
            position += 2
            try endTag()
        case UInt8(ascii: "?"):
            try skipPast("?>", "a processing instruction")
        case UInt8(ascii: "!"):
            if skip("<!--") {
                try skipPast("--", "a comment")
                guard skip(">") else { throw malformed("'--' in a comment") }
            } else if skip("<![CDATA[") {
                try skipPast("]]>", "a CDATA section")
            } else {
                position += 2
                try doctype()
            }
        default:
            try startTag()
        }
    }

    private mutating func startTag() throws(XMLFault) {
        let start = position
        var attributes = 0
        position += 1
        try name("a tag's name")
        while true {
            let hadSpace = skipSpace()
            if current == UInt8(ascii: ">") {
                position += 1
                depth += 1
                break
            }
            if current == UInt8(ascii: "/"), skip("/>") { break }
            guard hadSpace else { throw malformed("something else than space, '>' or '/>' in a start tag") }
            try attribute(in: start)
            attributes += 1
            guard attributes <= limits.attributesMax else {
                throw beyondLimit("more than \(limits.attributesMax) attributes in a tag")
            }
        }
        try checkTag(from: start)
        elements += 1
        guard depth <= limits.depthMax else { throw beyondLimit("elements more than \(limits.depthMax) deep") }
        guard elements <= limits.elementsMax else { throw beyondLimit("more than \(limits.elementsMax) elements") }
    }

    private mutating func attribute(in start: Int) throws(XMLFault) {
        try name("an attribute's name")
        skipSpace()
        guard skip("=") else { throw malformed("an attribute without '='") }
        skipSpace()
        guard let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw malformed("an attribute's value without quotes")
        }
        position += 1
        while let byte = current, byte != quote {
            if byte == UInt8(ascii: "<") { throw malformed("'<' in an attribute's value") }
            if byte == UInt8(ascii: "&") { try reference() } else { position += 1 }
        }
        guard current != nil else { throw malformed("an attribute's value that doesn't end") }
        position += 1
        try checkTag(from: start)
    }

    private func checkTag(from start: Int) throws(XMLFault) {
        guard position - start <= limits.startTagBytesMax else {
            throw beyondLimit("a start tag of more than \(limits.startTagBytesMax) bytes")
        }
    }

    private mutating func endTag() throws(XMLFault) {
        try name("an end tag's name")
        skipSpace()
        guard skip(">"), depth > 0 else { throw malformed("an end tag that ends nothing") }
        depth -= 1
    }

    /// `<!DOCTYPE name SYSTEM "…">`, nothing more: an internal subset can hang the parser and forge attribute values.
    private mutating func doctype() throws(XMLFault) {
        guard skip("DOCTYPE"), !hasDoctype, elements == 0 else { throw malformed("a declaration where none may stand") }
        hasDoctype = true
        while let byte = current, byte != UInt8(ascii: ">") {
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "<") {
                throw XMLFault(.declaration, line: line, "the DOCTYPE declares something itself; that is never taken")
            }
            position += 1
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else { continue }
            while let inner = current, inner != byte { position += 1 }
            guard current != nil else { break }
            position += 1
        }
        guard skip(">") else { throw malformed("a DOCTYPE that doesn't end") }
    }

    /// One of XML's five entities, or a sign by its number.
    private mutating func reference() throws(XMLFault) {
        position += 1
        guard let end = bytes[position...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw malformed("'&' that begins no reference")
        }
        let name = String(decoding: bytes[position..<end], as: UTF8.self)
        guard name.hasPrefix("#") || ["lt", "gt", "amp", "quot", "apos"].contains(name) else {
            throw XMLFault(.entity, line: line, "an entity that only a DTD could declare")
        }
        position = end + 1
    }

    private mutating func name(_ what: String) throws(XMLFault) {
        let start = position
        while let byte = current, XMLByte.isName(byte) { position += 1 }
        guard position > start else { throw malformed("\(what) is missing") }
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = position
        while let byte = current, XMLByte.isSpace(byte) { position += 1 }
        return position > start
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        guard matches(text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    private mutating func skipPast(_ end: StaticString, _ what: String) throws(XMLFault) {
        let first = end.withUTF8Buffer { unsafe $0[0] }
        while position < bytes.count {
            if bytes[position] == first, skip(end) { return }
            position += 1
        }
        throw malformed("\(what) that doesn't end")
    }

    private func matches(_ text: StaticString) -> Bool {
        guard bytes.count - position >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { buffer in
            for index in buffer.indices where unsafe bytes[position + index] != buffer[index] { return false }
            return true
        }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private var line: Int { 1 + bytes.prefix(position).count { $0 == 0x0A } }

    private func malformed(_ message: String) -> XMLFault { XMLFault(.malformed, line: line, message) }

    private func beyondLimit(_ message: String) -> XMLFault { XMLFault(.beyondLimit, line: line, message) }
}
