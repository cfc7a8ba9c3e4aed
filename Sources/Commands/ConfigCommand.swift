import ArgumentParser
import Orders
import Settings

/// `crossdock config`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Checks the configuration, or prints its JSON Schema.",
        subcommands: [Check.self, Schema.self])

    struct Check: CrossdockSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Reads the configuration and reports every fault with its line; contacts nothing.",
            discussion: "EXAMPLE\n  crossdock config check --config /etc/crossdock/crossdock.yml")

        @OptionGroup var options: CommonOptions

        func perform() async throws -> ExitStatus {
            let configuration = try options.configuration()
            Output.line("\(options.configPath): good")
            for flow in configuration.flows {
                let webshop = flow.webshop.map { ", webshop \($0)" } ?? ""
                Output.line(
                    "  flow \(flow.name): shop \(flow.shop)\(webshop) to sink \(flow.sink), orders confirmed since \(flow.since)")
            }
            return .done
        }
    }

    struct Schema: CrossdockSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Prints the configuration's JSON Schema (draft 2020-12).",
            discussion: "EXAMPLE\n  crossdock config schema > crossdock.schema.json")

        func perform() async throws -> ExitStatus {
            Output.line(ConfigurationReader.schema.prettyText)
            return .done
        }
    }
}
