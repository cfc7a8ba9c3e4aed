import ArgumentParser
import ChaosHarness
import Foundation

/// `crossdock-chaos`: harms the built binary in every way there is, and audits what the shop and the ERP have afterwards.
@main
struct ChaosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crossdock-chaos",
        abstract: "Kills, starves and damages the built binary, and audits the shop and the ERP afterwards.",
        discussion: "Ends with 1 where an audit found a violation. The same seed repeats the same choices.")

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case kills, calls, flips, disk, overlaps, freeze
    }

    @Option(name: .long, help: "What every choice derives from.") var seed: UInt64 = 1
    @Option(name: .long, help: "Only these parts, separated by commas.") var only: String?
    @Flag(name: .long, help: "The short form, minutes instead of hours.") var short = false
    @Option(name: .long, help: "The binary; by default the one beside this.") var crossdock: String?

    func run() async throws {
        let program =
            crossdock
            ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("crossdock").path
        var violations = 0
        for part in try parts() {
            let startedAt = ContinuousClock.now
            let report = try await perform(part, program)
            violations += report.violations.count
            print(report.text)
            print("  took \(startedAt.duration(to: .now).formatted(.units(allowed: [.minutes, .seconds])))")
            if !report.violations.isEmpty { print("  again with: make chaos SEED=\(seed) ONLY=\(part.rawValue)") }
        }
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

    private func perform(_ part: Part, _ crossdock: String) async throws -> ChaosReport {
        switch part {
        case .kills: try await KillStorm(crossdock: crossdock).run(seed: seed, kills: short ? 100 : 5000) { print("  \($0)") }
        case .calls:
            try await StruckCalls(crossdock: crossdock).run(seed: seed, step: short ? 20 : 1) { print("  \($0)") }
        case .flips: try await BitFlips(crossdock: crossdock).run(seed: seed, trials: short ? 50 : 1000) { print("  \($0)") }
        case .disk: try await FullDisk(crossdock: crossdock).run(seed: seed, rounds: short ? 4 : 50)
        case .overlaps: try await Overlaps(crossdock: crossdock).run(seed: seed, rounds: short ? 3 : 60)
        case .freeze: try await FrozenWorker(crossdock: crossdock).run(seed: seed, rounds: short ? 3 : 60)
        }
    }
}
