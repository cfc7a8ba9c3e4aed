import CLibXML2

/// One XML Schema (XSD 1.0) of our own choosing, for documents that have no DTD.
///
/// Never one that a document from outside names: `xsi:schemaLocation` is not followed. Not thread-safe.
@safe package struct XMLSchema: ~Copyable {
    private let library: LibXML2
    private let raw: xmlSchemaPtr
    /// The schema points into it.
    private let source: ParsedDocument

    /// - Parameter bytes: the schema, in one piece: others that it includes or imports are not loaded. It is read as hostile documents
    ///   are, so it declares no entities.
    /// - Throws: ``XMLFault`` where it can't be parsed.
    package init(_ bytes: [UInt8]) throws(XMLFault) {
        let library = try LibXML2.loaded()
        let source = try XMLReader(limits: .document).parse(bytes, charset: nil)
        let collector = FaultCollector(library)
        let schema: xmlSchemaPtr? = unsafe collector.collect { unsafe source.schema() }
        // libxml2 goes on without an import that it can't load, and then misses what stands there.
        if let fault = collector.faults.first {
            if let schema = unsafe schema { unsafe library.functions.xmlSchemaFree(schema) }
            throw fault
        }
        guard let schema = unsafe schema else { throw XMLFault(.malformed, "not a schema") }
        self.library = library
        unsafe raw = schema
        self.source = source
    }

    deinit { unsafe library.functions.xmlSchemaFree(raw) }

    /// - Parameter document: stays the caller's, and is not changed.
    borrowing func faults(in document: xmlDocPtr) -> [XMLFault] {
        let collector = FaultCollector(library)
        let isValid = collector.collect {
            guard let context = unsafe library.functions.xmlSchemaNewValidCtxt(raw) else { return false }
            defer { unsafe library.functions.xmlSchemaFreeValidCtxt(context) }
            return unsafe library.functions.xmlSchemaValidateDoc(context, document) == 0
        }
        if isValid { return [] }
        return collector.faults.isEmpty ? [XMLFault(.invalid, "not valid")] : collector.faults
    }
}
