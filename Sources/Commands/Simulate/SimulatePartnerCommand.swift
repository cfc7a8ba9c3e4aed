import ArgumentParser
import Orders
import Simulators

extension SimulateCommand {
    struct Partner: CrossdockSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "partner", abstract: "A trading partner that takes cXML confirmations and ship notices.",
            discussion: """
                EXAMPLE
                  crossdock simulate partner --port 8082 --repeated refuse
                """)

        @Option(name: .long, help: "The port on 127.0.0.1; 0 takes a free one.") var port = LoopbackPort(number: 0)
        @Option(name: .long, help: "The cXML Status that documents in order get; only 200 takes them.") var status = 200
        @Option(name: .long, help: "What a payloadID that comes again gets: acknowledge, refuse or take.")
        var repeated = "acknowledge"

        func perform() async throws -> ExitStatus {
            var configuration = PartnerConfiguration()
            configuration.port = port.number
            guard (100...599).contains(status) else { throw ValidationError("--status is a number from 100 to 599.") }
            configuration.statusCode = status
            guard let repetition = PartnerConfiguration.Repetition(rawValue: repeated) else {
                throw ValidationError("--repeated is acknowledge, refuse or take.")
            }
            configuration.repetition = repetition
            let simulator = PartnerSimulator(configuration: configuration)
            let stop = StopSignals()
            let url = try await simulator.start()
            Output.json(["url": .text(url + configuration.path), "shared_secret": .text(configuration.sharedSecret)])
            await stop.wait()
            await simulator.stop()
            return .done
        }
    }
}
