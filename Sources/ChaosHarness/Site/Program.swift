import Foundation
import Glibc

/// A program that runs as a child, its output going to files.
package final class Program {
    package struct Ending: Sendable {
        /// `nil` where a signal ended it.
        package var status: Int32?
        package var output: String
        package var errors: String
    }

    package let processID: Int32
    private let outputPath: String
    private var waitStatus: Int32?

    /// - Parameter outputPath: where its output goes; the errors to a file beside.
    package init(_ words: [String], outputPath: String) throws {
        self.outputPath = outputPath
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for (descriptor, suffix) in [(STDOUT_FILENO, ""), (STDERR_FILENO, ".err")] {
            posix_spawn_file_actions_addopen(&actions, descriptor, outputPath + suffix, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, words[0], &actions, nil, arguments, environ)
        guard code == 0 else { throw HarnessFault("\(words[0]) can't be started: \(String(cString: strerror(code)))") }
        processID = child
    }

    package var hasEnded: Bool {
        if waitStatus != nil { return true }
        var status: Int32 = 0
        guard waitpid(processID, &status, WNOHANG) == processID else { return false }
        waitStatus = status
        return true
    }

    package func send(_ signal: Int32) { if !hasEnded { kill(processID, signal) } }

    /// - Throws: ``HarnessFault`` where it takes longer than any of ours may; it is killed then.
    package func end(within limit: Duration = .seconds(120)) async throws -> Ending {
        let deadline = ContinuousClock.now + limit
        while !hasEnded {
            guard ContinuousClock.now < deadline else {
                send(SIGKILL)
                throw HarnessFault("process \(processID) hangs")
            }
            // Waiting in the kernel would take a thread from the simulators, which run in this process.
            try await Task.sleep(for: .milliseconds(1))
        }
        let status = waitStatus ?? 0
        return Ending(status: status & 0x7F == 0 ? (status >> 8) & 0xFF : nil, output: text(""), errors: text(".err"))
    }

    private func text(_ suffix: String) -> String {
        (try? String(contentsOfFile: outputPath + suffix, encoding: .utf8)) ?? ""
    }
}

/// The harness itself can't go on.
package struct HarnessFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
