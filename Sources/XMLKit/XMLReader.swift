/// Reads documents that may be hostile.
///
/// Three gates stand one behind the other: bytes that aren't in a known encoding, tags that would cost too much or declare
/// something, and libxml2, which is told to stop at the first declaration and can't open anything. What comes out is a value.
package struct XMLReader: Sendable {
    package var limits: XMLLimits

    package init(limits: XMLLimits) { self.limits = limits }

    /// - Parameter charset: what HTTP's `Content-Type` says of the encoding, where it says something.
    /// - Throws: ``XMLFault``. A document that is cut off, has two roots, two attributes of one name, a prefix nobody declared or a
    ///   reference that only a DTD could resolve is refused, never mended.
    package func read(_ bytes: [UInt8], charset: String? = nil) throws(XMLFault) -> XMLDocument {
        let parsed = try parse(bytes, charset: charset)
        return XMLDocument(root: try parsed.root(), systemID: parsed.systemID)
    }

    /// What a DTD has against a document; empty for a valid one. The document is read as by ``read(_:charset:)``.
    package func validate(_ bytes: [UInt8], against dtd: borrowing DTD) throws(XMLFault) -> [XMLFault] {
        try parse(bytes, charset: nil).faults(against: dtd)
    }

    /// What a schema has against a document; empty for a valid one. The document is read as by ``read(_:charset:)``.
    package func validate(_ bytes: [UInt8], against schema: borrowing XMLSchema) throws(XMLFault) -> [XMLFault] {
        try parse(bytes, charset: nil).faults(against: schema)
    }

    func parse(_ bytes: [UInt8], charset: String?) throws(XMLFault) -> ParsedDocument {
        guard bytes.count <= limits.bytesMax else {
            throw XMLFault(.tooLarge, "\(bytes.count) bytes, more than the \(limits.bytesMax) that are taken")
        }
        let text = try XMLEncoding.utf8(bytes, charset: charset)
        try XMLOutline.check(text, limits: limits)
        return try ParserContext().parse(text)
    }
}
