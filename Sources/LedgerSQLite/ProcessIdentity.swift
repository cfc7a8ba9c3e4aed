import Foundation
import Glibc

/// Names a process so that nobody takes a later one with the same id for it.
package struct ProcessIdentity: Sendable, Equatable, CustomStringConvertible {
    package let bootID: String
    package let processID: Int32
    /// Clock ticks after boot; field 22 of `/proc/<pid>/stat` (proc(5)).
    package let startedAtTick: UInt64

    package var description: String { "\(bootID)/\(processID)/\(startedAtTick)" }

    package static let current: ProcessIdentity = {
        let processID = getpid()
        return ProcessIdentity(bootID: currentBootID, processID: processID, startedAtTick: startTick(of: processID) ?? 0)
    }()

    private init(bootID: String, processID: Int32, startedAtTick: UInt64) {
        self.bootID = bootID
        self.processID = processID
        self.startedAtTick = startedAtTick
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 3, let processID = Int32(parts[1]), let tick = UInt64(parts[2]) else { return nil }
        self.init(bootID: String(parts[0]), processID: processID, startedAtTick: tick)
    }

    /// Whether the process still runs on this machine.
    package var isAlive: Bool {
        bootID == Self.currentBootID && Self.startTick(of: processID) == startedAtTick
    }

    private static let currentBootID: String = {
        let text = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? "unknown"
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    private static func startTick(of processID: Int32) -> UInt64? {
        guard let stat = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
            let afterName = stat.lastIndex(of: ")")
        else { return nil }
        // The state letter, directly behind the name, is field 3.
        let fields = stat[stat.index(after: afterName)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return UInt64(fields[19])
    }
}
