import Foundation

/// Programs of others that say whether our documents are right. `make setup-tests` installs them.
package enum Judges {
    package static let folder = ProjectFolder.root + "/Fixtures"

    /// libxml2's own program, which takes the DTD that the DOCTYPE names, by the catalog. - Returns: what it complains of.
    package static func xmllint(_ documents: [[UInt8]]) async throws -> String {
        let files = try Files(documents, ending: "xml")
        let catalog = ["XML_CATALOG_FILES": folder + "/cxml/catalog.xml"]
        return try await complaints(["xmllint", "--nonet", "--noout", "--valid"] + files.paths, environment: catalog)
    }

    /// The same program with a schema of ours. - Returns: what it complains of.
    package static func xmllint(_ documents: [[UInt8]], schema: String) async throws -> String {
        let files = try Files(documents, ending: "xml")
        return try await complaints(["xmllint", "--nonet", "--noout", "--schema", "\(folder)/\(schema)"] + files.paths)
    }

    /// The parser of the Java development kit. - Returns: what it complains of.
    package static func java(_ documents: [[UInt8]]) async throws -> String {
        let files = try Files(documents, ending: "xml")
        return try await complaints(["java", folder + "/cxml/tools/DtdCheck.java", folder + "/cxml/dtd"] + files.paths)
    }

    /// The EDIFACT engine of `bots-ediint` with the UN's directories. - Returns: what it complains of.
    package static func ediCheck(_ interchanges: [[UInt8]]) async throws -> String {
        let files = try Files(interchanges, ending: "edi")
        let python = ProjectFolder.root + "/.build/edifact-judge/bin/python"
        return try await complaints([python, folder + "/edifact/tools/edi_check.py"] + files.paths)
    }

    private static func complaints(_ words: [String], environment: [String: String] = [:]) async throws -> String {
        let ending = try await ChildProgram(words, environment: environment).waitForEnd(within: .seconds(600))
        if ending.status == 0 { return "" }
        let lines = (ending.output + ending.errors).split(separator: "\n").filter {
            !$0.hasPrefix("VALID") && !$0.hasPrefix("OK")
        }
        return "exit status \(ending.status.map(String.init) ?? "none")\n" + lines.prefix(20).joined(separator: "\n")
    }

    private final class Files {
        let paths: [String]
        private let folder: ProjectFolder.Temporary

        init(_ documents: [[UInt8]], ending: String) throws {
            let folder = try ProjectFolder.Temporary()
            self.folder = folder
            paths = documents.indices.map { "\(folder.path)/\($0).\(ending)" }
            for (path, document) in zip(paths, documents) { try Data(document).write(to: URL(fileURLWithPath: path)) }
        }
    }
}
