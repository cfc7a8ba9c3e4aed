import ArgumentParser
import Settings
import Simulators
import SinkKit

/// `crossdock sink serve`
struct SinkServeCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs a sink of the configuration as a plugin, on standard input and output.",
        discussion: """
            It speaks the protocol of config/plugin-protocol.schema.json, so that another program, or another Crossdock, can use the sink. \
            Ends when its input does.

            EXAMPLE
              crossdock sink serve erp
            """)

    @Argument(help: "The sink's name in the configuration.")
    var name: String

    /// How the conformance kit has the sink write to what it has set up.
    @Option(help: .hidden) var inSandbox: String?
    @Option(help: .hidden) var sandboxKey: String?

    @OptionGroup var options: CommonOptions

    func perform() async throws -> ExitStatus {
        let configuration = try options.configuration()
        guard var settings = configuration.sink(name) else {
            throw CommandFailure(
                .usage, "there is no sink '\(name)'; there are: \(configuration.sinks.map(\.name).joined(separator: ", "))")
        }
        if let inSandbox { settings = try settings.inSandbox(inSandbox, key: sandboxKey) }
        let parts = SinkParts(configuration: configuration, options: options)
        await SinkProgram(name: "crossdock-\(name)", version: Version.current) { [settings] _ throws(SinkError) in
            try await parts.open(settings)
        }.run()
        return .done
    }
}

extension SinkSettings {
    /// The same sink over a file or an ERP at an address that a check has set up.
    func inSandbox(_ place: String, key: String?) throws -> SinkSettings {
        var settings = self
        switch kind {
        case .sqlite(_, let prefix, let requiredFields):
            settings.kind = .sqlite(path: place, numberPrefix: prefix, requiredFields: requiredFields)
        case .rest(var remote, var rest):
            if let vendor = rest.vendor {
                remote.baseURL = place + vendor.basePath
                remote.credentials = remote.credentials.inSandbox(place, key: key ?? "", vendor)
            } else {
                remote.baseURL = place
                remote.credentials = .header(name: "X-Api-Key", value: Secret(key ?? ""))
            }
            (remote.rateLimit, remote.certificateAuthoritiesFile) = (nil, nil)
            rest.sinkClass = SimulatedERPBench.shortened(rest.sinkClass).sinkClass
            settings.kind = .rest(remote, rest)
        case .file(var file):
            file.move(into: place)
            settings.kind = .file(file)
        case .ezcards(let remote, let ezcards):
            settings.kind = EZCardsBench.inSandbox(remote, ezcards, at: place, key: key)
        case .khumbu(let remote, let khumbu): settings.kind = KhumbuBench.inSandbox(remote, khumbu, at: place, key: key)
        case .tryton, .odoo: throw CommandFailure(.usage, "there is nothing that stands in for that ERP")
        case .plugin: throw CommandFailure(.usage, "a plugin names its sandbox itself")
        }
        return settings
    }
}
