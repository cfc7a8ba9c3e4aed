import Foundation
import Simulation

/// The engine under simulated faults: `make simulate`.
guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
    print(Options.usage)
    exit(2)
}
/// One schedule, played alone.
let single: Schedule? =
    options.crashes.isEmpty
    ? options.replay.map { ScheduleDraw.random(seed: $0) } : options.paths.first?.schedule(with: options.crashes)
if let schedule = single {
    let outcome = Outcome(schedule, disk: options.ledger.maker()(schedule), keepsTrace: options.isTraced)
    for line in outcome.trace { print(line) }
    print(schedule)
    print("digest \(String(outcome.digest, radix: 16))")
    for violation in outcome.violations { print("VIOLATION \(violation)") }
    exit(outcome.violations.isEmpty ? 0 : 1)
}
if let share = options.share {
    FileHandle.standardOutput.write(try JSONEncoder().encode(Share(options, number: share)))
    exit(0)
}
let startedAt = ContinuousClock.now
let summary = Summary(options, try Children.run(options), seconds: startedAt.duration(to: .now) / .seconds(1))
summary.print()
exit(summary.isGood ? 0 : 1)
