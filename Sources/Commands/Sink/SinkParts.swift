import Foundation
import Ledger
import Logging
import Orders
import PluginHost
import Settings
import SinkKit
import SinkTesting
import Synchronization
import Transport

/// Opens sinks of a configuration as a run does, each time with connections of their own, and keeps what they log.
final class SinkParts: Sendable {
    private let configuration: Configuration?
    private let options: CommonOptions
    private let lines = Mutex<[String]>([])
    private let opened = Mutex<[Opened]>([])

    private struct Opened {
        let sink: ObjectIdentifier
        let remotes: Remotes
        let plugins: Plugins
    }

    /// - Parameter configuration: `nil` where nothing of it is used.
    init(configuration: Configuration?, options: CommonOptions) {
        self.configuration = configuration
        self.options = options
    }

    /// Another one in each second, so that checks of one ERP don't meet.
    var firstOrderID: Int64 {
        let seconds = SystemTimekeeper().millisecondsSince1970 / 1000
        return (seconds - 1_767_225_600) * 1000  // since 2026-01-01
    }

    /// - Parameter interfere: stands between the sink and the network.
    func target(
        _ settings: SinkSettings, _ sample: SinkSample, interfere: (@Sendable (any HTTPExchange) -> any HTTPExchange)? = nil
    ) -> SinkUnderTest {
        var target = SinkUnderTest(settings.name, sample: sample) {
            try await self.open(settings, interfere, keepsStartLimit: false)
        }
        target.close = { await self.close($0) }
        target.output = { self.output }
        target.drafts = .none
        switch settings.kind {
        case .sqlite, .file: break
        case .rest(let remote, _): target.secrets = remote.credentials.secrets
        case .tryton(_, let tryton):
            target.secrets = [tryton.password.revealed]
            target.drafts = .untold
        case .odoo(_, let odoo):
            target.secrets = [odoo.apiKey.revealed]
            target.drafts = .untold
        case .ezcards(let remote, let ezcards):
            target.secrets = remote.credentials.secrets + [ezcards.apiKey.revealed]
        case .khumbu(let remote, let khumbu):
            target.secrets = remote.credentials.secrets + [khumbu.apiKey.revealed]
        case .plugin(let plugin):
            target.secrets = Plugins.plugin(plugin, name: settings.name).allSecrets
            target.drafts = .untold
        }
        return target
    }

    /// - Parameter keepsStartLimit: `false` leaves it to a plugin not to send what is too late, to see whether it does.
    func open(
        _ settings: SinkSettings, _ interfere: (@Sendable (any HTTPExchange) -> any HTTPExchange)? = nil,
        keepsStartLimit: Bool = true
    ) async throws(SinkError) -> any ERPSink {
        guard let configuration else { throw SinkError(.misconfigured, "there is no configuration") }
        let timekeeper = SystemTimekeeper()
        let remotes = Remotes(
            store: InMemoryEndpointStateStore(), timekeeper: timekeeper, logger: logger, onlyReads: false, interfere: interfere)
        let plugins = Plugins(logger: logger, onlyReads: false, keepsStartLimit: keepsStartLimit)
        let identity = LedgerIdentity(id: "none", createdAt: Timestamp(milliseconds: timekeeper.millisecondsSince1970))
        let assembly = FlowAssembly(
            configuration: configuration, remotes: remotes, plugins: plugins, timekeeper: timekeeper, ledger: identity,
            onlyReads: false, isBeforeFirstRun: false)
        do {
            let sink = try await assembly.sink(settings, concurrency: 16)
            opened.withLock { $0.append(Opened(sink: ObjectIdentifier(sink as AnyObject), remotes: remotes, plugins: plugins)) }
            return sink
        } catch { throw SinkError(.misconfigured, (error as? CommandFailure)?.message ?? "\(error)") }
    }

    /// Keeps what is logged.
    var logger: Logger {
        var logger = Logger(label: "crossdock") { _ in LineLogHandler { line in self.lines.withLock { $0.append(line) } } }
        logger.logLevel = .trace
        return logger
    }

    var output: [String] { lines.withLock { $0 } }

    /// This program once more, running the sink as a plugin.
    ///
    /// - Parameter place: what it writes to in place of what is configured; `nil`: to that.
    func process(_ name: String, inSandbox place: String? = nil, key: String? = nil) -> SinkProcess {
        var command = [Self.executable, "sink", "serve", name, "--config", options.configPath]
        if let place { command += ["--in-sandbox", place] }
        if let key { command += ["--sandbox-key", key] }
        // What the configuration takes from the environment, the child must find there too; the rest of it is no secret.
        var plugin = PluginSettings(
            name: name, command: command, environment: ProcessInfo.processInfo.environment,
            secrets: (configuration?.secrets ?? []).map(\.revealed) + (key.map { [$0] } ?? []), startTimeLimit: .seconds(30))
        plugin.isEnvironmentSecret = false
        return process(plugin)
    }

    func process(_ plugin: PluginSettings) -> SinkProcess {
        var plugin = plugin
        plugin.keepsStartLimit = false
        let settings = plugin
        return SinkProcess(
            open: { try await PluginSink.start(settings, host: Plugins.host, logger: self.logger) },
            kill: { await ($0 as? PluginSink)?.kill() }, close: { await ($0 as? PluginSink)?.close() })
    }

    private static var executable: String { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path }

    func close(_ sink: any ERPSink) async {
        let identifier = ObjectIdentifier(sink as AnyObject)
        let ending = opened.withLock { opened in
            opened.firstIndex { $0.sink == identifier }.map { opened.remove(at: $0) }
        }
        await ending?.plugins.close()
        await ending?.remotes.close()
    }

    /// The configuration as it is, with a setting in the sink's section that doesn't exist.
    func openWithUnknownSetting(
        _ name: String, _ open: @escaping @Sendable () async throws -> any ERPSink
    ) -> @Sendable () async throws -> any ERPSink {
        { [options] in
            let faults = try options.faults(withUnknownSetting: "crossdock-check", inSink: name)
            guard faults.isEmpty else { throw SinkError(.misconfigured, faults.map(\.description).joined(separator: "; ")) }
            return try await open()
        }
    }
}

extension RemoteSettings.Credentials {
    var secrets: [String] {
        switch self {
        case .none: []
        case .oauth2(_, _, let secret, _), .token(let secret), .bearer(let secret), .basic(_, let secret), .header(_, let secret),
            .query(_, let secret):
            [secret.revealed]
        case .session(let session): session.secrets.map(\.revealed)
        }
    }
}

/// Hands each line on, as it would be printed.
private struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    let take: @Sendable (String) -> Void

    init(_ take: @escaping @Sendable (String) -> Void) { self.take = take }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        take(
            "\(event.level) \(event.message) \(all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))"
        )
    }
}
