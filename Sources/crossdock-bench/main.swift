import Glibc

/// Measures the release build on this machine: `crossdock-bench [orders]`.
let orders = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 5000
do {
    try await SyncBenchmark(orders: orders).run()
} catch {
    print("crossdock-bench: \(error)")
    exit(1)
}
