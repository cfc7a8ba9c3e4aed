import ArgumentParser
import Documents
import Foundation
import OrderFlow
import Orders
import XMLKit

/// `crossdock document`
struct DocumentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "document", abstract: "Shows, checks and sends again documents such as DESADV and cXML.",
        subcommands: [DocumentShowCommand.self, DocumentResendCommand.self, DocumentCheckCommand.self])
}

/// `crossdock document check`
struct DocumentCheckCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says what is wrong with cXML, CloudSuite DESADV or EDIFACT files, in words; contacts nothing.",
        discussion: """
            Ends with 0 where every file is right as far as it can be told, and with 1 where one isn't.

            EXAMPLES
              crossdock document check desadv-48193.xml
              crossdock document check --definitions /etc/crossdock/cxml confirmation.xml
              crossdock document check --definitions /etc/crossdock/cxml --definitions /etc/crossdock/desadv *.xml
              crossdock document show 17 --bytes | crossdock document check -
            """)

    @Argument(help: "The files; - is standard input.", completion: .file())
    var files: [String]

    @Option(
        help: """
            A folder of DTDs and XML Schemas with an OASIS 'catalog.xml', which says what address or what root element each is for. \
            May be given several times.
            """)
    var definitions: [String] = []

    @OptionGroup var output: JSONOption

    func perform() async throws -> ExitStatus {
        let catalogs = try definitions.map { try Catalog(folder: $0) }
        let definitions = DocumentDefinitions(
            typeDefinition: { address in
                catalogs.lazy.compactMap { $0.file($0.paths.typeDefinition(for: address)) }.first
            },
            schema: { root in catalogs.lazy.compactMap { $0.file($0.paths.schema(for: root)) }.first })
        var areRight = true
        for file in files {
            let check = DocumentCheck(try Self.bytes(file), definitions: definitions)
            areRight = areRight && check.faults.isEmpty
            if output.json { Output.json(.object(Self.json(file, check))) } else { Self.text(file, check).forEach(Output.line) }
        }
        return areRight ? .done : .needsPerson
    }

    private static func text(_ file: String, _ check: DocumentCheck) -> [String] {
        let count = check.faults.count.counted("fault")
        return ["\(file): \(check.kind ?? "of no kind that is known"): \(check.faults.isEmpty ? "good" : count)"]
            + check.faults.map { "  \($0)" } + check.notes.map { "  note: \($0)" }
    }

    private static func json(_ file: String, _ check: DocumentCheck) -> JSONObject {
        JSONObject([
            ("file", .text(file)), ("kind", check.kind.map { .text($0) } ?? .null),
            ("faults", .array(check.faults.map { .text("\($0)") })), ("notes", .array(check.notes.map { .text($0) })),
        ])
    }

    /// Of a pipe, too, which `Data(contentsOf:)` can't read.
    private static func bytes(_ path: String) throws -> [UInt8] {
        do {
            let file = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            return Array(try file.readToEnd() ?? Data())
        } catch {
            throw CommandFailure(.usage, "\(path) can't be read: \(error.localizedDescription)")
        }
    }

    /// Local definitions.
    private struct Catalog {
        let folder: URL
        let paths: DefinitionCatalog

        init(folder: String) throws {
            self.folder = URL(fileURLWithPath: folder)
            let path = folder + "/catalog.xml"
            let bytes = try DocumentCheckCommand.bytes(path)
            do throws(XMLFault) { paths = try DefinitionCatalog(bytes) } catch {
                throw CommandFailure(.usage, "\(path) is no catalog: \(error)")
            }
        }

        func file(_ path: String?) -> [UInt8]? {
            path.flatMap { try? Array(Data(contentsOf: folder.appendingPathComponent($0))) }
        }
    }
}
