import Testing
import XMLKit

struct DefinitionCatalogTests {
    private static func catalog(_ entries: String) throws -> DefinitionCatalog {
        try DefinitionCatalog(Array("<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'>\(entries)</catalog>".utf8))
    }

    @Test func `a catalog names the file that stands for an address`() throws {
        let catalog = try Self.catalog(
            """
            <rewriteSystem systemIdStartString="http://example.org/" rewritePrefix="all/"/>
            <rewriteSystem systemIdStartString="http://example.org/1.2/" rewritePrefix="dtd/1.2/"/>
            """)
        #expect(catalog.typeDefinition(for: "http://example.org/1.2/a.dtd") == "dtd/1.2/a.dtd")
        #expect(catalog.typeDefinition(for: "http://example.org/b.dtd") == "all/b.dtd")
        #expect(catalog.typeDefinition(for: "http://example.com/b.dtd") == nil)
        #expect(catalog.typeDefinition(for: "http://example.org/1.2/../../etc/passwd") == nil)
    }

    @Test func `a catalog names the schema for a root element`() throws {
        let catalog = try Self.catalog("<uri name='Desadv' uri='desadv.xsd'/><uri name='urn:example:order' uri='order.xsd'/>")
        #expect(catalog.schema(for: "Desadv") == "desadv.xsd" && catalog.schema(for: "urn:example:order") == "order.xsd")
        #expect(catalog.schema(for: "cXML") == nil)
    }

    @Test(arguments: [
        "<uri name='Desadv'/>", "<uri name='Desadv' uri='../desadv.xsd'/>", "<rewriteSystem rewritePrefix='all/'/>",
    ])
    func `an entry that lacks something, or leaves the folder, is refused`(entry: String) {
        #expect(throws: XMLFault.self) { try Self.catalog(entry) }
    }

    @Test func `what is no catalog is refused`() {
        #expect(throws: XMLFault.self) { try DefinitionCatalog(Array("<catalog/>".utf8)) }
    }
}
