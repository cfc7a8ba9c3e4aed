import ArgumentParser
import Foundation
import Logging
import Settings

/// Options every command that needs the configuration has.
struct CommonOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The configuration file.", discussion: "Default: $CROSSDOCK_CONFIG, else crossdock.yml in this folder."))
    var config: String?

    @Flag(name: .shortAndLong, help: "Log what is done to standard error.")
    var verbose = false

    var configPath: String { config ?? ProcessInfo.processInfo.environment["CROSSDOCK_CONFIG"] ?? "crossdock.yml" }

    var logger: Logger {
        var logger = Logger(label: "crossdock") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = verbose ? .info : .warning
        return logger
    }

    /// - Parameter contactsRemotes: whether credentials are needed.
    /// - Throws: ``CommandFailure`` 78 with every fault.
    func configuration(contactsRemotes: Bool = true) throws -> Configuration {
        let (yaml, folder, secrets) = try source(contactsRemotes: contactsRemotes)
        do throws(SettingsFaults) {
            return try ConfigurationReader.read(yaml, file: configPath, folder: folder, secrets: secrets)
        } catch {
            throw CommandFailure(.badConfiguration, error.description)
        }
    }

    /// Every fault of the configuration; none where it is good.
    func faults() throws -> [SettingsFault] {
        let (yaml, folder, secrets) = try source()
        do throws(SettingsFaults) {
            _ = try ConfigurationReader.read(yaml, file: configPath, folder: folder, secrets: secrets)
            return []
        } catch { return error.faults }
    }

    /// What is wrong with the configuration once a setting that doesn't exist stands in the section of that sink.
    func faults(withUnknownSetting setting: String, inSink sink: String) throws -> [SettingsFault] {
        let (yaml, folder, secrets) = try source()
        return try ConfigurationReader.faults(yaml, withUnknownSetting: setting, inSink: sink, folder: folder, secrets: secrets)
    }

    private func source(contactsRemotes: Bool = true) throws -> (yaml: String, folder: String, secrets: SecretSource) {
        let path = configPath
        guard let yaml = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure(
                .badConfiguration, "the configuration \(path) can't be read; name one with --config, or copy config/crossdock.yml"
            )
        }
        let folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
        let secrets = SecretSource(
            environment: ProcessInfo.processInfo.environment, credentialsAreNeeded: contactsRemotes
        ) { name in
            let file = name.hasPrefix("/") ? name : (folder as NSString).appendingPathComponent(name)
            return try? String(contentsOfFile: file, encoding: .utf8)
        }
        return (yaml, folder, secrets)
    }
}

/// For commands a machine may read.
struct JSONOption: ParsableArguments {
    @Flag(name: .long, help: "Print JSON for machines.")
    var json = false
}
