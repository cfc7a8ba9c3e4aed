import Foundation
import Glibc
import Orders
import Transport

/// How many small durable writes a second this disk makes at this moment: without it a figure of orders per second says little.
enum CommitRate {
    static func measure(in folder: String) throws -> Double {
        let path = folder + "/commit-rate"
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw BenchmarkError("\(path) can't be opened") }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 1, count: 4096)
        let start = ContinuousClock.now
        var count = 0
        while start.duration(to: .now) < .milliseconds(500) {
            guard pwrite(descriptor, page, page.count, (count % 256) * 4096) == page.count, fdatasync(descriptor) == 0 else {
                throw BenchmarkError("the disk refuses to sync")
            }
            count += 1
        }
        return Double(count) * 2
    }
}

/// What the simulated shop can do at most, so that it isn't what is measured.
struct SimulatorCapacity {
    var requestsPerSecond: Double

    static func measure(url: String, secret: String) async throws -> SimulatorCapacity {
        let exchange = try CurlExchange()
        let surroundings = Endpoint.Surroundings(exchange: exchange)
        let tokens = Endpoint(
            Endpoint.Settings(base: try BaseURL(url + "/realms/CloudSuite-test/protocol/openid-connect/token")),
            surroundings: surroundings)
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL(url)),
            authorizer: OAuth2ClientCredentials(
                tokens: tokens, client: .init(identifier: "crossdock", secret: secret, scope: "openid")),
            surroundings: surroundings)
        let start = ContinuousClock.now
        let total = 20_000
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<32 {
                group.addTask {
                    for _ in 0..<(total / 32) { _ = try await endpoint.send(EndpointCall(.get, "/api/order/100001/")) }
                }
            }
            try await group.waitForAll()
        }
        let elapsed = start.duration(to: .now)
        await exchange.shutdown()
        return SimulatorCapacity(
            requestsPerSecond: Double(total)
                / (Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18))
    }
}
