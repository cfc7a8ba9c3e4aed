import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// `crossdock document`, as the built program does it.
@Suite struct DocumentTests {
    private static let cxml = ProjectFolder.root + "/Fixtures/cxml"

    @Test func `a document that is right is said to be, held against its DTD where a folder has it`() async throws {
        let file = Self.cxml + "/samples/own/confirmation_detail_mixed.xml"
        let check = try await ChildProgram.run("crossdock", ["document", "check", "--definitions", Self.cxml, file])
        #expect(check.status == 0, "\(check)")
        #expect(check.output.contains("cXML ConfirmationRequest: good") && !check.output.contains("note:"), "\(check)")
        let unheld = try await ChildProgram.run("crossdock", ["document", "check", file])
        #expect(unheld.status == 0 && unheld.output.contains("note: there is no local copy of"), "\(unheld)")
    }

    @Test func `everything wrong with a document is said at once, and the status says that there is something`() async throws {
        let folder = try ProjectFolder.Temporary()
        let text = try String(contentsOfFile: Self.cxml + "/samples/own/confirmation_detail_mixed.xml", encoding: .utf8)
        let wrong = text.replacingOccurrences(of: "<ConfirmationHeader", with: "<Nonsense/><ConfirmationHeader")
        try wrong.write(toFile: folder.path + "/wrong.xml", atomically: true, encoding: .utf8)
        let check = try await ChildProgram.run(
            "crossdock", ["document", "check", "--json", "--definitions", Self.cxml, folder.path + "/wrong.xml"])
        #expect(check.status == 1, "\(check)")
        let json = try JSONValue(parsing: check.output)
        #expect(json["faults"]?.arrayValue?.isEmpty == false, "\(check)")
        let none = try await ChildProgram.run("crossdock", ["document", "check", folder.path + "/none.xml"])
        #expect(none.status == 2 && none.errors.contains("none.xml can't be read"), "\(none)")
    }

    @Test func `a document may come through a pipe`() async throws {
        let file = Self.cxml + "/samples/own/confirmation_detail_mixed.xml"
        let words = "cat '\(file)' | '\(ProjectFolder.program("crossdock"))' document check -"
        let check = try await ChildProgram(["sh", "-c", words]).waitForEnd()
        #expect(check.status == 0 && check.output.contains("cXML ConfirmationRequest: good"), "\(check)")
    }

    @Test func `a trading partner gets one file for each order, which says what became of its lines`() async throws {
        let extra = """
                order_response: {with: edifact, target: files}
                edifact:
                  sender: {id: "4012345000009"}
                  receiver: {id: "4054321000009"}
                  transliterate: true
                  buyer: {gln: "4054321000009"}
                  supplier: {gln: "4012345000009"}
            targets:
              files: {type: folder, path: out}
            """
        let installation = try await Installation(extra: extra) { $0.orders = 3 }
        let out = installation.folder.path + "/out"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        let sync = try await installation.crossdock("sync")
        #expect(sync.status == 0, "\(sync)")
        let files = try FileManager.default.contentsOfDirectory(atPath: out).filter { $0.hasSuffix(".edi") }.sorted()
        #expect(files.count == 3, "\(files)")
        for file in files {
            let check = try await ChildProgram.run("crossdock", ["document", "check", out + "/" + file])
            #expect(check.status == 0 && check.output.contains("ORDRSP"), "\(check)")
        }
        #expect(installation.shop.orderIDs(state: "processing").count == 3)
        #expect(try await installation.crossdock("sync").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: out).filter { $0.hasSuffix(".edi") }.sorted() == files)
        await installation.stop()
    }

    /// libxml2 and the ICU behind it cost memory and time that only documents are worth.
    @Test func `starting the program loads no XML library`() async throws {
        // The dynamic linker's way to say what it loads, instead of running the program: ld.so(8).
        let loaded = try await ChildProgram.run("crossdock", [], environment: ["LD_TRACE_LOADED_OBJECTS": "1"])
        #expect(loaded.output.contains("libcurl"), "\(loaded)")
        #expect(!loaded.output.contains("libxml2") && !loaded.output.contains("libicu"), "\(loaded)")
    }
}
