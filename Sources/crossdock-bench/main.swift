import Glibc
import SinkKit

/// Measures the release build on this machine: `crossdock-bench [orders]`, `crossdock-bench pipe [creates]` for plugins alone, or
/// `crossdock-bench limit [orders]` for a shared rate limit.
let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch arguments.first {
    case "pipe": try await PipeBenchmark(creates: arguments.dropFirst().first.flatMap(Int.init) ?? 50_000).run()
    case "limit": try await LimitBenchmark(orders: arguments.dropFirst().first.flatMap(Int.init) ?? 6).run()
    case PipeBenchmark.pluginArgument: await PipeBenchmark.plugin.run()
    default: try await SyncBenchmark(orders: arguments.first.flatMap(Int.init) ?? 5000).run()
    }
} catch {
    print("crossdock-bench: \(error)")
    exit(1)
}
