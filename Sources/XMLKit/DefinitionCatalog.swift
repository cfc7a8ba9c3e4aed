/// Which local file has the rules for a document, by an OASIS XML catalog (OASIS XML Catalogs 1.1), so that validation needs no network.
package struct DefinitionCatalog: Sendable, Equatable {
    private var rewrites: [Rewrite] = []
    private var schemas: [String: String] = [:]

    /// The start of an address, and what takes its place.
    private struct Rewrite: Sendable, Equatable {
        var start: String
        var replacement: String
    }

    /// - Parameter bytes: a catalog, of which `rewriteSystem` entries (§6.5.6) are taken for DTDs and `uri` entries (§6.5.9) for
    ///   schemas: their `name` is the namespace of a root element, or its name where it has no namespace.
    /// - Throws: ``XMLFault`` for bytes that are no catalog.
    package init(_ bytes: [UInt8]) throws(XMLFault) {
        let root = try XMLReader(limits: .answer).read(bytes).root
        guard root.name == "catalog", root.namespace == "urn:oasis:names:tc:entity:xmlns:xml:catalog" else {
            throw XMLFault(.invalid, line: root.line, "an XML catalog is expected")
        }
        for entry in root.elements("rewriteSystem") {
            guard let start = entry.attribute("systemIdStartString"), let replacement = entry.attribute("rewritePrefix") else {
                throw XMLFault(.invalid, line: entry.line, "a rewriteSystem needs systemIdStartString and rewritePrefix")
            }
            rewrites.append(Rewrite(start: start, replacement: replacement))
        }
        for entry in root.elements("uri") {
            guard let name = entry.attribute("name"), let path = entry.attribute("uri"), !path.contains("..") else {
                throw XMLFault(.invalid, line: entry.line, "a uri needs a name, and a uri within the catalog's folder")
            }
            schemas[name] = path
        }
    }

    /// The path of the DTD that stands for an address, relative to the catalog's folder; the longest start wins, `nil` where none fits.
    package func typeDefinition(for systemID: String) -> String? {
        let fitting = rewrites.filter { systemID.hasPrefix($0.start) }.max { $0.start.utf8.count < $1.start.utf8.count }
        guard let fitting else { return nil }
        let rest = systemID.dropFirst(fitting.start.count)
        return rest.contains("..") ? nil : fitting.replacement + rest
    }

    /// The path of the schema for a root element, by its namespace, or by its name where it has none.
    package func schema(for root: String) -> String? { schemas[root] }
}
