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
            discussion: """
                Ends with 0 where it is good, and with 78 where it isn't.

                EXAMPLES
                  crossdock config check --config /etc/crossdock/crossdock.yml
                  crossdock config check --json      for editors and pipelines: every fault with file and line
                """)

        @OptionGroup var options: CommonOptions
        @OptionGroup var output: JSONOption

        func perform() async throws -> ExitStatus {
            if output.json { return try printJSON() }
            let configuration = try options.configuration()
            Output.line("\(options.configPath): good")
            for flow in configuration.flows {
                let webshop = flow.webshop.map { ", webshop \($0)" } ?? ""
                Output.line(
                    "  flow \(flow.name): shop \(flow.shop)\(webshop) to sink \(flow.sink), orders confirmed since \(flow.since)")
            }
            return .done
        }

        /// What can't be read at all is told as it is without `--json`.
        private func printJSON() throws -> ExitStatus {
            let faults = try options.faults()
            Output.json(["file": .text(options.configPath), "good": .bool(faults.isEmpty), "faults": .array(faults.map(json))])
            return faults.isEmpty ? .done : .badConfiguration
        }

        private func json(_ fault: SettingsFault) -> JSONValue {
            [
                "file": .text(fault.file ?? options.configPath), "line": fault.line.map { .integer($0) } ?? .null,
                "path": .text(fault.path), "message": .text(fault.message),
            ]
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
