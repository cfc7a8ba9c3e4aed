internal import Orders
internal import Simulators
internal import Testing

struct ServerTests {
    @Test func `a stopped simulator refuses connections and comes back under the same address with its orders`() async throws {
        let (shop, first) = try await Self.shopOutsideTheEphemeralPorts()
        shop.add(JSONObject([("id", 5), ("state", "confirmed")]))
        await shop.stop()
        #expect(Probe(baseURL: first).get("/_simulator/orders/5").status == nil)
        let second = try await shop.start()
        #expect(second == first)
        #expect(Probe(baseURL: second).get("/_simulator/orders/5").status == 200)
        await shop.stop()
        await shop.stop()
    }

    /// Among the ports that the system hands out, another test's server may get this one's while it is stopped.
    private static func shopOutsideTheEphemeralPorts() async throws -> (CloudSuiteSimulator, String) {
        for port in (20_000..<30_000).shuffled().prefix(50) {
            var configuration = CloudSuiteConfiguration()
            configuration.port = port
            let shop = try CloudSuiteSimulator(configuration: configuration)
            if let address = try? await shop.start() { return (shop, address) }
        }
        throw NoFreePort()
    }

    private struct NoFreePort: Error {}

    @Test func `a port that is taken is said so`() async throws {
        let first = ERPSimulator()
        let port = Probe(baseURL: try await first.start()).port
        var configuration = ERPConfiguration()
        configuration.port = Int(port)
        let second = ERPSimulator(configuration: configuration)
        let error = await #expect(throws: SimulatorStartError.self) { try await second.start() }
        #expect(error?.description.contains("can't listen on 127.0.0.1:\(port)") == true)
        await #expect(throws: SimulatorStartError.self) { try await first.start() }
        await first.stop()
    }
}
