import Testing
import XMLKit

struct DTDTests {
    private static let definition = """
        <!ENTITY % number "CDATA">
        <!ELEMENT order (line+)>
        <!ELEMENT line EMPTY>
        <!ATTLIST line quantity %number; #REQUIRED>
        """

    @Test func `a valid document has no faults, and each fault of another is named with its line`() throws {
        let dtd = try DTD(Array(Self.definition.utf8))
        let reader = XMLReader(limits: .document)
        #expect(try reader.validate(Array("<order><line quantity='1'/></order>".utf8), against: dtd).isEmpty)
        let faults = try reader.validate(Array("<order>\n<line/>\n<other/></order>".utf8), against: dtd)
        #expect(faults.allSatisfy { $0.reason == .invalid })
        #expect(faults.contains { $0.line == 2 && $0.message.contains("quantity") })
        #expect(faults.contains { $0.message.contains("other") })
    }

    @Test func `the definition that a document names is not looked at`() throws {
        let dtd = try DTD(Array(Self.definition.utf8))
        let text = "<!DOCTYPE order SYSTEM 'http://127.0.0.1:9/x.dtd'><order><line quantity='1'/></order>"
        #expect(try XMLReader(limits: .document).validate(Array(text.utf8), against: dtd).isEmpty)
    }

    @Test(arguments: ["", "no definition", "<!ELEMENT a", "<!ENTITY % x SYSTEM '/etc/hostname'> %x; <!ELEMENT a"])
    func `bytes that are no definition are refused`(text: String) {
        #expect(throws: XMLFault.self) { _ = try DTD(Array(text.utf8)) }
    }
}
