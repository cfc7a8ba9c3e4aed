import Foundation

/// The folder of one demo, in which this program runs as cron would start it.
struct DemoFolder {
    private let configurationPath: String
    private let environment: [String: String]

    /// - Parameter name: of the configuration; what an earlier demo of that name left is removed.
    /// - Throws: ``CommandFailure`` where the folder can't be used.
    init(_ folder: String, name: String, yaml: String, environment: [String: String]) throws {
        configurationPath = "\(folder)/\(name).yml"
        self.environment = environment
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for found in try FileManager.default.contentsOfDirectory(atPath: folder) where found.hasPrefix("\(name).") {
                try FileManager.default.removeItem(atPath: folder + "/" + found)
            }
            try yaml.write(toFile: configurationPath, atomically: true, encoding: .utf8)
        } catch { throw CommandFailure(.usage, "the folder \(folder) can't be used: \(error.localizedDescription)") }
    }

    static func heading(_ text: String) { Output.line("\n\(Style.bold("── " + text))\n") }

    func crossdock(_ words: String...) async throws -> ExitStatus? {
        let arguments = shown(words)
        let status = try await ChildProcess.run(arguments, environment: environment)
        Output.line(Style.dim("exit status \(status)"))
        return ExitStatus(rawValue: status)
    }

    /// What it prints, not shown.
    func output(_ words: String...) async throws -> String {
        try await ChildProcess.output(complete(words), environment: environment)
    }

    /// Runs on until it is ended.
    func begin(_ words: String...) throws -> Process {
        let process = ChildProcess.process(shown(words), environment)
        do { try process.run() } catch { throw CommandFailure(.tryLater, "\(error.localizedDescription)") }
        return process
    }

    private func complete(_ words: [String]) -> [String] { words + ["--config", configurationPath] }

    private func shown(_ words: [String]) -> [String] {
        let arguments = complete(words)
        Output.line(Style.dim("$ crossdock \(arguments.joined(separator: " "))"))
        return arguments
    }
}
