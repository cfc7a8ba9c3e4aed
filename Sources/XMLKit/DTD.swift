import CLibXML2

/// One document type definition of our own choosing, for documents of our own and for checks that a person asks for.
///
/// Never one that a document from outside brings or names. Not thread-safe, as libxml2's validation builds automata in it.
@safe package struct DTD: ~Copyable {
    private let library: LibXML2
    private let raw: xmlDtdPtr

    /// - Parameter bytes: the definition, in one piece: parameter entities within it are resolved, outside ones can't be.
    /// - Throws: ``XMLFault`` where it can't be parsed.
    package init(_ bytes: [UInt8]) throws(XMLFault) {
        let library = try LibXML2.loaded()
        let collector = FaultCollector(library)
        let dtd: xmlDtdPtr? = unsafe collector.collect {
            unsafe bytes.withUnsafeBytes { buffer in
                let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
                // xmlIOParseDTD frees the input, also where it fails.
                guard
                    let input = unsafe library.functions.xmlParserInputBufferCreateMem(
                        start, Int32(buffer.count), XML_CHAR_ENCODING_NONE)
                else {
                    return nil
                }
                return unsafe library.functions.xmlIOParseDTD(nil, input, XML_CHAR_ENCODING_NONE)
            }
        }
        // An empty one declares nothing that a document could be held to.
        if let empty = unsafe dtd, unsafe empty.pointee.children == nil {
            unsafe library.functions.xmlFreeDtd(empty)
            throw XMLFault(.malformed, "the document type definition declares nothing")
        }
        guard let dtd = unsafe dtd else { throw collector.faults.first ?? XMLFault(.malformed, "not a document type definition") }
        self.library = library
        unsafe raw = dtd
    }

    deinit { unsafe library.functions.xmlFreeDtd(raw) }

    /// - Parameter document: stays the caller's, and is not changed.
    borrowing func faults(in document: xmlDocPtr) -> [XMLFault] {
        let collector = FaultCollector(library)
        let isValid = collector.collect {
            guard let context = library.functions.xmlNewValidCtxt() else { return false }
            defer { unsafe library.functions.xmlFreeValidCtxt(context) }
            return unsafe library.functions.xmlValidateDtd(context, document, raw) == 1
        }
        if isValid { return [] }
        return collector.faults.isEmpty ? [XMLFault(.invalid, "not valid")] : collector.faults
    }
}
