import ArgumentParser
import Orders
import Simulators

extension SimulateCommand {
    struct EZCards: CrossdockSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "ezcards", abstract: "EZ Cards, a distributor of digital codes.",
            discussion: """
                Products: 8PX-UF-Y5U (in stock), 4TR-GH-K2M (fetched while it is asked for), 2WS-QA-Z9X (not instantly), 7US-DD-C3C (USD), \
                6CA-NC-EL1 (is cancelled), 5SH-RT-AGE (one comes, the rest is cancelled). /_simulator/audit tells the money spent, \
                /_simulator/stats the most requests that came within a second.

                EXAMPLE
                  crossdock simulate ezcards --port 8083 --seed 7
                """)

        @Option(name: .long, help: "The port on 127.0.0.1; 0 takes a free one.") var port = LoopbackPort(number: 0)
        @Option(name: .long, help: "What codes and partial results derive from.") var seed: UInt64 = 1
        @Option(name: .long, help: "Requests that are let through in any second; 0: all.") var requestsPerSecond = 10
        @Option(name: .long, help: "Codes that get ready by one get-codes request, at the most.") var codesPerRequest = 5
        @Option(name: .long, help: "The status that a repeated clientOrderNumber gets: 409, or 400 as older servers have it.")
        var duplicateStatus = 409

        func perform() async throws -> ExitStatus {
            var configuration = EZCardsConfiguration()
            configuration.port = port.number
            configuration.seed = seed
            configuration.rateLimit = requestsPerSecond > 0 ? RateLimit(requests: requestsPerSecond) : nil
            guard codesPerRequest > 0 else { throw ValidationError("--codes-per-request is at least 1.") }
            configuration.codesPerRequestMax = codesPerRequest
            guard [400, 409].contains(duplicateStatus) else { throw ValidationError("--duplicate-status is 400 or 409.") }
            configuration.duplicateStatus = duplicateStatus
            let simulator = EZCardsSimulator(configuration: configuration)
            let stop = StopSignals()
            let url = try await simulator.start()
            Output.json([
                "url": .text(url), "api_key": .text(configuration.apiKey), "access_token": .text(configuration.accessToken),
            ])
            await stop.wait()
            await simulator.stop()
            return .done
        }
    }
}
