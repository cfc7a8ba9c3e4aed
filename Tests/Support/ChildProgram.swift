import Foundation
import Synchronization

/// A program of ours that runs as a child, with its output kept.
package final class ChildProgram: Sendable {
    package struct Ending: Sendable {
        package var status: Int32
        package var wasKilled: Bool
        package var output: String
        package var errors: String
    }

    private let process: Process
    private let folder: ProjectFolder.Temporary

    /// Starts it; the output goes to files, so that no pipe can fill up.
    package init(_ name: String, _ arguments: [String], environment: [String: String] = [:], in workFolder: String? = nil) throws
    {
        process = Process()
        folder = try ProjectFolder.Temporary()
        process.executableURL = URL(fileURLWithPath: ProjectFolder.program(name))
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, given in given }
        if let workFolder { process.currentDirectoryURL = URL(fileURLWithPath: workFolder) }
        for file in ["out", "err"] { _ = FileManager.default.createFile(atPath: "\(folder.path)/\(file)", contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: folder.path + "/out")
        process.standardError = FileHandle(forWritingAtPath: folder.path + "/err")
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    package var processID: Int32 { process.processIdentifier }

    package var isRunning: Bool { process.isRunning }

    package func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// What it has printed so far.
    package var output: String { (try? String(contentsOfFile: folder.path + "/out", encoding: .utf8)) ?? "" }

    package func waitForEnd() async throws -> Ending {
        try await Waiting.until(.seconds(120)) { !process.isRunning }
        let errors = (try? String(contentsOfFile: folder.path + "/err", encoding: .utf8)) ?? ""
        return Ending(
            status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal, output: output,
            errors: errors)
    }

    package static func run(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], in workFolder: String? = nil
    ) async throws -> Ending {
        try await ChildProgram(name, arguments, environment: environment, in: workFolder).waitForEnd()
    }
}
