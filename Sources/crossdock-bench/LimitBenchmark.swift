import Foundation
import Glibc
import Simulators

/// How much of a rate limit of ten requests in a second two processes on one ledger use, as the server counts it.
struct LimitBenchmark {
    /// Of each of the two processes, of four units each: some 16 requests an order.
    let orders: Int
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-bench-\(getpid())").path
    private static let limit = 10

    init(orders: Int) { self.orders = orders }

    func run() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let shop = try CloudSuiteSimulator(configuration: CloudSuiteConfiguration())
        var configuration = EZCardsConfiguration()
        configuration.rateLimit = RateLimit(requests: Self.limit)
        let ezcards = EZCardsSimulator(configuration: configuration)
        let (shopURL, ezcardsURL) = (try await shop.start(), try await ezcards.start())
        for number in 1...orders {
            for webshop in 1...2 {
                var order = PlainOrder(
                    reference: "CS9\(webshop)\(1000 + number)", number: webshop * 10_000 + number, description: "A card",
                    unitPrice: "12.5000", lines: [("8PX-UF-Y5U", 4)])
                order.webshop = webshop
                _ = shop.add(order.json)
            }
        }
        let path = folder + "/crossdock.yml"
        try Self.yaml(shopURL, ezcardsURL).write(toFile: path, atomically: true, encoding: .utf8)
        let processes = try ["first", "second"].map { flow in
            try BenchmarkProcess(
                program: BenchmarkProcess.crossdock, ["sync", "--flow", flow, "--config", path],
                output: .file(folder + "/" + flow))
        }
        // Waiting in the kernel on a task's thread would hold up the simulators, which run in this process.
        let statuses = try await Task.detached { try processes.map { try $0.waitForEnd().status } }.value
        report(ezcards, statuses)
        await shop.stop()
        await ezcards.stop()
    }

    private func report(_ ezcards: EZCardsSimulator, _ statuses: [Int32]) {
        let log = ezcards.requestLog
        let seconds = Double((log.last?.receivedUnixMicroseconds ?? 0) - (log.first?.receivedUnixMicroseconds ?? 0)) / 1e6
        let rows = [
            ("requests", "\(log.count) in \(String(format: "%.1f", seconds)) s"),
            ("used of the limit", String(format: "%.0f %%", Double(log.count) / seconds / Double(Self.limit) * 100)),
            ("in the busiest sliding second", "\(ezcards.requestsInBusiestSecond)"),
            ("refused for coming too fast", "\(log.count { $0.status == 429 })"),
            ("the processes ended with", statuses.map(String.init).joined(separator: ", ")),
        ]
        print("\(Self.limit) requests in any second, two processes on one ledger, \(2 * orders) orders from EZ Cards on loopback")
        for (name, value) in rows { print("  " + name.padding(toLength: 50, withPad: " ", startingAt: 0) + value) }
    }

    private static func yaml(_ shopURL: String, _ ezcardsURL: String) -> String {
        """
        ledger: ledger.db
        codes: {key: \(String(repeating: "0f", count: 32))}
        shops:
          bench:
            base_url: \(shopURL)
            auth:
              type: oauth2
              token_url: \(shopURL)\(CloudSuiteSimulator.tokenPath)
              client_id: crossdock
              client_secret: simulated-secret
        sinks:
          codes: {type: ezcards, base_url: "\(ezcardsURL)", api_key: simulated-key, access_token: simulated-token, latest_effect: 1s}
        flows:
          first: {shop: bench, sink: codes, webshop: 1, since: 2020-01-01}
          second: {shop: bench, sink: codes, webshop: 2, since: 2020-01-01}

        """
    }
}
