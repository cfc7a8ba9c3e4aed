import Documents
import XMLKit

extension FuzzTarget {
    /// A document from outside, as the answer to a cXML request comes.
    static let xml = FuzzTarget(name: "xml", inputBytesMax: 1024, share: 30) { input throws(BrokenProperty) in
        let read = Result<XMLDocument, XMLFault> { () throws(XMLFault) in try XMLReader(limits: .answer).read(input) }
        switch read {
        case .success(let document):
            try check(document.root, depth: 1)
            try checkWriting(document)
            try checkVerdict(of: input, document.root)
            try checkValidation(of: input)
        case .failure(let fault):
            try require(fault.reason != .unavailable, "libxml2 is installed")
            try require(fault.line.map { (1...input.count + 1).contains($0) } ?? true, "a fault's line is in the document")
            try require(isOneLine("\(fault)"), "a fault is one line")
            try require((try? CXMLResponse(input)) == nil, "what can't be read is no answer")
        }
    }

    private static func check(_ element: XMLElement, depth: Int) throws(BrokenProperty) {
        let limits = XMLLimits.answer
        try require(depth <= limits.depthMax && element.attributes.count <= limits.attributesMax, "limits are kept")
        try require(Set(element.attributes.map(\.name)).count == element.attributes.count, "an attribute stands once")
        var wasText = false
        for child in element.children {
            switch child {
            case .element(let child):
                try check(child, depth: depth + 1)
                wasText = false
            case .text(let text):
                try require(!text.isEmpty && !wasText, "neighbouring texts are one")
                try require(text.unicodeScalars.allSatisfy(XMLWriter.isAllowed), "no sign that XML forbids comes out")
                wasText = true
            }
        }
    }

    /// What can be written again reads as the same; namespaces, whose declarations aren't kept, can't be.
    private static func checkWriting(_ document: XMLDocument) throws(BrokenProperty) {
        guard !hasNamespace(document.root), let bytes = try? XMLWriter(indentation: nil).write(document) else { return }
        try require((try? XMLReader(limits: .document).read(bytes)) == document, "what is written reads as the same")
        guard let broken = try? XMLWriter().write(document) else { return }
        let again = try? XMLReader(limits: .document).read(broken)
        try require(again?.root.canonical == document.root.canonical, "lines that are broken say nothing")
    }

    private static func hasNamespace(_ element: XMLElement) -> Bool {
        element.namespace != nil || element.attributes.contains { $0.name.contains(":") }
            || element.elements.contains(where: hasNamespace)
    }

    /// A Status counts only where it stands alone, in the one place for it.
    private static func checkVerdict(of input: [UInt8], _ root: XMLElement) throws(BrokenProperty) {
        guard let response = try? CXMLResponse(input) else { return }
        let all = elements(below: root).filter { $0.name == "Response" || $0.name == "Status" }
        let status = root["Response"]?["Status"]
        try require(root.name == "cXML" && all.map(\.name).prefix(2) == ["Response", "Status"], "an answer has a Response")
        try require(root["Response"]?.elements("Status").count == 1, "an answer has one Status")
        try require(status?.attribute("code") == String(response.code), "the verdict is the Status' own code")
        try require((100..<600).contains(response.code), "a code has three digits")
        try require(isOneLine(response.message) && response.message.unicodeScalars.count <= 300, "a message fits a log")
    }

    private static func elements(below element: XMLElement) -> [XMLElement] {
        element.elements.flatMap { [$0] + elements(below: $0) }
    }

    private static func checkValidation(of input: [UInt8]) throws(BrokenProperty) {
        let definition = "<!ELEMENT cXML (Response)><!ELEMENT Response (Status)><!ELEMENT Status EMPTY>"
        guard let dtd = try? DTD(Array(definition.utf8)) else { throw BrokenProperty("our own definition is one") }
        guard let faults = try? XMLReader(limits: .answer).validate(input, against: dtd) else {
            throw BrokenProperty("what can be read can be validated")
        }
        try require(faults.allSatisfy { $0.reason == .invalid && isOneLine("\($0)") }, "what a DTD complains of is one line")
    }

    private static func isOneLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x2028 && $0.value != 0x2029 }
    }
}
