import XMLKit

/// What a cXML `Request` may hold, and can be read from one.
protocol CXMLBody: CXMLWritable {
    /// - Throws: ``DocumentFault`` that names what is missing or wrong.
    init(_ element: XMLElement) throws(DocumentFault)
}

/// What a cXML `Request` may hold.
protocol CXMLWritable {
    /// Such as `ConfirmationRequest`.
    static var elementName: String { get }
    /// The DTD that knows it: `Fulfill` or `cXML`. Source: the DTDs of 1.2.050, which share no request.
    static var definition: String { get }

    /// Finds everything wrong with it that shows in itself.
    func check(_ faults: inout FaultList)
    /// - Parameter language: for texts that must name theirs.
    func element(language: String) -> XMLElement
}

extension CXMLWritable {
    /// The whole document in UTF-8. The same values give the same bytes.
    func bytes(in envelope: CXMLEnvelope) throws(DocumentFaults) -> [UInt8] {
        var faults = FaultList()
        envelope.check(&faults)
        check(&faults)
        try faults.throwIfAny()
        let mode = envelope.isTest ? "test" : "production"
        let request = XMLElement(
            "Request", attributes: [XMLAttribute("deploymentMode", mode)],
            children: [.element(element(language: envelope.language))])
        let root = XMLElement(
            "cXML",
            attributes: [
                XMLAttribute("payloadID", envelope.payloadID), XMLAttribute("timestamp", envelope.timestamp.iso),
                XMLAttribute("xml:lang", envelope.language),
            ],
            children: [.element(envelope.header), .element(request)])
        let address = "http://xml.cxml.org/schemas/cXML/\(envelope.version)/\(Self.definition).dtd"
        do throws(XMLWriteFault) {
            return try XMLWriter().write(XMLDocument(root: root, systemID: address))
        } catch {
            throw DocumentFaults(error)
        }
    }
}

extension CXMLBody {
    static func read(_ bytes: [UInt8]) throws(DocumentFault) -> (envelope: CXMLEnvelope, body: Self) {
        let document: XMLDocument
        do throws(XMLFault) {
            document = try XMLReader(limits: .document).read(bytes)
        } catch {
            throw DocumentFault(error)
        }
        guard document.root.name == "cXML", document.root.namespace == nil else {
            throw DocumentFault(element: document.root.name, "the root is to be 'cXML'")
        }
        let envelope = try CXMLEnvelope(document.root, systemID: document.systemID)
        return (envelope, try Self(document.root.child("Request").child(elementName)))
    }
}
