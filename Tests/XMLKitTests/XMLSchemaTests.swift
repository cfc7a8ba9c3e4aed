import Foundation
import TestSupport
import Testing
import XMLKit

struct XMLSchemaTests {
    private static let order = schema(
        """
        <xs:element name="order">
          <xs:complexType>
            <xs:sequence><xs:element name="line" type="xs:int" maxOccurs="2"/></xs:sequence>
          </xs:complexType>
        </xs:element>
        """)

    private static func schema(_ content: String) -> [UInt8] {
        Array("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\(content)</xs:schema>".utf8)
    }

    @Test func `a valid document has no faults, and each fault of another is named with its line`() throws {
        let schema = try XMLSchema(Self.order)
        let reader = XMLReader(limits: .document)
        #expect(try reader.validate(Array("<order><line>1</line><line>-2</line></order>".utf8), against: schema).isEmpty)
        let faults = try reader.validate(Array("<order>\n<line>one</line>\n<other/></order>".utf8), against: schema)
        #expect(faults.allSatisfy { $0.reason == .invalid } && faults.count == 2)
        #expect(faults.first?.line == 2 && faults.first?.message.contains("'one' is not a valid value") == true)
        #expect(faults.last?.line == 3 && faults.last?.message.contains("'other'") == true)
    }

    /// A schema holds on to the tree it was made of, and many documents are held against one.
    @Test func `a schema holds for one document after another`() throws {
        let schema = try XMLSchema(Self.order)
        for number in 1...100 {
            let text = number.isMultiple(of: 2) ? "<order/>" : "<order><line>\(number)</line></order>"
            let faults = try XMLReader(limits: .document).validate(Array(text.utf8), against: schema)
            #expect(faults.isEmpty != number.isMultiple(of: 2))
        }
    }

    @Test func `the schema that a document names is not looked at`() throws {
        let folder = try ProjectFolder.Temporary()
        try Data(Self.schema("<xs:element name='line' type='xs:int'/>")).write(to: URL(fileURLWithPath: folder.path + "/x.xsd"))
        let text = """
            <order xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="\(folder.path)/x.xsd"
              xsi:schemaLocation="urn:x http://127.0.0.1:9/x.xsd"><line>1</line></order>
            """
        #expect(try XMLReader(limits: .document).validate(Array(text.utf8), against: XMLSchema(Self.order)).isEmpty)
    }

    @Test(arguments: [
        "", "no schema", "<order/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a' type='none'/></xs:schema>",
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:include schemaLocation='/etc/hostname'/></xs:schema>",
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:import namespace='a' schemaLocation='b.xsd'/></xs:schema>",
    ])
    func `bytes that are no schema, or that lean on another file, are refused`(text: String) {
        #expect(throws: XMLFault.self) { _ = try XMLSchema(Array(text.utf8)) }
    }
}
