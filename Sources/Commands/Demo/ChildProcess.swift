import Foundation

/// Runs this very program again, with other arguments.
enum ChildProcess {
    /// With our own standard output and error.
    ///
    /// - Returns: its exit status.
    static func run(_ arguments: [String], environment: [String: String]) async throws -> Int32 {
        try await start(process(arguments, environment))
    }

    /// What it prints.
    static func output(_ arguments: [String], environment: [String: String]) async throws -> String {
        let process = process(arguments, environment)
        let pipe = Pipe()
        process.standardOutput = pipe
        async let status = start(process)
        let data = await Task.detached { pipe.fileHandleForReading.readDataToEndOfFile() }.value
        _ = try await status
        return String(decoding: data, as: UTF8.self)
    }

    static func process(_ arguments: [String], _ environment: [String: String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, ours in ours }
        return process
    }

    /// - Returns: its exit status, once it has ended.
    static func start(_ process: Process) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }
}
