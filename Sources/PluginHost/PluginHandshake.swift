import Orders
import SinkKit

/// Says hello to a plugin, and judges what it answers.
struct PluginHandshake {
    private let settings: PluginSettings
    private let host: PluginParty
    private let log: PluginLogbook

    init(_ settings: PluginSettings, host: PluginParty, log: PluginLogbook) {
        self.settings = settings
        self.host = host
        self.log = log
    }

    /// - Throws: ``SinkError/Code/misconfigured`` where the plugin can't work: another contract, settings that it doesn't take, no answer
    ///   that can be read, an end before its answer. ``SinkError/Code/unavailable`` where it took too long or was ended from outside.
    func perform(_ connection: PluginConnection) async throws(SinkError) -> PluginSupervisor.Started {
        let introduction = try await introduction(connection, given: settings.settings)
        let schema = JSONSchema(introduction.settingsSchema)
        let faults = schema.faults(in: .object(settings.settings))
        guard faults.isEmpty else { throw fault(Self.list(faults)) }
        guard let capabilities = introduction.capabilities else { throw fault("its answer to 'initialize' has no capabilities") }
        if !schema.unknownKeywords.isEmpty {
            log.warn("its settings_schema has keywords that nothing looks at: \(schema.unknownKeywords.joined(separator: ", "))")
        }
        return PluginSupervisor.Started(connection: connection, introduction: introduction, capabilities: capabilities)
    }

    /// - Parameter given: `nil`: the plugin is only asked what it is.
    func introduction(
        _ connection: PluginConnection, given: JSONObject?
    ) async throws(SinkError) -> PluginIntroduction {
        let introduction = try await answer(connection, PluginGreeting(host: host, settings: given))
        guard introduction.contract.isCompatible(with: .current) else {
            throw fault(
                "it speaks version \(introduction.contract) of the contract and Crossdock version \(ContractVersion.current); "
                    + "one of the two must be brought up to date")
        }
        return introduction
    }

    /// Every fault with its place in the configuration.
    private static func list(_ faults: [SinkFault]) -> String {
        faults.map { fault in "settings\(fault.path.isEmpty ? "" : "." + fault.path): \(fault.message)" }.joined(separator: "; ")
    }

    private func answer(
        _ connection: PluginConnection, _ greeting: PluginGreeting
    ) async throws(SinkError) -> PluginIntroduction {
        let result: JSONObject
        do throws(SinkError) {
            let terms = PluginCalls.Terms(
                method: PluginMethod.initialize, mayHaveEffect: false, deadline: .now + settings.startTimeLimit)
            result = try await connection.call(greeting.json, terms)
        } catch {
            guard connection.endedWithStatus, let ending = connection.endingText else { throw error }
            throw fault("it \(ending), before it answered 'initialize'")
        }
        do throws(PluginFormatError) { return try PluginIntroduction(json: result) } catch {
            throw fault("its answer to 'initialize' can't be read: \(error)")
        }
    }

    private func fault(_ text: String) -> SinkError {
        SinkError(.misconfigured, "plugin '\(settings.name)': \(log.mask.masked(text))")
    }
}
