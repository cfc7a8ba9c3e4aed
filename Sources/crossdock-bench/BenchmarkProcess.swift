import Foundation
import Glibc

/// A child whose processor time and memory are measured.
final class BenchmarkProcess {
    enum OutputTarget {
        case pipe
        case file(String)
    }

    struct Usage {
        var status: Int32
        var wallSeconds: Double
        var processorSeconds: Double
        var peakKilobytes: Int
    }

    /// The release binary beside this one.
    static let crossdock = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("crossdock").path

    private let processID: pid_t
    private let startedAt = ContinuousClock.now
    private var pipeEnd: Int32 = -1
    private var isRunning = true

    init(program: String, _ arguments: [String], output: OutputTarget) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var writeEnd: Int32 = -1
        switch output {
        case .pipe:
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { throw BenchmarkError("no pipe") }
            (pipeEnd, writeEnd) = (ends[0], ends[1])
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
            posix_spawn_file_actions_addclose(&actions, ends[0])
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        var child: pid_t = 0
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        let code = posix_spawn(&child, program, &actions, nil, words, environ)
        guard code == 0 else { throw BenchmarkError("\(program): \(String(cString: strerror(code)))") }
        if writeEnd >= 0 { close(writeEnd) }
        processID = child
    }

    /// The first line it prints.
    func firstLine() -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(pipeEnd, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// User and system time so far (proc(5): fields 14 and 15 of `stat`, in clock ticks).
    var processorSeconds: Double {
        guard let stat = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else {
            return 0
        }
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        let ticks = (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    func waitForEnd() throws -> Usage {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(processID, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw BenchmarkError("the child is lost") }
        }
        isRunning = false
        let elapsed = startedAt.duration(to: .now)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return Usage(
            status: (status & 0x7F) == 0 ? (status >> 8) & 0xFF : -(status & 0x7F),
            wallSeconds: Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18,
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakKilobytes: usage.ru_maxrss)
    }

    func stop() {
        guard isRunning else { return }
        kill(processID, SIGTERM)
        var status: Int32 = 0
        waitpid(processID, &status, 0)
        isRunning = false
        if pipeEnd >= 0 { close(pipeEnd) }
    }
}
