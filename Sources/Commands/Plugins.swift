import Logging
import PluginHost
import Settings
import SinkKit

/// Starts the plugins that flows use, each once, and ends them.
actor Plugins {
    private let logger: Logger
    private let onlyReads: Bool
    private let lockFolder: String?
    private let keepsStartLimit: Bool
    /// By the sink's name: flows that share a sink share its program.
    private var running: [String: PluginSink] = [:]

    /// - Parameters:
    ///   - onlyReads: calls that could write are never sent, whoever asks for it.
    ///   - lockFolder: where locks tell of programs that outlived the Crossdock that had started them; `nil`: nowhere.
    ///   - keepsStartLimit: `false` leaves it to the plugins not to send what is too late.
    init(logger: Logger, onlyReads: Bool, lockFolder: String? = nil, keepsStartLimit: Bool = true) {
        self.logger = logger
        self.onlyReads = onlyReads
        self.lockFolder = lockFolder
        self.keepsStartLimit = keepsStartLimit
    }

    /// - Throws: ``CommandFailure`` where it can't be started.
    func sink(_ settings: PluginSinkSettings, name: String) async throws -> any ERPSink {
        if let known = running[name] { return known }
        do throws(SinkError) {
            var plugin = Self.plugin(settings, name: name)
            (plugin.lockFolder, plugin.keepsStartLimit) = (lockFolder, keepsStartLimit)
            let sink = try await PluginSink.start(plugin, host: Self.host, logger: logger, onlyReads: onlyReads)
            running[name] = sink
            return sink
        } catch {
            throw CommandFailure(Self.status(error.code), error.message)
        }
    }

    private static func status(_ code: SinkError.Code) -> ExitStatus {
        switch code {
        case .misconfigured: .badConfiguration
        case .unauthorized: .refusedCredentials
        default: .unavailable
        }
    }

    static let host = PluginParty(name: "crossdock", version: Version.current)

    static func plugin(_ settings: PluginSinkSettings, name: String) -> PluginSettings {
        PluginSettings(
            name: name, command: settings.command, environment: settings.environment, folder: settings.folder,
            settings: settings.settings, secrets: settings.secrets, startTimeLimit: settings.startTimeLimit,
            messageBytesMax: settings.messageLimit)
    }

    func close() async {
        let ending = running
        running = [:]
        await withDiscardingTaskGroup { group in
            for sink in ending.values { group.addTask { await sink.close() } }
        }
    }
}
