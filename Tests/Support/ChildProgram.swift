import CSpawn
import Foundation
import Glibc
import Synchronization

/// A program that runs as a child, its output going to files, so that no pipe can fill up.
///
/// Not `Foundation.Process`: with many files open, it reads past the end of a directory's entries and crashes (6.3).
package final class ChildProgram: Sendable {
    package struct Ending: Sendable {
        /// `nil` where a signal ended it.
        package var status: Int32?
        package var output: String
        package var errors: String

        package var wasKilled: Bool { status == nil }
    }

    package let processID: Int32
    private let folder: ProjectFolder.Temporary
    private let waitStatus = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - words: the program, as a path or as a name on the `PATH`, and its arguments.
    ///   - environment: added to our own.
    package init(_ words: [String], environment: [String: String] = [:], in workFolder: String? = nil) throws {
        folder = try ProjectFolder.Temporary()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for (descriptor, name) in [(STDOUT_FILENO, "out"), (STDERR_FILENO, "err")] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "\(folder.path)/\(name)", O_WRONLY | O_CREAT, 0o600)
        }
        // A child that outlives us must not keep the pipes open that somebody reads our own output from.
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
        let words = (workFolder.map { ["env", "-C", $0] } ?? []) + words
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Our own mask may keep a signal from this thread that the child is to get.
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let variables = ProcessInfo.processInfo.environment.merging(environment) { _, given in given }
        let (argv, envp) = (words.map { strdup($0) } + [nil], variables.map { strdup("\($0)=\($1)") } + [nil])
        defer { for text in argv + envp { free(text) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, words[0], &actions, &attributes, argv, envp)
        guard code == 0 else { throw ChildProgramError("\(words[0]) can't be started: \(String(cString: strerror(code)))") }
        processID = child
    }

    /// Starts a program of this package.
    package convenience init(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], in workFolder: String? = nil
    ) throws {
        try self.init([ProjectFolder.program(name)] + arguments, environment: environment, in: workFolder)
    }

    /// No child is left behind, dead or alive: whoever waits for any child that ends would be told of it for ever.
    deinit {
        guard isRunning else { return }
        kill(processID, SIGKILL)
        while waitpid(processID, nil, 0) < 0, errno == EINTR {}
    }

    package var isRunning: Bool {
        waitStatus.withLock { waitStatus in
            var status: Int32 = 0
            if waitStatus == nil, waitpid(processID, &status, WNOHANG) == processID { waitStatus = status }
            return waitStatus == nil
        }
    }

    package func send(_ signal: Int32) { if isRunning { kill(processID, signal) } }

    /// What it has printed so far.
    package var output: String { text("out") }

    /// - Throws: ``ChildProgramError`` where it takes longer than any of ours may; it is killed then.
    package func waitForEnd(within limit: Duration = .seconds(120)) async throws -> Ending {
        // Waiting in the kernel would take a thread from the simulators, which run in this process.
        do { try await Waiting.until(limit) { !isRunning } } catch is Waiting.TooLong {
            send(SIGKILL)
            throw ChildProgramError("process \(processID) hangs")
        }
        let status = waitStatus.withLock { $0 } ?? 0
        return Ending(status: status & 0x7F == 0 ? (status >> 8) & 0xFF : nil, output: output, errors: text("err"))
    }

    package static func run(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], in workFolder: String? = nil
    ) async throws -> Ending {
        try await ChildProgram(name, arguments, environment: environment, in: workFolder).waitForEnd()
    }

    /// What a short-lived program prints, on the thread of whoever asks.
    ///
    /// - Throws: ``ChildProgramError`` unless it ends with 0.
    package static func output(of words: [String]) throws -> [UInt8] {
        let program = try ChildProgram(words)
        var status: Int32 = 0
        while waitpid(program.processID, &status, 0) < 0, errno == EINTR {}
        program.waitStatus.withLock { $0 = status }
        guard status == 0 else { throw ChildProgramError("\(words.joined(separator: " ")): \(program.text("err"))") }
        return try Array(Data(contentsOf: URL(fileURLWithPath: program.folder.path + "/out")))
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)) ?? ""
    }
}

/// A child that can't be started, or doesn't end as it should.
package struct ChildProgramError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
