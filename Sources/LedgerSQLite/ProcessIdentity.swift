import Foundation
import Glibc

/// Names a process so that nobody takes a later one with the same id for it, nor one of another container.
package struct ProcessIdentity: Sendable, Equatable, CustomStringConvertible {
    package let bootID: String
    /// Process ids mean something only within one (pid_namespaces(7)); each container has its own.
    package let pidNamespace: String
    package let processID: Int32
    /// Clock ticks after boot; field 22 of `/proc/<pid>/stat` (proc(5)).
    package let startedAtTick: UInt64

    package var description: String { "\(bootID)/\(pidNamespace)/\(processID)/\(startedAtTick)" }

    package static let current = ProcessIdentity(of: getpid())

    /// A running process in this process's namespace.
    package init(of processID: Int32) {
        let tick: UInt64? = if case .runs(let tick) = Self.sight(of: processID) { tick } else { nil }
        self.init(
            bootID: Self.currentBootID, pidNamespace: Self.currentNamespace, processID: processID, startedAtTick: tick ?? 0)
    }

    private init(bootID: String, pidNamespace: String, processID: Int32, startedAtTick: UInt64) {
        self.bootID = bootID
        self.pidNamespace = pidNamespace
        self.processID = processID
        self.startedAtTick = startedAtTick
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 4, let processID = Int32(parts[2]), let tick = UInt64(parts[3]) else { return nil }
        self.init(bootID: String(parts[0]), pidNamespace: String(parts[1]), processID: processID, startedAtTick: tick)
    }

    /// Whether the process is certainly gone. `false` where it runs, and where that can't be seen from here.
    package var isDead: Bool {
        guard bootID == Self.currentBootID else { return true }
        guard pidNamespace == Self.currentNamespace else { return false }
        return switch Self.sight(of: processID) {
        case .runs(let tick): tick != startedAtTick
        case .isGone: true
        case .isHidden: false
        }
    }

    private enum Sight {
        case runs(sinceTick: UInt64)
        case isGone
        /// It is there, but `/proc` doesn't show it, as with the mount option `hidepid` (proc(5)).
        case isHidden
    }

    private static func sight(of processID: Int32) -> Sight {
        guard let stat = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
            let afterName = stat.lastIndex(of: ")")
        else { return kill(processID, 0) == 0 || errno == EPERM ? .isHidden : .isGone }
        // The state letter, directly behind the name, is field 3.
        let fields = stat[stat.index(after: afterName)...].split(separator: " ")
        guard fields.count > 19, let tick = UInt64(fields[19]) else { return .isHidden }
        return ["Z", "X", "x"].contains(fields[0]) ? .isGone : .runs(sinceTick: tick)
    }

    private static let currentBootID: String = {
        let text = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? "unknown"
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    /// The number in `pid:[4026531836]`.
    private static let currentNamespace: String = {
        let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "unknown"
        let digits = link.filter { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? "unknown" : digits
    }()
}
