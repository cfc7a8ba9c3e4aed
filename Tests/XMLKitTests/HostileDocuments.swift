import Foundation
import TestSupport
import XMLKit

/// The files under `Fixtures/xml`, and what is to become of each.
enum HostileDocuments {
    struct Document: Sendable, CustomStringConvertible {
        var name: String
        /// `read`, or the reason it is refused for.
        var verdict: String
        /// With `@FILE@` and `@ADDRESS@` where a trap is to be named.
        var template: [UInt8]

        var description: String { name }

        /// Encodings, which the parser is never given, limits of our own, and a subset that is empty, which does no harm.
        var isOnlyForTheFirstGate: Bool {
            name.hasPrefix("utf-") || name == "empty-internal-subset.xml" || ["encoding", "beyondLimit"].contains(verdict)
        }

        func bytes(file: String = "/nowhere", address: String = "http://127.0.0.1:9") -> [UInt8] {
            guard template.count < 100_000 else { return template }
            var bytes = template
            for (placeholder, text) in [("@FILE@", file), ("@ADDRESS@", address)] {
                bytes = Self.replacing(placeholder, with: text, in: bytes)
            }
            return bytes
        }

        /// In one byte a sign, and in the two of UTF-16.
        private static func replacing(_ placeholder: String, with text: String, in bytes: [UInt8]) -> [UInt8] {
            let wide = { (text: String) -> [UInt8] in text.utf8.flatMap { [$0, 0] as [UInt8] } }
            return bytes.replacing(Array(placeholder.utf8), with: Array(text.utf8)).replacing(wide(placeholder), with: wide(text))
        }
    }

    static let folder = ProjectFolder.root + "/Fixtures/xml/hostile"

    /// Our own.
    static let all = documents(in: folder)
    /// The test data of defusedxml, a Python library with the same aim.
    static let defused = documents(in: ProjectFolder.root + "/Fixtures/xml/defusedxml")

    private static func documents(in folder: String) -> [Document] {
        guard let table = try? String(contentsOfFile: folder + "/expected.tsv", encoding: .utf8) else { return [] }
        return table.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { row in
            let cells = row.split(separator: "\t").map(String.init)
            // Not FileManager.contents, which leaks a page for an empty file (6.3).
            let bytes = FileHandle(forReadingAtPath: "\(folder)/\(cells[0])")?.readDataToEndOfFile() ?? Data()
            return Document(name: cells[0], verdict: cells[1], template: Array(bytes))
        }
    }

    /// Too large to be kept as files.
    static let large: [Document] = [
        make("two hundred thousand deep", "beyondLimit", String(repeating: "<a>", count: 200_000)),
        make(
            "two hundred thousand deep, and closed", "beyondLimit",
            String(repeating: "<a>", count: 200_000) + String(repeating: "</a>", count: 200_000)),
        make(
            "twenty thousand attributes", "beyondLimit", "<a " + (0..<20_000).map { "a\($0)=\"\"" }.joined(separator: " ") + "/>"),
        make("a million elements", "beyondLimit", "<a>" + String(repeating: "<b/>", count: 1_000_000) + "</a>"),
        make("an attribute of a megabyte", "beyondLimit", "<a b=\"" + String(repeating: "x", count: 1_000_000) + "\"/>"),
        make("a tag that never ends", "malformed", "<a" + String(repeating: " ", count: 1_000_000)),
        make("a comment of a megabyte that never ends", "malformed", "<a><!--" + String(repeating: "<!--", count: 250_000)),
        make("a megabyte of less-than signs", "malformed", String(repeating: "<", count: 1_000_000)),
        make("a megabyte of ampersands", "malformed", "<a>" + String(repeating: "&", count: 1_000_000)),
        make("seventeen megabytes", "tooLarge", "<a>" + String(repeating: " ", count: 17 << 20) + "</a>"),
    ]

    private static func make(_ name: String, _ verdict: String, _ text: String) -> Document {
        Document(name: name, verdict: verdict, template: Array(text.utf8))
    }
}
