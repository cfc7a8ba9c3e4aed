/// Writes documents: the same value gives the same bytes.
package struct XMLWriter: Sendable {
    /// What the declaration says. Signs outside it are written by their number.
    package var encoding: XMLEncoding
    /// Spaces for each level; `nil` for everything on one line. Elements with text in them are never broken up.
    package var indentation: Int?

    /// - Parameter encoding: any but UTF-16.
    package init(encoding: XMLEncoding = .utf8, indentation: Int? = 2) {
        precondition(encoding != .utf16, "UTF-16 is only read")
        self.encoding = encoding
        self.indentation = indentation
    }

    /// - Throws: ``XMLWriteFault`` for a sign that XML 1.0 forbids even by its number (§2.2), and for a name that is none.
    package func write(_ document: XMLDocument) throws(XMLWriteFault) -> [UInt8] {
        var bytes = Array("<?xml version=\"1.0\" encoding=\"\(encoding.rawValue)\"?>\n".utf8)
        if let systemID = document.systemID {
            guard !systemID.utf8.contains(UInt8(ascii: "\"")) else {
                throw XMLWriteFault(path: "DOCTYPE", message: "a quotation mark in the DTD's address")
            }
            bytes.append(contentsOf: "<!DOCTYPE \(document.root.name) SYSTEM \"\(systemID)\">\n".utf8)
        }
        try write(document.root, depth: 0, path: document.root.name, into: &bytes)
        bytes.append(0x0A)
        return bytes
    }

    private func write(_ element: XMLElement, depth: Int, path: String, into bytes: inout [UInt8]) throws(XMLWriteFault) {
        try checkName(element.name, path)
        bytes.append(contentsOf: "<\(element.name)".utf8)
        for attribute in element.attributes {
            try checkName(attribute.name, "\(path)/@\(attribute.name)")
            bytes.append(contentsOf: " \(attribute.name)=\"".utf8)
            try write(attribute.value, isAttribute: true, path: "\(path)/@\(attribute.name)", into: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        guard !element.children.isEmpty else {
            bytes.append(contentsOf: "/>".utf8)
            return
        }
        bytes.append(UInt8(ascii: ">"))
        let breaksLines = indentation != nil && element.children.allSatisfy { if case .element = $0 { true } else { false } }
        for child in element.children {
            if breaksLines { breakLine(depth + 1, into: &bytes) }
            switch child {
            case .element(let child): try write(child, depth: depth + 1, path: "\(path)/\(child.name)", into: &bytes)
            case .text(let text): try write(text, isAttribute: false, path: path, into: &bytes)
            }
        }
        if breaksLines { breakLine(depth, into: &bytes) }
        bytes.append(contentsOf: "</\(element.name)>".utf8)
    }

    private func breakLine(_ depth: Int, into bytes: inout [UInt8]) {
        bytes.append(0x0A)
        bytes += repeatElement(0x20, count: depth * (indentation ?? 0))
    }

    private func write(_ text: String, isAttribute: Bool, path: String, into bytes: inout [UInt8]) throws(XMLWriteFault) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": bytes.append(contentsOf: "&amp;".utf8)
            case "<": bytes.append(contentsOf: "&lt;".utf8)
            case ">": bytes.append(contentsOf: "&gt;".utf8)
            case "\"" where isAttribute: bytes.append(contentsOf: "&quot;".utf8)
            // A parser turns these into others: CR into LF, and in an attribute all of them into spaces (XML 1.0 §2.11, §3.3.3).
            case "\r": bytes.append(contentsOf: "&#13;".utf8)
            case "\n" where isAttribute: bytes.append(contentsOf: "&#10;".utf8)
            case "\t" where isAttribute: bytes.append(contentsOf: "&#9;".utf8)
            default:
                guard Self.isAllowed(scalar) else {
                    throw XMLWriteFault(path: path, message: "XML can't hold the sign U+\(Self.hexadecimal(scalar))")
                }
                append(scalar, into: &bytes)
            }
        }
    }

    private func append(_ scalar: Unicode.Scalar, into bytes: inout [UInt8]) {
        switch encoding {
        case .utf8, .utf16: bytes.append(contentsOf: String(scalar).utf8)
        case .latin1 where scalar.value <= 0xFF && !(0x80..<0xA0).contains(scalar.value): bytes.append(UInt8(scalar.value))
        case .ascii where scalar.isASCII: bytes.append(UInt8(scalar.value))
        case .ascii, .latin1: bytes.append(contentsOf: "&#\(scalar.value);".utf8)
        }
    }

    /// XML 1.0, production 2.
    package static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Our names come from our own code: letters, digits, `.`, `-`, `_` and `:` are enough.
    private func checkName(_ name: String, _ path: String) throws(XMLWriteFault) {
        guard let first = name.utf8.first, name.utf8.allSatisfy({ $0 < 0x80 && XMLByte.isName($0) }),
            !(0x30...0x39).contains(first), first != UInt8(ascii: "-"), first != UInt8(ascii: ".")
        else { throw XMLWriteFault(path: path, message: "'\(name.prefix(40))' is not a name") }
    }
}

/// Why a value can't be written as XML.
package struct XMLWriteFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The element's names from the root on, with `/@name` for an attribute.
    package var path: String
    package var message: String

    package var description: String { "\(path): \(message)" }
}
