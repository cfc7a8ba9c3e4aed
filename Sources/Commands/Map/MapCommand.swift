import ArgumentParser

/// `crossdock map`
struct MapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map", abstract: "Shows what the mapping tables make of an order, and what they lack.",
        subcommands: [MapCheckCommand.self, MapMissingCommand.self])
}
