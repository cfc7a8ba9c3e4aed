import Foundation
import Glibc
import Simulators
import TestSupport

/// Lets the disk fill up at every point of a run: on a file system of its own where one may be mounted, else by a limit on the size of files.
///
/// The run must say so in clear words, and no create may be sent whose outcome couldn't be recorded: what the ERP got, the ledger
/// knows of. Once there is room again everything goes on.
package struct FullDisk {
    private let crossdock: String

    package init(crossdock: String) { self.crossdock = crossdock }

    /// - Parameter rounds: how many different amounts of room are tried for each class.
    package func run(seed: UInt64, rounds: Int) async throws -> ChaosReport {
        var report = ChaosReport(name: "disk", seed: seed)
        for round in 0..<rounds * 3 {
            let mode = ERPConfiguration.Mode.allCases[round % 3]
            try await self.round(SeededRandom(seed: seed, number: round), mode, &report)
        }
        return report
    }

    private func round(_ random: SeededRandom, _ mode: ERPConfiguration.Mode, _ report: inout ChaosReport) async throws {
        var random = random
        let seed = random.next()
        let site = try await Site(Site.Plan(mode: mode, seed: seed, ledger: "disk/ledger.db"), crossdock: crossdock)
        let disk = site.folder + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        let isMounted = mount("crossdock-chaos", disk, "tmpfs", 0, "size=8m") == 0
        report.count(isMounted ? "rounds on a small file system" : "rounds with a limit on the size of files")
        try await site.prepare()
        let room = random.below(320) * 1024
        let ending: ChildProgram.Ending
        if isMounted {
            try fill(disk, leaving: room)
            ending = try await site.run("sync")
            unlink(disk + "/ballast")
        } else {
            // In blocks of 1,024 bytes (POSIX ulimit -f counts 512, dash and bash 1,024 or 512): bash, by its name.
            let size = (try? FileManager.default.attributesOfItem(atPath: disk + "/ledger.db")[.size] as? Int) ?? 0
            let limit = (size + room) / 1024 + 1
            ending = try await site.start(
                ["sync"], wrapper: ["bash", "-c", "ulimit -f \(limit); trap '' XFSZ; exec \"$@\"", "bash"]
            ).waitForEnd()
        }
        var violations = unclear(ending, &report)
        try await site.quiet()
        let audit = try await Audit(site)
        // What class N posted and couldn't write down is with a person; all else must be finished.
        violations += audit.violations()
        report.count("orders finished", audit.standings.values.count { $0.standing == "finished" })
        report.count("orders left to a person", audit.standings.values.count { $0.standing == "quarantined" })
        if isMounted { umount2(disk, Int32(MNT_DETACH)) }
        await report.conclude(site, violations, context: "class \(mode.rawValue), round seed \(seed), room for \(room) bytes")
    }

    private func unclear(_ ending: ChildProgram.Ending, _ report: inout ChaosReport) -> [String] {
        switch ending.status {
        case 0?:
            report.count("runs that had room enough")
            return []
        case 75?, 78?:
            report.count("runs that met the full disk")
            let isFull = ending.errors.contains("the disk is full")
            guard isFull || ending.errors.contains("the disk failed") else {
                return ["the message isn't clear: \(ending.errors)"]
            }
            return isFull && ending.status == 78 ? ["a full disk is no fault of the configuration: \(ending.errors)"] : []
        default: return ["the run ended with \(ending.status.map(String.init) ?? "a signal"): \(ending.errors.suffix(600))"]
        }
    }

    private func fill(_ disk: String, leaving room: Int) throws {
        var facts = statvfs()
        guard statvfs(disk, &facts) == 0 else { throw HarnessFault("\(disk) can't be measured") }
        let free = Int(facts.f_bavail) * Int(facts.f_frsize)
        let ballast = Data(count: max(0, free - room))
        guard FileManager.default.createFile(atPath: disk + "/ballast", contents: ballast) else {
            throw HarnessFault("\(disk) can't be filled")
        }
    }
}
