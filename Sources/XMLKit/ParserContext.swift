import CLibXML2

/// One libxml2 parser context, made so that it can neither load nor declare anything. For one document, on one thread.
@safe struct ParserContext: ~Copyable {
    private let library: LibXML2
    private let raw: xmlParserCtxtPtr
    private let watch: DeclarationWatch

    init() throws(XMLFault) {
        let library = try LibXML2.loaded()
        guard let raw = library.functions.xmlNewParserCtxt() else { throw LibXML2.outOfMemory }
        self.library = library
        unsafe self.raw = raw
        watch = DeclarationWatch(library)
        unsafe raw.pointee._private = Unmanaged.passUnretained(watch).toOpaque()
        unsafe DeclarationWatch.stopAtDeclarations(raw.pointee.sax)
    }

    deinit { unsafe library.functions.xmlFreeParserCtxt(raw) }

    /// Parses the whole document.
    ///
    /// - Parameter bytes: in UTF-8, at most 2 GiB.
    /// - Throws: ``XMLFault`` unless it is well-formed, also with regard to namespaces, and declares nothing.
    borrowing func parse(_ bytes: [UInt8]) throws(XMLFault) -> ParsedDocument {
        // Never NOENT, DTDLOAD, DTDATTR, DTDVALID, HUGE, RECOVER or XINCLUDE: each of them opens files or lifts a limit.
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_IGNORE_ENC.rawValue
        let document = unsafe bytes.withUnsafeBytes { buffer in
            unsafe library.functions.xmlCtxtReadMemory(
                raw, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), nil, "UTF-8", Int32(options))
        }
        // The owner comes before the checks, so that a refused document is freed too.
        let parsed = unsafe document.map { unsafe ParsedDocument(takingOwnership: $0, of: library) }
        if watch.hasSeenOne {
            throw XMLFault(.declaration, line: errorLine, "the document declares something itself; that is never taken")
        }
        guard let parsed, unsafe raw.pointee.wellFormed == 1, unsafe raw.pointee.nsWellFormed == 1 else {
            throw XMLFault(.malformed, line: errorLine, errorMessage)
        }
        guard !parsed.hasInternalSubset else {
            throw XMLFault(.declaration, "the DOCTYPE has a subset of its own; that is never taken")
        }
        return parsed
    }

    private var errorLine: Int? {
        let line = unsafe Int(raw.pointee.lastError.line)
        return line > 0 ? line : nil
    }

    private var errorMessage: String {
        guard let message = unsafe raw.pointee.lastError.message else { return "not well-formed" }
        return unsafe LibXML2.printable(String(cString: message))
    }
}

/// Ends the parsing at the first declaration of any kind; a parser context has it in `_private`.
private final class DeclarationWatch {
    private(set) var hasSeenOne = false
    private let library: LibXML2

    init(_ library: LibXML2) { self.library = library }

    static func stopAtDeclarations(_ sax: UnsafeMutablePointer<_xmlSAXHandler>) {
        unsafe sax.pointee.entityDecl = { context, _, _, _, _, _ in unsafe DeclarationWatch.stop(context) }
        unsafe sax.pointee.elementDecl = { context, _, _, _ in unsafe DeclarationWatch.stop(context) }
        unsafe sax.pointee.notationDecl = { context, _, _, _ in unsafe DeclarationWatch.stop(context) }
        unsafe sax.pointee.unparsedEntityDecl = { context, _, _, _, _ in unsafe DeclarationWatch.stop(context) }
        unsafe sax.pointee.attributeDecl = { context, _, _, _, _, _, values in
            // The only callback that is handed memory to keep.
            unsafe DeclarationWatch.stop(context, freeing: values)
        }
    }

    private static func stop(_ context: UnsafeMutableRawPointer?, freeing values: xmlEnumerationPtr? = nil) {
        guard let parser = unsafe context?.assumingMemoryBound(to: xmlParserCtxt.self) else { return }
        let watch = unsafe Unmanaged<DeclarationWatch>.fromOpaque(parser.pointee._private).takeUnretainedValue()
        watch.hasSeenOne = true
        unsafe watch.library.functions.xmlFreeEnumeration(values)
        unsafe watch.library.functions.xmlStopParser(parser)
    }
}
