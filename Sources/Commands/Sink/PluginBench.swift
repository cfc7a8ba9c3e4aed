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
        let sandbox = introduction.sandbox
        let (name, version) = (introduction.plugin.name, introduction.plugin.version)
        var started = plugin
        if let settings {
            started.settings = settings.object
            var bench = SinkBench(target: target(started, sandbox, parts))
            bench.notes = ["plugin \(name) \(version), with the settings of \(settings.title)"]
            return bench
        }
        guard let sandbox else {
            throw CommandFailure(
                .usage,
                "plugin '\(plugin.name)' names no sandbox; give it settings with --settings FILE, or a 'sandbox' in its sink's section"
            )
        }
        let folder = try SinkBench.temporaryFolder()
        started.settings = Self.filled(sandbox.settings, folder)
        var bench = SinkBench(target: target(started, sandbox, parts))
        bench.notes = ["plugin \(name) \(version), in the sandbox that it names"]
        bench.end = { try? FileManager.default.removeItem(atPath: folder) }
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
            products: sandbox.map { [$0.knownProduct ?? "124"] } ?? [], unknownProduct: sandbox?.unknownProduct,
            firstOrderID: parts.firstOrderID, customer: sandbox?.customer)
        var target = SinkUnderTest(plugin.name, sample: sample, open: process.open)
        if let currency = sandbox?.currency { target.sample.currency = currency }
        target.close = process.close
        target.process = process
        target.output = { parts.output }
        target.secrets = plugin.allSecrets
        target.openWithUnknownSetting = {
            var other = plugin
            other.settings["crossdock-check"] = "1"
            return try await parts.process(other).open()
        }
        return target
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

    /// With the folder's path for `{folder}` in every text.
    private static func filled(_ object: JSONObject, _ folder: String) -> JSONObject {
        JSONObject(object.members.map { ($0.name.value, filled($0.value, folder)) })
    }

    private static func filled(_ value: JSONValue, _ folder: String) -> JSONValue {
        switch value {
        case .string(let text): .text(text.value.replacing("{folder}", with: folder))
        case .array(let elements): .array(elements.map { filled($0, folder) })
        case .object(let object): .object(filled(object, folder))
        default: value
        }
    }
}
