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
            Prints one line of JSON with its address, then serves until it is stopped with SIGTERM or SIGINT. Faults, edits and the \
            audit are under /_simulator/ at the same address.
            """,
        subcommands: [Shop.self, ERP.self, Partner.self, EZCards.self, Khumbu.self])

    struct Shop: CrossdockSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "cloudsuite", abstract: "A CloudSuite webshop.",
            discussion: """
                EXAMPLES
                  crossdock simulate cloudsuite --fixtures Fixtures/cloudsuite
                  crossdock simulate cloudsuite --port 8080 --orders 5000 --page-size-max 1000
                """)

        @Option(name: .long, help: "The port on 127.0.0.1; 0 takes a free one.") var port = 0
        @Option(name: .long, help: "What generated data derives from.") var seed: UInt64 = 1
        @Option(name: .long, help: "How many orders are generated, beside those of --fixtures.") var orders = 0
        @Option(name: .long, help: "A folder of orders as JSON files.") var fixtures: String?
        @Option(name: .long, help: "The largest page of a list.") var pageSizeMax = 500
        @Option(name: .long, help: "In a thousand generated orders, how many are not paid.") var unpaidPerThousand = 0
        @Option(name: .long, help: "How long a token lives, in seconds.") var tokenLifetime = 300
        @Option(name: .long, help: "What answers a write: full, empty or partial.") var writeAnswer = "full"
        @Option(name: .long, help: "What a delivery message does to the order's shipment_state: never, first or complete.")
        var shipmentState = "never"

        func perform() async throws -> ExitStatus {
            var configuration = CloudSuiteConfiguration()
            configuration.port = port
            configuration.seed = seed
            configuration.orders = orders
            configuration.fixtures = fixtures
            configuration.pageSizeMax = pageSizeMax
            configuration.generated.unpaidPerThousand = unpaidPerThousand
            configuration.tokenLifetimeSeconds = tokenLifetime
            guard let answer = CloudSuiteConfiguration.WriteAnswer(rawValue: writeAnswer) else {
                throw ValidationError("--write-answer is full, empty or partial.")
            }
            configuration.writeAnswer = answer
            guard let move = CloudSuiteConfiguration.ShipmentStateMove(rawValue: shipmentState) else {
                throw ValidationError("--shipment-state is never, first or complete.")
            }
            configuration.shipmentStateMove = move
            let simulator: CloudSuiteSimulator
            do throws(FixtureError) { simulator = try CloudSuiteSimulator(configuration: configuration) } catch {
                throw CommandFailure(.usage, "\(error)")
            }
            let url = try await simulator.start()
            Output.json([
                "url": .text(url), "token_url": .text(url + CloudSuiteSimulator.tokenPath),
                "client_id": .text(configuration.clientID),
                "client_secret": .text(configuration.clientSecret),
            ])
            await StopSignals().wait()
            await simulator.stop()
            return .done
        }
    }

    struct ERP: CrossdockSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "erp", abstract: "A small ERP with a REST API.",
            discussion: """
                Classes: K enforces the key, L can be asked by it, N neither.

                EXAMPLE
                  crossdock simulate erp --class L --port 8081
                  crossdock simulate erp --ship-every 30s
                """)

        @Option(name: .long, help: "The port on 127.0.0.1; 0 takes a free one.") var port = 0
        @Option(name: .customLong("class"), help: "K, L or N.") var sinkClass = "K"
        @Flag(name: .long, help: "Take any product code.") var acceptAnyProduct = false
        @Option(name: .long, help: "Lines whose product code begins so are refused, the order stands.") var rejectedPrefix:
            String?
        @Option(name: .long, help: "Send orders out by itself, in parts, so long after one another at the most: 250ms, 30s, 5m.")
        var shipEvery: String?

        func perform() async throws -> ExitStatus {
            var configuration = ERPConfiguration()
            configuration.port = port
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
            let url = try await simulator.start()
            Output.json(["url": .text(url), "api_key": .text(configuration.apiKey)])
            await StopSignals().wait()
            await simulator.stop()
            return .done
        }
    }
}
