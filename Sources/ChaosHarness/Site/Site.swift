import Foundation
import Orders
package import Simulators
import TestSupport

/// A shop and an ERP on loopback, and a folder in which the binary is configured to join them.
package final class Site {
    package let shop: CloudSuiteSimulator
    package let erp: ERPSimulator
    package let mode: ERPConfiguration.Mode
    package let folder: String
    /// The orders as they were before anything was done, by id.
    private(set) var before: [Int: JSONObject] = [:]
    private let crossdock: String

    /// How long after its end a request may take effect in the ERP, at the most.
    static let latestEffectMilliseconds = 300

    struct Plan {
        var mode: ERPConfiguration.Mode
        /// What the configuration says of it; `nil`: the truth.
        var promised: ERPConfiguration.Mode?
        var orders = 6
        var seed: UInt64
        /// Further top-level settings.
        var settings = ""
        var concurrency = 4
        /// Where the ledger is, when not in the folder itself.
        var ledger = "ledger.db"
    }

    /// - Parameter crossdock: the binary's path.
    init(_ plan: Plan, crossdock: String) async throws {
        self.crossdock = crossdock
        mode = plan.mode
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-chaos-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var shopConfiguration = CloudSuiteConfiguration()
        shopConfiguration.orders = plan.orders
        shopConfiguration.seed = plan.seed
        shopConfiguration.logCapacity = 100
        shop = try CloudSuiteSimulator(configuration: shopConfiguration)
        var erpConfiguration = ERPConfiguration()
        erpConfiguration.mode = plan.mode
        erpConfiguration.seed = plan.seed
        erpConfiguration.logCapacity = 100
        erp = ERPSimulator(configuration: erpConfiguration)
        let yaml = Self.yaml(plan, shop: try await shop.start(), erp: try await erp.start())
        try yaml.write(toFile: configurationPath, atomically: true, encoding: .utf8)
        for id in shop.orderIDs(state: "confirmed") { before[id] = shop.order(id)?.objectValue }
    }

    func close(keepsFolder: Bool = false) async {
        await shop.stop()
        await erp.stop()
        if !keepsFolder { try? FileManager.default.removeItem(atPath: folder) }
    }

    private var configurationPath: String { folder + "/crossdock.yml" }

    /// Every file that a sync opens in the folder, the folder itself included.
    var files: [String] {
        let ledger = folder + "/ledger.db"
        return [folder, configurationPath, ledger, ledger + ".main.pull.lock"] + ["-wal", "-shm", "-journal"].map { ledger + $0 }
    }

    private static func yaml(_ plan: Plan, shop: String, erp: String) -> String {
        let promise =
            switch plan.promised ?? plan.mode {
            case .key: "class: key"
            case .lookUp: "class: look_up, latest_effect: \(latestEffectMilliseconds)ms"
            case .neither: "class: neither"
            }
        return """
            ledger: \(plan.ledger)
            \(plan.settings)
            shops:
              test:
                base_url: \(shop)
                auth: {type: oauth2, token_url: "\(shop)\(CloudSuiteSimulator.tokenPath)", client_id: crossdock, client_secret: simulated-secret}
                timeouts: {total: 10s}
                lookups: {customer: "/api/customer/{id}/", address: "/api/address/{id}/"}
            sinks:
              erp: {type: rest, base_url: "\(erp)", auth: {type: header, name: X-Api-Key, value: simulated-key}, \(promise), answer: {line_key: line_id}}
            flows:
              main:
                shop: test
                sink: erp
                webshop: 1
                since: 2020-01-01
                concurrency: \(plan.concurrency)
                recheck: {initial: 1ms}
                retry: {initial: 20ms, max: 100ms, failures_max: 1000}
                sink_time_limit: 5s

            """
    }

    // MARK: Running

    /// - Parameter wrapper: what the binary is started by, such as `strace` and its options.
    func start(_ words: [String], wrapper: [String] = []) throws -> ChildProgram {
        try ChildProgram(wrapper + [crossdock] + words + ["--config", configurationPath])
    }

    func run(_ words: String...) async throws -> ChildProgram.Ending { try await start(words).waitForEnd() }

    /// Makes the ledger, where a sink that can't be asked takes only what is confirmed afterwards, and confirms everything anew.
    func prepare() async throws {
        if mode == .neither { try await makeLedger() }
    }

    /// Makes the ledger before anything is confirmed.
    func makeLedger() async throws {
        for id in before.keys.sorted() { shop.edit(id, ["state": "draft"]) }
        _ = try await run("sync")
        // The shop's dates have whole seconds: after the ledger was made, and not after now.
        if mode == .neither { try await Task.sleep(for: .milliseconds(1100)) }
        for id in before.keys.sorted() {
            shop.edit(id, ["state": "confirmed", "confirm_date": .text(Self.shopTimeNow)])
            before[id] = shop.order(id)?.objectValue
        }
    }

    /// On the clock of the simulated shop.
    private static var shopTimeNow: String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "Europe/Amsterdam")
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
        return formatter.string(from: Date())
    }

    /// Runs until every order is where it stays.
    ///
    /// - Returns: the last run's ending.
    @discardableResult
    func quiet() async throws -> ChildProgram.Ending {
        shop.clearFaults()
        erp.clearFaults()
        // What is on its way takes effect within that.
        try await Task.sleep(for: .milliseconds(Self.latestEffectMilliseconds))
        var ending = try await run("sync")
        for _ in 0..<40 {
            let open = try await standings().values.contains { $0.standing == "new" || $0.standing == "waiting" }
            if !open, ending.status == 0 || ending.status == 1 { break }
            try await Task.sleep(for: .milliseconds(250))
            ending = try await run("sync")
        }
        return ending
    }

    /// Where every order of the ledger stands, by id.
    func standings() async throws -> [Int: (standing: String, reason: String)] {
        var standings: [Int: (standing: String, reason: String)] = [:]
        for line in try await run("orders", "--all", "--json").output.split(separator: "\n") {
            let row = try JSONValue(parsing: String(line))
            standings[Int(row["order_id"]?.integerValue ?? 0)] = (
                row["standing"]?.stringValue ?? "", row["reason"]?.stringValue ?? ""
            )
        }
        return standings
    }
}
