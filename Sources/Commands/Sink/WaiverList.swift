import Foundation
import SinkTesting

/// Waivers as they are written: `rule=reason` on the command line, one a line in a file.
struct WaiverList {
    let waivers: [SinkWaiver]

    /// - Throws: ``CommandFailure`` for one without a rule or a reason, and for a file that can't be read.
    init(arguments: [String], file: String?) throws {
        var waivers = try arguments.map { try Self.waiver($0, "--waive") }
        if let file {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw CommandFailure(.usage, "the waivers \(file) can't be read")
            }
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let line = line.trimmingCharacters(in: .whitespaces)
                if line.isEmpty || line.hasPrefix("#") { continue }
                waivers.append(try Self.waiver(line, "\(file):\(index + 1)"))
            }
        }
        self.waivers = waivers
    }

    private static func waiver(_ text: String, _ place: String) throws -> SinkWaiver {
        let parts = text.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 2, !parts[0].isEmpty, let waiver = SinkWaiver(rule: parts[0], reason: parts[1]) else {
            throw CommandFailure(.usage, "\(place): '\(text)' should be a rule, '=' and the reason why it needn't hold")
        }
        return waiver
    }
}
