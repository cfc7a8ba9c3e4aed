import CLibXML2

/// One libxml2 document tree, freed with this value.
@safe struct ParsedDocument: ~Copyable {
    private let library: LibXML2
    private let raw: xmlDocPtr

    init(takingOwnership document: xmlDocPtr, of library: LibXML2) {
        self.library = library
        unsafe raw = document
    }

    deinit { unsafe library.functions.xmlFreeDoc(raw) }

    var hasInternalSubset: Bool {
        guard let subset = unsafe raw.pointee.intSubset else { return false }
        return unsafe subset.pointee.children != nil
    }

    var systemID: String? {
        guard let subset = unsafe raw.pointee.intSubset, let address = unsafe subset.pointee.SystemID else { return nil }
        return unsafe Self.text(address)
    }

    /// The tree as a value.
    ///
    /// - Throws: ``XMLFault`` for a reference to an entity, which would leave a hole in the text.
    borrowing func root() throws(XMLFault) -> XMLElement {
        guard let root = unsafe library.functions.xmlDocGetRootElement(raw) else {
            throw XMLFault(.malformed, "there is no element")
        }
        return try unsafe Self.element(root)
    }

    /// What the DTD has against the document.
    borrowing func faults(against dtd: borrowing DTD) -> [XMLFault] { unsafe dtd.faults(in: raw) }

    /// What a schema has against the document.
    borrowing func faults(against schema: borrowing XMLSchema) -> [XMLFault] { unsafe schema.faults(in: raw) }

    /// The document taken for a schema; `nil` where it isn't one. It points into the document.
    borrowing func schema() -> xmlSchemaPtr? {
        guard let context = unsafe library.functions.xmlSchemaNewDocParserCtxt(raw) else { return nil }
        defer { unsafe library.functions.xmlSchemaFreeParserCtxt(context) }
        return unsafe library.functions.xmlSchemaParse(context)
    }

    /// Goes as deep as ``XMLLimits/depthMax`` and no deeper.
    private static func element(_ node: xmlNodePtr) throws(XMLFault) -> XMLElement {
        var element = unsafe XMLElement(
            qualified(node.pointee.name, node.pointee.ns), namespace: node.pointee.ns?.pointee.href.map { unsafe text($0) })
        element.line = unsafe Int(node.pointee.line)
        var attribute = unsafe node.pointee.properties
        while let current = unsafe attribute {
            let name = unsafe qualified(current.pointee.name, current.pointee.ns)
            element.attributes.append(try unsafe XMLAttribute(name, content(current.pointee.children, line: element.line)))
            unsafe attribute = current.pointee.next
        }
        var child = unsafe node.pointee.children
        while let current = unsafe child {
            switch unsafe current.pointee.type {
            case XML_ELEMENT_NODE: element.children.append(.element(try unsafe self.element(current)))
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE: unsafe element.append(text(current.pointee.content))
            case XML_COMMENT_NODE, XML_PI_NODE: break
            default: throw XMLFault(.entity, line: element.line, "something else than elements and text")
            }
            unsafe child = current.pointee.next
        }
        return element
    }

    /// An attribute's value, which libxml2 keeps as a list of nodes.
    private static func content(_ first: xmlNodePtr?, line: Int) throws(XMLFault) -> String {
        var value = ""
        var node = unsafe first
        while let current = unsafe node {
            guard unsafe current.pointee.type == XML_TEXT_NODE else {
                throw XMLFault(.entity, line: line, "something else than text in an attribute")
            }
            value += unsafe text(current.pointee.content)
            unsafe node = current.pointee.next
        }
        return value
    }

    private static func qualified(_ name: UnsafePointer<xmlChar>, _ namespace: UnsafeMutablePointer<xmlNs>?) -> String {
        guard let prefix = unsafe namespace?.pointee.prefix else { return unsafe text(name) }
        return unsafe "\(text(prefix)):\(text(name))"
    }

    private static func text(_ bytes: UnsafePointer<xmlChar>?) -> String { unsafe bytes.map { unsafe String(cString: $0) } ?? "" }
}

extension XMLElement {
    /// Adds a text, to the one before it where there is one.
    fileprivate mutating func append(_ text: String) {
        if case .text(let before)? = children.last {
            children[children.count - 1] = .text(before + text)
        } else if !text.isEmpty {
            children.append(.text(text))
        }
    }
}
