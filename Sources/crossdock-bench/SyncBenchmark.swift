import Foundation
import Orders

/// A sync of many orders over loopback, with the simulator in a process of its own.
struct SyncBenchmark {
    let orders: Int
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-bench-\(getpid())").path

    init(orders: Int) { self.orders = orders }

    func run() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let shop = try BenchmarkProcess(
            program: BenchmarkProcess.crossdock,
            ["simulate", "cloudsuite", "--orders", String(orders), "--page-size-max", "1000"],
            output: .pipe)
        defer { shop.stop() }
        guard let line = shop.firstLine(), let address = try? JSONValue(parsing: line), let url = address["url"]?.stringValue
        else {
            throw BenchmarkError("the simulated shop didn't start")
        }
        let configuration = folder + "/crossdock.yml"
        try BenchmarkConfiguration.yaml(url: url, tokenURL: address["token_url"]?.stringValue ?? "")
            .write(toFile: configuration, atomically: true, encoding: .utf8)
        let commitsBefore = try CommitRate.measure(in: folder)
        let shopBefore = shop.processorSeconds
        let sync = try measuredSync(configuration)
        let shopSeconds = shop.processorSeconds - shopBefore
        let commitsAfter = try CommitRate.measure(in: folder)
        let empty = try (0..<5).map { _ in try measuredSync(configuration).wallSeconds }.min() ?? 0
        let capacity = try await SimulatorCapacity.measure(url: url, secret: address["client_secret"]?.stringValue ?? "")
        report(sync, shopSeconds: shopSeconds, commits: (commitsBefore, commitsAfter), emptySeconds: empty, capacity: capacity)
    }

    private func measuredSync(_ configuration: String) throws -> Measurement {
        let process = try BenchmarkProcess(
            program: BenchmarkProcess.crossdock, ["sync", "--json", "--config", configuration], output: .file(folder + "/out"))
        let usage = try process.waitForEnd()
        let output = try String(contentsOfFile: folder + "/out", encoding: .utf8)
        guard usage.status == 0, let last = output.split(separator: "\n").last,
            let summary = try? JSONValue(parsing: String(last))
        else {
            throw BenchmarkError("the sync ended with \(usage.status): \(output.suffix(500))")
        }
        let flow = summary["flows"]?.arrayValue?.first
        return Measurement(
            wallSeconds: usage.wallSeconds, processorSeconds: usage.processorSeconds, peakKilobytes: usage.peakKilobytes,
            finished: Int(flow?["finished"]?.integerValue ?? 0), requests: Int(summary["requests"]?.integerValue ?? 0))
    }

    private struct Measurement {
        var wallSeconds: Double
        var processorSeconds: Double
        var peakKilobytes: Int
        var finished: Int
        var requests: Int
    }

    private func report(
        _ sync: Measurement, shopSeconds: Double, commits: (Double, Double), emptySeconds: Double, capacity: SimulatorCapacity
    ) {
        func number(_ value: Double, _ digits: Int = 2) -> String { String(format: "%.\(digits)f", value) }
        let perThousand = Double(max(sync.finished, 1)) / 1000
        let rows = [
            ("orders finished", "\(sync.finished) of \(orders)"),
            ("orders per second", number(Double(sync.finished) / sync.wallSeconds, 0)),
            ("processor seconds per 1,000 orders", number(sync.processorSeconds / perThousand)),
            ("requests per order", number(Double(sync.requests) / Double(max(sync.finished, 1)))),
            ("peak memory", "\(number(Double(sync.peakKilobytes) / 1024, 1)) MB"),
            ("an empty run", "\(number(emptySeconds * 1000, 0)) ms (best of 5)"),
            ("disk: commits per second, before and after", "\(number(commits.0, 0)), \(number(commits.1, 0))"),
            ("simulator: processor seconds per 1,000 orders", number(shopSeconds / perThousand)),
            ("simulator: capacity", "\(number(capacity.requestsPerSecond, 0)) reads per second, with 32 in flight"),
        ]
        print("crossdock sync, \(orders) orders, shop and ERP on loopback, \(ProcessInfo.processInfo.activeProcessorCount) cores")
        for (name, value) in rows { print("  " + name.padding(toLength: 50, withPad: " ", startingAt: 0) + value) }
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ text: String) { description = text }
}

enum BenchmarkConfiguration {
    static func yaml(url: String, tokenURL: String) -> String {
        """
        ledger: ledger.db
        shops:
          bench:
            base_url: \(url)
            page_limit: 1000
            auth: {type: oauth2, token_url: "\(tokenURL)", client_id: crossdock, client_secret: simulated-secret}
            lookups:
              customer: /api/customer/{id}/
              address: /api/address/{id}/
              customer_list: /api/customer/?id__in={ids}
              address_list: /api/address/?id__in={ids}
        sinks:
          erp: {type: sqlite, path: erp.db}
        flows:
          main: {shop: bench, sink: erp, since: 2020-01-01, concurrency: 64}

        """
    }
}
