import Foundation
import Ledger
import Logging
import Orders
import Settings
import SinkKit
import SinkTesting
import Sinks
import Transport

/// A sink of the configuration with all that a check of it needs, set up to be thrown away.
struct SinkBench: Sendable {
    var target: SinkUnderTest
    /// What a person should know before the first rule.
    var notes: [String] = []
    /// Stops and removes what was set up.
    var end: @Sendable () async -> Void = {}

    /// - Throws: ``CommandFailure`` where there is no such sink, or nothing that it may be tried with.
    static func make(
        _ name: String, options: CommonOptions, isLive: Bool, sample command: SinkCheckCommand
    ) async throws -> SinkBench {
        let configuration = try options.configuration()
        guard let named = configuration.sink(name) else {
            throw CommandFailure(
                .usage, "there is no sink '\(name)'; there are: \(configuration.sinks.map(\.name).joined(separator: ", "))")
        }
        let parts = SinkParts(configuration: configuration, options: options)
        var bench: SinkBench
        if isLive {
            bench = real(named, parts)
            equip(&bench.target, named.sandbox)
            bench.notes = ["makes orders in sink '\(name)' itself, with references that begin with CDCHECK-"]
        } else if let other = named.sandbox?.sink.flatMap(configuration.sink) {
            bench = real(other, parts)
            equip(&bench.target, named.sandbox)
            bench.notes = [
                "makes orders in sink '\(other.name)', the sandbox of '\(name)', with references that begin with CDCHECK-"
            ]
        } else {
            bench = try await offline(named, parts)
        }
        bench.target.openWithUnknownSetting = parts.openWithUnknownSetting(named.name, bench.target.open)
        try bench.target.sample.take(named.sandbox, command)
        return bench
    }

    /// With the tools that the configuration names for an ERP that isn't the kit's.
    private static func equip(_ target: inout SinkUnderTest, _ sandbox: SandboxSettings?) {
        guard let sandbox else { return }
        let environment = ProcessInfo.processInfo.environment
        SandboxTools(tools: sandbox.tools, folder: sandbox.toolsFolder, environment: environment).equip(&target)
    }

    /// The sink as it is configured.
    private static func real(_ settings: SinkSettings, _ parts: SinkParts) -> SinkBench {
        let sample = SinkSample(products: [], firstOrderID: parts.firstOrderID)
        if let live = LiveERPBench(settings) { return live.bench(parts, sample) }
        var bench: SinkBench
        switch settings.kind {
        case .sqlite(let path, _, _):
            bench = SinkBench(target: parts.target(settings, sample))
            bench.target.sample.products = ["124"]
            SQLiteSinkAudit(path: path).equip(&bench.target)
            bench.target.process = parts.process(settings.name)
        case .rest(_, let rest):
            let created = RESTSink.createPath(rest)
            let mishaps = MishapExchange.Plan { !$0.method.onlyReads && $0.url.prefix { $0 != "?" }.hasSuffix(created) }
            bench = SinkBench(target: parts.target(settings, sample, interfere: { MishapExchange(base: $0, plan: mishaps) }))
            bench.target.interference = mishaps.interference
            bench.target.process = parts.process(settings.name)
            // They are arranged in this process.
            bench.target.process?.meetsMishaps = false
        case .file(let file):
            bench = SinkBench(target: parts.target(settings, sample))
            bench.target.sample.products = ["124"]
            FileSinkAudit(settings: file).equip(&bench.target)
            bench.target.process = parts.process(settings.name)
        case .tryton, .odoo, .ezcards, .khumbu:
            bench = SinkBench(target: parts.target(settings, sample))
            bench.target.process = parts.process(settings.name)
        case .plugin(let plugin):
            bench = SinkBench(target: parts.target(settings, sample))
            bench.target.process = parts.process(Plugins.plugin(plugin, name: settings.name))
        }
        return bench
    }

    private static func offline(_ settings: SinkSettings, _ parts: SinkParts) async throws -> SinkBench {
        switch settings.kind {
        case .sqlite: return try sqlite(settings, parts)
        case .file(let file): return try FileSinkBench(settings, file).bench(parts)
        case .rest(_, let rest):
            if let vendor = rest.vendor { return try await VendorBench(settings, rest, vendor).bench(parts) }
            return try await SimulatedERPBench(settings, rest).bench(parts)
        case .ezcards(_, let ezcards): return try await EZCardsBench(settings, ezcards).bench(parts)
        case .khumbu(_, let khumbu): return try await KhumbuBench(settings, khumbu).bench(parts)
        case .tryton, .odoo:
            throw CommandFailure(
                .usage,
                "nothing stands in for that ERP here; name a sink over a test database as 'sandbox' in the settings of '\(settings.name)', "
                    + "or write to it with --live")
        case .plugin(let plugin): return try await PluginBench(plugin: Plugins.plugin(plugin, name: settings.name)).bench(parts)
        }
    }

    /// In a file of its own.
    private static func sqlite(_ settings: SinkSettings, _ parts: SinkParts) throws -> SinkBench {
        let folder = try temporaryFolder()
        let path = folder + "/erp.db"
        let settings = try settings.inSandbox(path, key: nil)
        var bench = SinkBench(
            target: parts.target(settings, SinkSample(products: ["124", "125"], firstOrderID: parts.firstOrderID)))
        SQLiteSinkAudit(path: path).equip(&bench.target)
        bench.target.process = parts.process(settings.name, inSandbox: path, key: nil)
        bench.end = { try? FileManager.default.removeItem(atPath: folder) }
        return bench
    }

    static func temporaryFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-sink-check-\(UUID().uuidString)")
            .path
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw CommandFailure(.tryLater, "a temporary folder can't be made: \(error.localizedDescription)")
        }
        return folder
    }
}

extension SinkSample {
    /// Takes what the sandbox's settings and, before them, the command line say.
    mutating func take(_ sandbox: SandboxSettings?, _ command: SinkCheckCommand) throws {
        let named = command.products.isEmpty ? sandbox?.products ?? [] : command.products
        if !named.isEmpty { products = named }
        unknownProduct = command.unknownProduct ?? sandbox?.unknownProduct ?? unknownProduct
        currency = sandbox?.currency ?? currency
        customerCode = sandbox?.customerCode
        if let code = sandbox?.customerCode { customer.code = code }
        guard products.isEmpty else { return }
        throw CommandFailure(
            .usage, "which products does that ERP know? Say --product CODE, or name them under 'sandbox' in the sink's settings")
    }
}
