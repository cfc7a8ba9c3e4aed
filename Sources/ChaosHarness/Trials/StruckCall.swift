import TestSupport

/// One system call of a run that is harmed: by strace(1), `--inject`, or where it is a kill by `crossdock-strike`, which counts the calls of
/// all threads together.
struct StruckCall {
    enum Harm: String, CaseIterable {
        case kill = "SIGKILL"
        case diskFull = "ENOSPC"
        case inputOutput = "EIO"
        case connectionReset = "ECONNRESET"

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
    /// From 1, in all threads together, or where the harm isn't a kill in each thread for itself.
    var number: Int

    /// What the binary is started by.
    ///
    /// - Parameters:
    ///   - killer: the path of `crossdock-strike`.
    ///   - files: those whose calls count.
    func wrapper(killer: String, log: String, files: [String]) -> [String] {
        if harm == .kill { return Self.words([kind], killedAt: number, killer: killer, log: log, files: files) }
        let paths = kind.touchesFiles ? files.flatMap { ["-P", $0] } : []
        return ["strace", "-f", "-qq", "-o", log, "-e", "trace=\(kind.name)"] + paths
            + ["-e", "inject=\(kind.name):error=\(harm.rawValue):when=\(number)"]
    }

    /// Writes down which calls of those kinds are made; all must touch files, or none.
    ///
    /// - Parameter killedAt: 0: nothing is killed.
    static func words(_ kinds: [Kind], killedAt: Int = 0, killer: String, log: String, files: [String]) -> [String] {
        let names = kinds.map(\.name).joined(separator: ",")
        return [killer, log, names, "\(killedAt)"] + (kinds.allSatisfy(\.touchesFiles) ? files : []) + ["--"]
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

/// What strace or `crossdock-strike` wrote down of a run.
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
