import Foundation
import Glibc
import SinkKit

/// Lets the next Crossdock see a program that outlived the one that had started it.
///
/// Two locks of `flock`, which the kernel gives back at the end of whoever holds them: one is ours, the other is the program's, which
/// inherits it as descriptor 3 with all that it starts itself. A program whose lock is held while its host's is free is an orphan:
/// what it still does belongs to a call that nobody waits for, and no wait for late effects may begin before it is gone.
final class PluginPresence: Sendable {
    /// What the program inherits.
    let programDescriptor: Int32
    private let hostDescriptor: Int32
    private let hostPath: String
    private let programPath: String

    private static let (hostSuffix, programSuffix) = (".host", ".program")
    /// For a program that ends by itself once its input has ended.
    private static let graceTime = Duration.seconds(2)
    /// For one that is killed.
    private static let killTimeMax = Duration.seconds(5)

    /// - Parameters:
    ///   - folder: made where it isn't there.
    ///   - name: of the sink.
    init(folder: String, name: String) throws(ProgramStartFault) {
        let stem = "\(folder)/\(name).\(getpid()).\(UInt64.random(in: .min ... .max))"
        (hostPath, programPath) = (stem + Self.hostSuffix, stem + Self.programSuffix)
        _ = unsafe mkdir(folder, 0o700)
        hostDescriptor = try Self.locked(hostPath)
        do throws(ProgramStartFault) { programDescriptor = try Self.locked(programPath) } catch {
            unsafe unlink(hostPath)
            close(hostDescriptor)
            throw error
        }
    }

    private static func locked(_ path: String) throws(ProgramStartFault) -> Int32 {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ProgramStartFault(message: "the lock file \(path) can't be made: \(ChildPipes.reason(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            unsafe unlink(path)
            throw ProgramStartFault(message: "the lock file \(path) can't be locked: \(ChildPipes.reason(code))")
        }
        return descriptor
    }

    /// After the program has it.
    func closeTheirs() { close(programDescriptor) }

    /// The program is gone.
    func end() {
        unsafe unlink(programPath)
        unsafe unlink(hostPath)
        close(hostDescriptor)
    }

    // MARK: Orphans

    /// Waits until no program of that sink is left over from a Crossdock that is gone, and ends those that don't end.
    ///
    /// - Returns: the ids of the processes that had to be killed.
    /// - Throws: ``SinkError/Code/unavailable`` where one can't be ended from here.
    static func endOrphans(folder: String, name: String) async throws(SinkError) -> [pid_t] {
        var left = orphans(folder, name)
        let killAt = ContinuousClock.now + graceTime
        // From the first attempt on, however late this task came to it.
        var giveUpAt: ContinuousClock.Instant?
        var killed: [pid_t] = []
        while let path = left.first {
            let now = ContinuousClock.now
            if let giveUpAt, now >= giveUpAt {
                throw SinkError(
                    .unavailable,
                    "plugin '\(name)': a program is still running that a Crossdock had started which is gone, and it can't be ended from here; "
                        + "it holds \(path): end it (fuser -k \(path)), then try again")
            }
            if now >= killAt {
                giveUpAt = giveUpAt ?? now + killTimeMax
                for holder in holders(of: path) where kill(holder, SIGKILL) == 0 && !killed.contains(holder) {
                    killed.append(holder)
                }
            }
            do { try await Task.sleep(for: .milliseconds(20)) } catch {
                throw SinkError(.unavailable, "plugin '\(name)': the wait for a program that is left over was ended")
            }
            left = orphans(folder, name)
        }
        return killed
    }

    /// The locks of programs without a host. Those of programs that are gone as well are taken away.
    private static func orphans(_ folder: String, _ name: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.sorted().filter { $0.hasPrefix("\(name).") && $0.hasSuffix(programSuffix) }.compactMap { file in
            let path = "\(folder)/\(file)"
            let hostPath = path.dropLast(programSuffix.count) + hostSuffix
            guard isFree(String(hostPath)) else { return nil }
            if !isFree(path) { return path }
            unsafe unlink(path)
            unsafe unlink(String(hostPath))
            return nil
        }
    }

    /// Whether nobody holds it, and where it isn't there. Others may look at the same time, so the look is shared.
    private static func isFree(_ path: String) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == ENOENT }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) == 0
    }

    /// Processes that have the file open, as far as `/proc` shows them (proc(5)).
    private static func holders(of path: String) -> [pid_t] {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let processes = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
        return processes.filter { process in
            guard process != getpid() else { return false }
            let folder = "/proc/\(process)/fd"
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return files.contains { (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == target }
        }
    }
}
