import Foundation
import Orders
import PluginHost
import SinkKit
import SinkTesting

/// A plugin with the settings of the sandbox that it names, or with others that it is given.
struct PluginBench {
    let plugin: PluginSettings
    /// What it is started with in place of its sandbox's, and what to call that.
    var settings: (object: JSONObject, title: String)?

    init(plugin: PluginSettings) { self.plugin = plugin }

    /// A program that no configuration names.
    ///
    /// - Parameters:
    ///   - settingsFile: JSON.
    ///   - environment: what it finds in its environment, by name; their values are taken for secrets.
    init(path: String, settingsFile: String?, environment: [String]) throws {
        plugin = PluginSettings(
            name: (path as NSString).lastPathComponent, command: [path], environment: try Self.values(environment),
            folder: FileManager.default.currentDirectoryPath)
        if let settingsFile { settings = (try Self.settings(settingsFile), settingsFile) }
    }

    /// - Throws: ``CommandFailure`` where it can't be started, or nobody says with which settings.
    func bench(_ parts: SinkParts) async throws -> SinkBench {
        let introduction = try await introduction(parts)
        let title = "plugin \(introduction.plugin.name) \(introduction.plugin.version)"
        if let settings {
            var started = plugin
            started.settings = settings.object
            var bench = SinkBench(target: target(started, introduction.sandbox, parts))
            bench.notes = ["\(title), with the settings of \(settings.title)"]
            return bench
        }
        guard let sandbox = introduction.sandbox else {
            throw CommandFailure(
                .usage,
                "plugin '\(plugin.name)' names no sandbox; give it settings with --settings FILE, or a 'sandbox' in its sink's section"
            )
        }
        return try await bench(parts, sandbox, title)
    }

    private func bench(_ parts: SinkParts, _ sandbox: PluginSandbox, _ title: String) async throws -> SinkBench {
        let folder = try SinkBench.temporaryFolder()
        var erp: SandboxERP?
        do {
            if let named = sandbox.erp { erp = try await SandboxERP.start(named) }
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
        let places = ["{folder}": folder, "{erp}": erp?.url ?? "", "{erp_key}": erp?.key ?? ""]
        var started = plugin
        started.settings = Self.filled(sandbox.settings, places)
        var bench = SinkBench(target: target(started, sandbox, parts))
        bench.notes = ["\(title), in the sandbox that it names"] + (erp.map { [$0.note] } ?? [])
        erp?.equip(&bench.target)
        if let key = erp?.key, JSONValue.object(sandbox.settings).compactText.contains("{erp_key}") {
            bench.target.secrets.append(key)
            var wrong = started
            wrong.settings = Self.filled(sandbox.settings, places.merging(["{erp_key}": "wrong"]) { _, word in word })
            bench.target.openWithWrongCredentials = parts.process(wrong).open
        }
        SandboxTools(tools: sandbox.tools, folder: plugin.folder, environment: plugin.environment, places: places)
            .equip(&bench.target)
        bench.end = { [erp] in
            await erp?.stop()
            try? FileManager.default.removeItem(atPath: folder)
        }
        return bench
    }

    private func introduction(_ parts: SinkParts) async throws -> PluginIntroduction {
        do throws(SinkError) {
            return try await PluginSink.introduction(of: plugin, host: Plugins.host, logger: parts.logger)
        } catch { throw CommandFailure(error.code == .unavailable ? .unavailable : .badConfiguration, error.message) }
    }

    private func target(_ plugin: PluginSettings, _ sandbox: PluginSandbox?, _ parts: SinkParts) -> SinkUnderTest {
        let process = parts.process(plugin)
        let sample = SinkSample(
            products: sandbox.map { Self.products($0) } ?? [], unknownProduct: sandbox?.unknownProduct,
            firstOrderID: parts.firstOrderID, customer: sandbox?.customer)
        var target = SinkUnderTest(plugin.name, sample: sample, open: process.open)
        if let currency = sandbox?.currency { target.sample.currency = currency }
        target.close = process.close
        target.process = process
        target.output = { parts.output }
        target.secrets = plugin.allSecrets
        if sandbox?.hasDrafts == false { target.drafts = .none }
        if let why = sandbox?.noConnection {
            target.interference = SinkInterference(
                [], impossible: Dictionary(uniqueKeysWithValues: SinkMishap.allCases.map { ($0, why) }), arrange: { _ in },
                mend: {})
        }
        target.openWithUnknownSetting = {
            var other = plugin
            other.settings["crossdock-check"] = "1"
            return try await parts.process(other).open()
        }
        return target
    }

    /// None where the simulated ERP is to say which it knows.
    private static func products(_ sandbox: PluginSandbox) -> [String] {
        if let known = sandbox.knownProduct { return [known] }
        if case .simulated? = sandbox.erp { return [] }
        return ["124"]
    }

    private static func values(_ names: [String]) throws -> [String: String] {
        let all = ProcessInfo.processInfo.environment
        var values: [String: String] = [:]
        // A script's interpreter is found by it.
        values["PATH"] = all["PATH"]
        for name in names {
            guard let value = all[name] else { throw CommandFailure(.usage, "the environment has no \(name)") }
            values[name] = value
        }
        return values
    }

    private static func settings(_ file: String) throws -> JSONObject {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw CommandFailure(.usage, "the settings \(file) can't be read")
        }
        guard let object = (try? JSONValue(parsing: Array(bytes)))?.objectValue else {
            throw CommandFailure(.badConfiguration, "the settings \(file) are no JSON object")
        }
        return object
    }

    /// With what stands for `{folder}` and its like in every text.
    private static func filled(_ object: JSONObject, _ places: [String: String]) -> JSONObject {
        JSONObject(object.members.map { ($0.name.value, filled($0.value, places)) })
    }

    private static func filled(_ value: JSONValue, _ places: [String: String]) -> JSONValue {
        switch value {
        case .string(let text): .text(SandboxTools.filled(text.value, places))
        case .array(let elements): .array(elements.map { filled($0, places) })
        case .object(let object): .object(filled(object, places))
        default: value
        }
    }
}
