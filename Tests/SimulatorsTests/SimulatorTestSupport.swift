internal import Orders
internal import Simulators
internal import Synchronization
internal import Testing

/// A clock that only a test turns. Begins at 2025-06-02T10:00:00Z, noon in the Netherlands.
final class HandTurnedClock: Sendable {
    private let now = Mutex<Int64>(1_748_858_400_000_000)

    var simulatorClock: SimulatorClock { SimulatorClock { self.now.withLock { $0 } } }

    func advance(milliseconds: Int64) { now.withLock { $0 += milliseconds * 1000 } }
}

/// The repository's `Fixtures/cloudsuite`.
let fixtureFolder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Fixtures/cloudsuite"

/// Runs a shop and a client that shows it a legacy token.
func withShop(
    orders: Int = 0, fixtures: Bool = false, _ configure: (inout CloudSuiteConfiguration) -> Void = { _ in },
    _ body: (CloudSuiteSimulator, Probe) async throws -> Void
) async throws {
    var configuration = CloudSuiteConfiguration()
    configuration.orders = orders
    configuration.fixtures = fixtures ? fixtureFolder : nil
    configuration.legacyToken = "legacy"
    configure(&configuration)
    let shop = try CloudSuiteSimulator(configuration: configuration)
    let probe = Probe(baseURL: try await shop.start(), headers: [("Authorization", "Token legacy")])
    do {
        try await body(shop, probe)
    } catch {
        await shop.stop()
        throw error
    }
    await shop.stop()
}

/// Runs an ERP and a client with its key.
func withERP(
    _ configure: (inout ERPConfiguration) -> Void = { _ in }, _ body: (ERPSimulator, Probe) async throws -> Void
) async throws {
    var configuration = ERPConfiguration()
    configure(&configuration)
    let erp = ERPSimulator(configuration: configuration)
    let probe = Probe(baseURL: try await erp.start(), headers: [("X-Api-Key", "simulated-key")])
    do {
        try await body(erp, probe)
    } catch {
        await erp.stop()
        throw error
    }
    await erp.stop()
}

extension JSONValue {
    /// The ids of a list's results.
    var resultIDs: [Int64] { self["results"]?.arrayValue?.compactMap { $0["id"]?.integerValue } ?? [] }
}
