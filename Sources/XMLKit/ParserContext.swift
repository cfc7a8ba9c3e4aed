import CLibXML2

/// One libxml2 parser context, made so that it can neither load nor declare anything. For one document, on one thread.
@safe struct ParserContext: ~Copyable {
    private let raw: xmlParserCtxtPtr
    /// Set by the callbacks below when the document declares something.
    private let declared: UnsafeMutablePointer<Bool>

    init() throws(XMLFault) {
        LibXML2.start()
        guard let raw = unsafe xmlNewParserCtxt() else { throw LibXML2.outOfMemory }
        unsafe self.raw = raw
        unsafe declared = .allocate(capacity: 1)
        unsafe declared.initialize(to: false)
        unsafe raw.pointee._private = UnsafeMutableRawPointer(declared)
        unsafe Self.stopAtDeclarations(raw.pointee.sax)
    }

    deinit {
        unsafe xmlFreeParserCtxt(raw)
        unsafe declared.deallocate()
    }

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
            unsafe xmlCtxtReadMemory(
                raw, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), nil, "UTF-8", Int32(options))
        }
        // The owner comes before the checks, so that a refused document is freed too.
        let parsed = unsafe document.map { unsafe ParsedDocument(takingOwnership: $0) }
        if unsafe declared.pointee {
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

    /// The first declaration of any kind ends the parsing.
    private static func stopAtDeclarations(_ sax: UnsafeMutablePointer<_xmlSAXHandler>) {
        unsafe sax.pointee.entityDecl = { context, _, _, _, _, _ in unsafe ParserContext.stop(context) }
        unsafe sax.pointee.elementDecl = { context, _, _, _ in unsafe ParserContext.stop(context) }
        unsafe sax.pointee.notationDecl = { context, _, _, _ in unsafe ParserContext.stop(context) }
        unsafe sax.pointee.unparsedEntityDecl = { context, _, _, _, _ in unsafe ParserContext.stop(context) }
        unsafe sax.pointee.attributeDecl = { context, _, _, _, _, _, values in
            // The only callback that is handed memory to keep.
            unsafe xmlFreeEnumeration(values)
            unsafe ParserContext.stop(context)
        }
    }

    private static func stop(_ context: UnsafeMutableRawPointer?) {
        guard let parser = unsafe context?.assumingMemoryBound(to: xmlParserCtxt.self) else { return }
        unsafe parser.pointee._private.assumingMemoryBound(to: Bool.self).pointee = true
        unsafe xmlStopParser(parser)
    }
}
