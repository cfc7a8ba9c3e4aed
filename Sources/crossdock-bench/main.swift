import Glibc
import SinkKit

/// Measures the release build on this machine: `crossdock-bench [orders]`, or `crossdock-bench pipe [creates]` for plugins alone.
let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch arguments.first {
    case "pipe": try await PipeBenchmark(creates: arguments.dropFirst().first.flatMap(Int.init) ?? 50_000).run()
    case PipeBenchmark.pluginArgument: await PipeBenchmark.plugin.run()
    default: try await SyncBenchmark(orders: arguments.first.flatMap(Int.init) ?? 5000).run()
    }
} catch {
    print("crossdock-bench: \(error)")
    exit(1)
}
