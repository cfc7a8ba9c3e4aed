/// Which local file stands for a DTD's public address: the `rewriteSystem` entries of an OASIS XML catalog (OASIS XML Catalogs 1.1,
/// §6.5.6), so that validation needs no network.
package struct DTDCatalog: Sendable, Equatable {
    private var rewrites: [Rewrite] = []

    /// The start of an address, and what takes its place.
    private struct Rewrite: Sendable, Equatable {
        var start: String
        var replacement: String
    }

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
    }

    /// The path that stands for an address, relative to the catalog's folder; the longest start wins, `nil` where none fits.
    package func path(for systemID: String) -> String? {
        let fitting = rewrites.filter { systemID.hasPrefix($0.start) }.max { $0.start.utf8.count < $1.start.utf8.count }
        guard let fitting else { return nil }
        let rest = systemID.dropFirst(fitting.start.count)
        return rest.contains("..") ? nil : fitting.replacement + rest
    }
}
