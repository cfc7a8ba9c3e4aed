/// One element of a document, with everything below it: a value, without pointers into the parser's tree.
///
/// Comments and processing instructions are left out by the reader. Two elements are equal when they say the same; the line they
/// stood on doesn't count.
package struct XMLElement: Sendable {
    /// As written, with its prefix, such as `Status` or `ds:Signature`.
    package var name: String
    /// The namespace's name, `nil` without one.
    package var namespace: String?
    /// In document order; namespace declarations aren't among them.
    package var attributes: [XMLAttribute]
    /// Neighbouring texts are one node.
    package var children: [XMLNode]
    /// Where the start tag stood, from 1; 0 for an element that was not read. Source: libxml2, which counts to 65,535.
    package var line = 0

    package init(_ name: String, namespace: String? = nil, attributes: [XMLAttribute] = [], children: [XMLNode] = []) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.children = children
    }

    /// An element with a text in it, and no child for an empty text.
    package init(_ name: String, attributes: [XMLAttribute] = [], text: String) {
        self.init(name, attributes: attributes, children: text.isEmpty ? [] : [.text(text)])
    }

    /// The child elements, texts left out.
    package var elements: [XMLElement] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// The child elements of that name.
    package func elements(_ name: String) -> [XMLElement] { elements.filter { $0.name == name } }

    /// The first child element of that name.
    package subscript(name: String) -> XMLElement? {
        for case .element(let element) in children where element.name == name { return element }
        return nil
    }

    /// The attribute of that name, with its prefix, such as `xml:lang`.
    package func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

    /// All text directly in this element, as written.
    package var text: String {
        children.reduce(into: "") { text, child in if case .text(let part) = child { text += part } }
    }

    /// Whether there is nothing but space between its child elements.
    package var hasOnlyElements: Bool {
        children.allSatisfy { if case .text(let text) = $0 { text.utf8.allSatisfy(XMLByte.isSpace) } else { true } }
    }
}

extension XMLElement: Equatable {
    package static func == (left: XMLElement, right: XMLElement) -> Bool {
        left.name == right.name && left.namespace == right.namespace && left.attributes == right.attributes
            && left.children == right.children
    }
}

/// A piece of an element's content.
package enum XMLNode: Sendable, Equatable {
    case element(XMLElement)
    case text(String)
}

/// One attribute, its value with all references resolved.
package struct XMLAttribute: Sendable, Equatable {
    /// As written, with its prefix.
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A document: its root and what its DOCTYPE names.
package struct XMLDocument: Sendable, Equatable {
    package var root: XMLElement
    /// The address behind `SYSTEM` (or the second one behind `PUBLIC`); it is never fetched.
    package var systemID: String?

    package init(root: XMLElement, systemID: String? = nil) {
        self.root = root
        self.systemID = systemID
    }
}

/// What XML's grammar says about single bytes.
enum XMLByte {
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }

    /// Whether a name may hold it; every byte of a longer UTF-8 sequence may, and the parser knows better which.
    static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3A, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x2D, 0x2E: true
        default: byte >= 0x80
        }
    }
}
