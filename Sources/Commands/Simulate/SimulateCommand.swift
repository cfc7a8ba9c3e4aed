import ArgumentParser
import Orders
import Settings
import Simulators

/// `crossdock simulate`
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Stands in for a webshop, an ERP, a trading partner, a distributor of codes or a POS on this machine, with faults on demand.",
        discussion: """
            Prints one line of JSON with its address, then serves until it is stopped with SIGTERM or SIGINT. At the same address: \
            GET /_simulator/stats and log tell what came in, POST /_simulator/reset begins anew; the ERP's audit, GET /_simulator/audit, \
            tells how often each order was posted and made.

            Faults are rules, POST /_simulator/faults; GET lists them, DELETE clears them. 'method', 'path' (its beginning), 'skip', \
            'times' and 'probability' say which requests they strike, 'action' what happens:
              status ('status', 'retry_after')    html_200    error_inside_200 ('detail')    malformed_json    half_body
              drop_before_applying    apply_then_drop    apply_then_status ('status')    delay ('milliseconds', 'when': before, after)
              late_effect ('milliseconds')    lookup_lag ('milliseconds')    expire_tokens    outage ('requests')

            EXAMPLES
              curl -d '{"action":"apply_then_drop","method":"POST","path":"/orders","times":1}' http://127.0.0.1:8081/_simulator/faults
              curl -d '{"action":"status","status":429,"retry_after":2,"times":3}' http://127.0.0.1:8080/_simulator/faults
            """,
        subcommands: [Shop.self, ERP.self, Partner.self, EZCards.self, Khumbu.self])

    struct ERP: CrossdockSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "erp", abstract: "A small ERP with a REST API.",
            discussion: """
                Classes: K enforces the key, L can be asked by it, N neither.

                EXAMPLE
                  crossdock simulate erp --class L --port 8081
                  crossdock simulate erp --ship-every 30s
                """)

        @Option(name: .long, help: "The port on 127.0.0.1; 0 takes a free one.") var port = LoopbackPort(number: 0)
        @Option(name: .customLong("class"), help: "K, L or N.") var sinkClass = "K"
        @Flag(name: .long, help: "Take any product code.") var acceptAnyProduct = false
        @Option(name: .long, help: "Lines whose product code begins so are refused, the order stands.") var rejectedPrefix:
            String?
        @Option(name: .long, help: "Send orders out by itself, in parts, so long after one another at the most: 250ms, 30s, 5m.")
        var shipEvery: String?

        func perform() async throws -> ExitStatus {
            var configuration = ERPConfiguration()
            configuration.port = port.number
            guard let mode = ERPConfiguration.Mode(rawValue: sinkClass.uppercased()) else {
                throw ValidationError("--class is K, L or N.")
            }
            configuration.mode = mode
            configuration.acceptAnyProduct = acceptAnyProduct
            configuration.rejectedPrefix = rejectedPrefix
            if let shipEvery {
                guard let pause = DurationText.parse(shipEvery) else {
                    throw ValidationError("--ship-every is a duration such as 250ms, 30s or 5m.")
                }
                configuration.shipper = ERPShipper(pauseMilliseconds: 0...Int(pause.inMilliseconds))
            }
            let simulator = ERPSimulator(configuration: configuration)
            let stop = StopSignals()
            let url = try await simulator.start()
            Output.json(["url": .text(url), "api_key": .text(configuration.apiKey)])
            await stop.wait()
            await simulator.stop()
            return .done
        }
    }
}
