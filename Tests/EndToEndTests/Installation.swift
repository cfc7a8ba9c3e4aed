import Foundation
import Orders
import Simulators
import TestSupport

/// A shop and, where asked for, a remote ERP on loopback, with a folder in which the built binary is configured to join them.
final class Installation: Sendable {
    let shop: CloudSuiteSimulator
    let erp: ERPSimulator?
    let folder: ProjectFolder.Temporary
    private let shopURL: String
    private let erpURL: String

    enum Sink: Sendable {
        case file
        /// `latestEffect` as the configuration writes durations.
        case remote(ERPConfiguration.Mode, latestEffect: String = "1s")
        /// The example in Python, or another command, with these settings.
        case plugin(
            command: String = "python3, \(ProjectFolder.root)/Fixtures/plugins/python/sink.py", settings: String = "path: erp.db")
        /// As the configuration writes it; each call to it may take so long.
        case configured(String, timeLimit: String)
    }

    init(
        sink: Sink = .file, clientSecret: String = "simulated-secret", settle: String = "5m", extra: String = "",
        shop configure: (inout CloudSuiteConfiguration) -> Void = { $0.fixtures = ProjectFolder.cloudsuiteFixtures }
    ) async throws {
        var configuration = CloudSuiteConfiguration()
        configure(&configuration)
        shop = try CloudSuiteSimulator(configuration: configuration)
        shopURL = try await shop.start()
        folder = try ProjectFolder.Temporary()
        switch sink {
        case .file, .plugin, .configured:
            erp = nil
            erpURL = ""
        case .remote(let mode, _):
            var configuration = ERPConfiguration()
            configuration.mode = mode
            configuration.acceptAnyProduct = true
            let erp = ERPSimulator(configuration: configuration)
            erpURL = try await erp.start()
            self.erp = erp
        }
        try writeConfiguration(sink, clientSecret: clientSecret, settle: settle, extra: extra)
    }

    func stop() async {
        await shop.stop()
        await erp?.stop()
    }

    var configurationPath: String { folder.path + "/crossdock.yml" }

    /// Runs `crossdock` with this configuration.
    func crossdock(_ words: String...) async throws -> ChildProgram.Ending {
        try await ChildProgram.run("crossdock", words + ["--config", configurationPath])
    }

    func start(_ words: String...) throws -> ChildProgram {
        try ChildProgram("crossdock", words + ["--config", configurationPath])
    }

    /// Where every order of the ledger stands, by id.
    func standings() async throws -> [Int: (standing: String, reason: String)] {
        let list = try await crossdock("orders", "--all", "--json")
        var standings: [Int: (standing: String, reason: String)] = [:]
        for line in list.output.split(separator: "\n") {
            let row = try JSONValue(parsing: String(line))
            standings[Int(row["order_id"]?.integerValue ?? 0)] = (
                row["standing"]?.stringValue ?? "", row["reason"]?.stringValue ?? ""
            )
        }
        return standings
    }

    func shopText(_ id: Int, _ member: String) -> String? { shop.order(id)?[member]?.stringValue }

    func writeConfiguration(
        _ sink: Sink, clientSecret: String = "simulated-secret", settle: String = "5m", extra: String = ""
    ) throws {
        let sinkText: String =
            switch sink {
            case .file: "{type: sqlite, path: erp.db, require: [customer.name, shipment_address.city]}"
            case .remote(let mode, let latestEffect): Self.remote(erpURL, mode, latestEffect)
            // What is on the PATH may be a version manager's script, which looks into the home folder.
            case .plugin(let command, let settings):
                "{type: plugin, command: [\(command)], environment: [PATH, HOME], settings: {\(settings)}, start_time_limit: 60s}"
            case .configured(let text, _): text
            }
        let timeLimit = if case .configured(_, let limit) = sink { limit } else { "10s" }
        let yaml = """
            ledger: ledger.db
            shops:
              test:
                base_url: \(shopURL)
                auth:
                  type: oauth2
                  token_url: \(shopURL)\(CloudSuiteSimulator.tokenPath)
                  client_id: crossdock
                  client_secret: \(clientSecret)
                total_field: untaxed_amount
                timeouts: {total: 10s}
                lookups: {customer: "/api/customer/{id}/", address: "/api/address/{id}/"}
            sinks:
              erp: \(sinkText)
            flows:
              main:
                shop: test
                sink: erp
                webshop: 1
                since: 2020-01-01
                settle: \(settle)
                totals_tolerance: "0.05"
                recheck: {initial: 1ms, max: 1ms}
                retry: {initial: 50ms, max: 200ms}
                sink_time_limit: \(timeLimit)
            \(extra)
            """
        try yaml.write(toFile: configurationPath, atomically: true, encoding: .utf8)
    }

    private static func remote(_ url: String, _ mode: ERPConfiguration.Mode, _ latestEffect: String) -> String {
        let promise =
            switch mode {
            case .key: "class: key"
            case .lookUp: "class: look_up, latest_effect: \(latestEffect)"
            case .neither: "class: neither"
            }
        return "{type: rest, base_url: \"\(url)\", auth: {type: header, name: X-Api-Key, value: simulated-key}, \(promise), "
            + "answer: {line_key: line_id}}"
    }
}
