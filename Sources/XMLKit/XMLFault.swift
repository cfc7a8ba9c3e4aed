/// Why bytes are not a document that we take.
package struct XMLFault: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        /// More bytes than ``XMLLimits/bytesMax``.
        case tooLarge
        /// A start tag, a depth or a number of elements beyond ``XMLLimits``.
        case beyondLimit
        /// An encoding we don't read, or bytes that are not in the one that is declared.
        case encoding
        /// The document declares entities, attributes or elements of its own, or has room for such declarations.
        case declaration
        /// A reference to an entity other than the five that XML knows.
        case entity
        /// Not well-formed, or not with regard to namespaces.
        case malformed
        /// Well-formed, and not what its DTD or schema asks for.
        case invalid
        /// libxml2 isn't installed, or has no memory; the document itself was not looked at.
        case unavailable
    }

    package var reason: Reason
    /// From 1; `nil` where no line can be named.
    package var line: Int?
    package var message: String

    package init(_ reason: Reason, line: Int? = nil, _ message: String) {
        self.reason = reason
        self.line = line
        self.message = message
    }

    package var description: String { line.map { "line \($0): \(message)" } ?? message }
}

/// How much a document may ask of us.
///
/// libxml2's own limits are not enough: 20,000 attributes in a tag of 190 kB take it 3.3 s, 64 MB of empty elements 2.2 GB
/// (measured with 2.9.14).
package struct XMLLimits: Sendable, Equatable {
    /// Bytes of the whole document, in its own encoding.
    package var bytesMax: Int
    /// Bytes of one start tag in UTF-8, from `<` to `>`.
    package var startTagBytesMax = 8 * 1024
    package var attributesMax = 100
    /// Elements inside one another; libxml2 itself stops at 256.
    package var depthMax = 100
    package var elementsMax = 100_000

    package init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// What a short answer may be: 64 KiB.
    package static let answer = XMLLimits(bytesMax: 64 * 1024)
    /// What an order or a document may be: 16 MiB.
    package static let document = XMLLimits(bytesMax: 16 * 1024 * 1024)
}
