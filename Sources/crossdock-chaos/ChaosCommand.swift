import ArgumentParser
import ChaosHarness
import Foundation
import Glibc
import PowerLoss

/// `crossdock-chaos`: harms the built binary in every way there is, and audits what the shop and the ERP have afterwards.
@main
struct ChaosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crossdock-chaos",
        abstract: "Kills, starves and damages the built binary, and audits the shop and the ERP afterwards.",
        discussion: "Ends with 1 where an audit found a violation. The same seed repeats the same choices.")

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case kills, calls, flips, power, disk, overlaps, freeze
    }

    @Option(name: .long, help: "What every choice derives from.") var seed: UInt64 = 1
    @Option(name: .long, help: "Only these parts, separated by commas.") var only: String?
    @Flag(name: .long, help: "The short form, minutes instead of hours.") var short = false
    @Option(name: .long, help: "How many images power failures are to leave, at least.") var images: Int?
    @Option(name: .long, help: "The binary; by default the one beside this.") var crossdock: String?

    /// Beside this one.
    private func program(_ name: String) -> String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent(name)
            .path
    }

    func run() async throws {
        let program = crossdock ?? program("crossdock")
        var violations = 0
        for part in try parts() {
            let startedAt = ContinuousClock.now
            let (text, count) = try await perform(part, program)
            violations += count
            print(text)
            print("  took \(startedAt.duration(to: .now).formatted(.units(allowed: [.minutes, .seconds])))")
            if count > 0 { print("  again with: make chaos SEED=\(seed) ONLY=\(part.rawValue)") }
        }
        print("chaos, seed \(seed): \(violations) violations in \(try parts().map(\.rawValue).joined(separator: ", "))")
        if violations > 0 { throw ExitCode(1) }
    }

    private func parts() throws -> [Part] {
        guard let only, !only.isEmpty else { return Part.allCases }
        return try only.split(separator: ",").map { name in
            guard let part = Part(rawValue: String(name)) else {
                throw ValidationError("'\(name)' is not one of \(Part.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return part
        }
    }

    private typealias Result = (text: String, violations: Int)

    private func perform(_ part: Part, _ crossdock: String) async throws -> Result {
        switch part {
        case .kills: result(try await KillStorm(crossdock: crossdock).run(seed: seed, kills: short ? 100 : 5000, progress: say))
        case .calls:
            result(
                try await StruckCalls(crossdock: crossdock, killer: program("crossdock-strike"))
                    .run(seed: seed, step: short ? 20 : 1, progress: say))
        case .flips: result(try await BitFlips(crossdock: crossdock).run(seed: seed, trials: short ? 50 : 1000, progress: say))
        case .power: try await losePower()
        case .disk: result(try await FullDisk(crossdock: crossdock).run(seed: seed, rounds: short ? 4 : 50))
        case .overlaps: result(try await Overlaps(crossdock: crossdock).run(seed: seed, rounds: short ? 3 : 60))
        case .freeze: result(try await FrozenWorker(crossdock: crossdock).run(seed: seed, rounds: short ? 3 : 60))
        }
    }

    private func result(_ report: ChaosReport) -> Result { (report.text, report.violations.count) }

    private func losePower() async throws -> Result {
        let images = images ?? (short ? 1000 : 100_000)
        let report = try await PowerLossSearch(seed: seed).run(images: images, cuts: images / 20, progress: say)
        return (report.text, report.violations.count)
    }

    private var say: @Sendable (String) -> Void {
        { line in
            print("  \(line)")
            fflush(nil)
        }
    }
}
