import ArgumentParser

/// `crossdock sink`
struct SinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sink", abstract: "Judges sinks, and runs them as plugins.",
        subcommands: [SinkCheckCommand.self, SinkServeCommand.self])
}
