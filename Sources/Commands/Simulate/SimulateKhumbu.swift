import ArgumentParser
import Orders
import Settings
import Simulators
import Transport

extension SimulateCommand {
    struct Khumbu: CrossdockSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "khumbu", abstract: "Khumbu, a way to the POS of restaurants, with a POS behind it.",
            discussion: """
                What became of an order is told by webhook only, to the address of --webhook. Items on the menu: 101000001||2||1, 101000002||1||1, \
                101000003||1||1; the POS refuses orders of others. Stores: S-1 (P-1), and S-2, which is inactive. /_simulator/audit tells for \
                each providerOrderId what came, what was taken, how many orders the POS has and what was told. \
                POST /_simulator/messages/faults {"fault": "never"} has a webhook go wrong: never, twice, early, out_of_order or unknown_order.

                EXAMPLE
                  crossdock simulate khumbu --port 8084 --webhook http://127.0.0.1:8085/webhooks/main/secret
                """)

        @Option(name: .long, help: "The port on 127.0.0.1; 0 takes a free one.") var port = LoopbackPort(number: 0)
        @Option(name: .long, help: "What the POS's delays derive from.") var seed: UInt64 = 1
        @Option(name: .long, help: "Where webhooks are posted to; without it, none is sent.") var webhook: String?
        @Option(
            name: .customLong("webhook-header"), help: "A header of the webhooks, as 'Name: value'; may be given several times.")
        var webhookHeaders: [String] = []
        @Option(name: .long, help: "So long the POS takes at the most: 250ms, 30s, 5m.") var posDelay = "400ms"
        @Option(name: .long, help: "The status that a repeated providerOrderId gets.") var duplicateStatus = 400
        @Option(name: .long, help: "How errors are written: flat, prefixed, nested or text.") var errorShape = "flat"
        @Flag(name: .long, help: "The POS refuses to cancel.") var refuseCancel = false

        func perform() async throws -> ExitStatus {
            let configuration = try simulated()
            let poster = try webhook.map { try WebhookPoster(address: $0, headers: webhookHeaders) }
            let simulator = KhumbuSimulator(configuration: configuration)
            let stop = StopSignals()
            let url = try await simulator.start()
            Output.json([
                "url": .text(url + KhumbuSimulator.basePath), "token_url": .text(url + KhumbuSimulator.tokenPath),
                "client_id": .text(configuration.clientID), "client_secret": .text(configuration.clientSecret),
                "api_key": .text(configuration.apiKey), "provider": .text(configuration.provider),
                "partner": .text(configuration.partner), "market": .text(configuration.market),
            ])
            let courier = poster.map { poster in Task { await simulator.deliver { await poster.post($0) } } }
            await stop.wait()
            courier?.cancel()
            await courier?.value
            await poster?.close()
            await simulator.stop()
            return .done
        }

        private func simulated() throws -> KhumbuConfiguration {
            var configuration = KhumbuConfiguration()
            (configuration.port, configuration.seed) = (port.number, seed)
            guard let delay = DurationText.parse(posDelay) else {
                throw ValidationError("--pos-delay is a duration such as 250ms, 30s or 5m.")
            }
            configuration.pos.delayMilliseconds = 0...Int(delay.inMilliseconds)
            configuration.pos.cancels = !refuseCancel
            guard (200...599).contains(duplicateStatus) else { throw ValidationError("--duplicate-status is from 200 to 599.") }
            configuration.answers.duplicateStatus = duplicateStatus
            guard let shape = KhumbuAnswers.ErrorShape(rawValue: errorShape) else {
                throw ValidationError("--error-shape is flat, prefixed, nested or text.")
            }
            configuration.answers.errorShape = shape
            return configuration
        }
    }
}
