import TestSupport

/// One system call of a run that strace(1) harms, `--inject`.
struct StruckCall {
    enum Harm: String, CaseIterable {
        case kill = "SIGKILL"
        case diskFull = "ENOSPC"
        case inputOutput = "EIO"
        case connectionReset = "ECONNRESET"

        fileprivate var option: String { self == .kill ? "signal=\(rawValue)" : "error=\(rawValue)" }
    }

    /// Calls by their name, and whether they count only where they touch a file of the site's: what the dynamic linker opens and
    /// reads is nobody's work.
    struct Kind: Hashable {
        var name: String
        var touchesFiles: Bool

        var harms: [Harm] { touchesFiles ? [.kill, .diskFull, .inputOutput] : [.kill, .connectionReset] }

        /// Every call that could harm a run when it is struck; which of them a run makes is counted.
        static let all: [Kind] =
            [
                "openat", "read", "pread64", "write", "pwrite64", "pwritev", "fsync", "fdatasync", "ftruncate", "rename",
                "renameat",
                "renameat2", "unlink", "flock",
            ].map { Kind(name: $0, touchesFiles: true) }
            + ["connect", "sendto", "sendmsg", "recvfrom", "recvmsg"].map { Kind(name: $0, touchesFiles: false) }
    }

    var kind: Kind
    var harm: Harm
    /// From 1; strace counts in each thread for itself.
    var number: Int

    /// What the binary is started by.
    ///
    /// - Parameter files: those whose calls count.
    func wrapper(log: String, files: [String]) -> [String] {
        Self.words([kind], log: log, files: files) + ["-e", "inject=\(kind.name):\(harm.option):when=\(number)"]
    }

    /// Only writes down which calls of those kinds are made; all must touch files, or none.
    static func words(_ kinds: [Kind], log: String, files: [String]) -> [String] {
        let paths = kinds.allSatisfy(\.touchesFiles) ? files.flatMap { ["-P", $0] } : []
        return ["strace", "-f", "-qq", "-o", log, "-e", "trace=\(kinds.map(\.name).joined(separator: ","))"] + paths
    }

    /// - Throws: ``HarnessFault`` where no process may be traced.
    static func requireTracing() async throws {
        do {
            let ending = try await ChildProgram(["strace", "-f", "-o", "/dev/null", "true"]).waitForEnd()
            guard ending.status == 0 else { throw HarnessFault(ending.errors) }
        } catch {
            throw HarnessFault(
                "system calls can't be struck here: strace must be installed and ptrace permitted "
                    + "(in a container: the capability SYS_PTRACE). strace says: \(error)")
        }
    }
}

/// What strace wrote down of a run.
struct CallLog {
    private let lines: [Substring]

    init(_ text: String) { lines = text.split(separator: "\n") }

    /// Whether the call to be struck was made.
    var isStruck: Bool { lines.contains { $0.hasSuffix("(INJECTED)") || $0.hasSuffix("+++ killed by SIGKILL +++") } }

    /// How often a call was begun, by all threads together.
    func count(_ kind: StruckCall.Kind) -> Int { lines.count { caller(of: kind, in: $0) != nil } }

    /// How often the busiest thread began it.
    func countInOneThread(_ kind: StruckCall.Kind) -> Int {
        Dictionary(grouping: lines.compactMap { caller(of: kind, in: $0) }, by: { $0 }).values.map(\.count).max() ?? 0
    }

    /// A line begins with the thread's number: `4711  openat(…`, padded.
    private func caller(of kind: StruckCall.Kind, in line: Substring) -> Substring? {
        let words = line.split(separator: " ", maxSplits: 1)
        return words.count == 2 && words[1].drop { $0 == " " }.hasPrefix(kind.name + "(") ? words[0] : nil
    }
}
