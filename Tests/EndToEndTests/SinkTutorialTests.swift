import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// What "Write a sink in an hour" says, done as it says in an empty folder.
@Suite struct SinkTutorialTests {
    private let folder: ProjectFolder.Temporary
    private let page: String
    private let program: String

    init() throws {
        folder = try ProjectFolder.Temporary()
        page = try String(
            contentsOfFile: ProjectFolder.root + "/Sources/SinkKit/Documentation.docc/WriteASink.md", encoding: .utf8)
        let code = try #require(page.firstRange(of: "```python\n"))
        let rest = page[code.upperBound...]
        program = String(rest[..<(try #require(rest.firstRange(of: "```\n"))).lowerBound])
    }

    private func check(_ program: String, _ words: [String] = []) async throws -> ChildProgram.Ending {
        let path = folder.path + "/my-sink"
        try program.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return try await ChildProgram("crossdock", ["sink", "check", "--plugin", "./my-sink"] + words, in: folder.path)
            .waitForEnd(within: .seconds(600))
    }

    /// The program with one thing changed that is in it once.
    private func changed(_ text: String, to other: String) throws -> String {
        try #require(program.ranges(of: text).count == 1, "\(text)")
        return program.replacing(text, with: other)
    }

    @Test func `the sink of the page holds all rules that it says it holds`() async throws {
        let ending = try await check(program)
        #expect(ending.status == 0 && !ending.output.contains("not run  "), "\(ending.output) \(ending.errors)")
        let summary = try #require(ending.output.split(separator: "\n").last.map(String.init))
        #expect(page.contains(summary), "\(summary)")
        for line in page.split(separator: "\n") where line.hasPrefix("held  ") {
            #expect(ending.output.contains(line), "\(line)")
        }
    }

    @Test(arguments: [
        (#""external_reference": order["key"], "#, "", "create.then-find"),
        (#"else "unknown_outcome""#, #"else "unavailable""#, "create.cut-off"),
    ])
    func `what the page says breaks it, breaks it`(_ text: String, _ other: String, _ rule: String) async throws {
        let ending = try await check(try changed(text, to: other), ["--rule", rule])
        #expect(ending.status == 1 && ending.output.contains("FELL         \(rule)"), "\(ending.output) \(ending.errors)")
    }

    /// As the page's third section has it: an ERP that isn't the kit's, with the kit in between.
    @Test func `a test ERP of one's own is reached through the kit, which makes things go wrong on the way`() async throws {
        let erp = ERPSimulator()
        let url = try await erp.start()
        let sandbox =
            #""sandbox": {"settings": {"url": "{erp}", "api_key": "simulated-key"}, "erp": {"url": "\#(url)", "create": "/orders"}, "#
            + #""known_product": "124_STUK", "unknown_product": "NONE", "drafts": False},"#
        let line = try #require(program.split(separator: "\n").first { $0.contains("\"sandbox\"") })
        let rules = [
            "create.accepted", "create.cut-off", "create.cut-off-before", "create.killed", "find.fails-closed",
            "reject.all-faults",
            "class.key.repeat", "deadline.create", "deadline.find", "check.fails", "text.unicode",
        ]
        let ending = try await check(
            try changed(String(line), to: sandbox), ["--json"] + rules.flatMap { ["--rule", $0] })
        await erp.stop()
        try #require(ending.output.hasPrefix("{"), "status \(ending.status ?? -1): \(ending.output) \(ending.errors)")
        let verdicts = try #require(try JSONValue(parsing: ending.output)["rules"]?.arrayValue)
        let open = verdicts.filter { $0["verdict"]?.stringValue != "held" }.map(\.compactText)
        #expect(ending.status == 0 && open == [] && verdicts.count == rules.count, "\(ending.errors)")
        #expect(ending.errors.contains("passed on to the ERP at \(url)"))
        #expect(erp.orders.count > rules.count && erp.audit().values.allSatisfy { $0.ordersCreated <= 1 })
    }
}
