import ArgumentParser
import Orders
import Simulators

extension SimulateCommand {
    struct Shop: CrossdockSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "cloudsuite", abstract: "A CloudSuite webshop.",
            discussion: """
                EXAMPLES
                  crossdock simulate cloudsuite --fixtures Fixtures/cloudsuite
                  crossdock simulate cloudsuite --port 8080 --orders 5000 --page-size-max 1000
                  curl -X POST http://127.0.0.1:8080/_simulator/orders/100001/pay        or cancel, reopen, delete
                """)

        @Option(name: .long, help: "The port on 127.0.0.1; 0 takes a free one.") var port = LoopbackPort(number: 0)
        @Option(name: .long, help: "What generated data derives from.") var seed: UInt64 = 1
        @Option(name: .long, help: "How many orders are generated, beside those of --fixtures.") var orders = 0
        @Option(name: .long, help: "A folder of orders as JSON files.") var fixtures: String?
        @Option(name: .long, help: "The largest page of a list.") var pageSizeMax = 500
        @Option(name: .long, help: "In a thousand generated orders, how many are not paid.") var unpaidPerThousand = 0
        @Option(name: .long, help: "How long a token lives, in seconds.") var tokenLifetime = 300
        @Option(name: .long, help: "A token of the older scheme that is taken too (Authorization: Token …).") var legacyToken:
            String?
        @Option(name: .long, help: "Refuse more requests than that in any second.") var requestsPerSecond: Int?
        @Option(name: .long, help: "The host, and port, that links to other pages name in place of its own.") var nextHost:
            String?
        @Option(name: .long, help: "What answers a write: full, empty or partial.") var writeAnswer = "full"
        @Option(name: .long, help: "What becomes of fields that a PUT leaves out: replace empties them, merge keeps them.")
        var putMode = "replace"
        @Option(name: .long, help: "What a delivery message does to the order's shipment_state: never, first or complete.")
        var shipmentState = "never"
        @Flag(name: .long, help: "List orders in an order of no meaning.") var shuffled = false
        @Flag(name: .long, help: "Refuse changes of state that go backward.") var strictTransitions = false
        @Flag(name: .long, help: "Take no notice of the list's filter 'offline'.") var ignoreOfflineFilter = false

        func validate() throws {
            if orders < 0 { throw ValidationError("--orders is a number of orders: 0 or more.") }
            if pageSizeMax < 1 { throw ValidationError("--page-size-max is a number of orders: 1 or more.") }
            if !(0...1000).contains(unpaidPerThousand) { throw ValidationError("--unpaid-per-thousand is from 0 to 1000.") }
        }

        func perform() async throws -> ExitStatus {
            let configuration = try self.configuration()
            let simulator: CloudSuiteSimulator
            do throws(FixtureError) { simulator = try CloudSuiteSimulator(configuration: configuration) } catch {
                throw CommandFailure(.usage, "\(error)")
            }
            let stop = StopSignals()
            let url = try await simulator.start()
            Output.json([
                "url": .text(url), "token_url": .text(url + CloudSuiteSimulator.tokenPath),
                "client_id": .text(configuration.clientID),
                "client_secret": .text(configuration.clientSecret),
            ])
            await stop.wait()
            await simulator.stop()
            return .done
        }

        private func configuration() throws -> CloudSuiteConfiguration {
            var configuration = CloudSuiteConfiguration()
            configuration.port = port.number
            configuration.seed = seed
            configuration.orders = orders
            configuration.fixtures = fixtures
            configuration.pageSizeMax = pageSizeMax
            configuration.generated.unpaidPerThousand = unpaidPerThousand
            configuration.tokenLifetimeSeconds = tokenLifetime
            configuration.legacyToken = legacyToken
            configuration.nextLinkHost = nextHost
            configuration.listOrder = shuffled ? .shuffled : .ascendingID
            configuration.strictTransitions = strictTransitions
            configuration.ignoresOfflineFilter = ignoreOfflineFilter
            if let requestsPerSecond {
                guard requestsPerSecond > 0 else { throw ValidationError("--requests-per-second is at least 1.") }
                configuration.rateLimit = RateLimit(requests: requestsPerSecond)
            }
            guard let answer = CloudSuiteConfiguration.WriteAnswer(rawValue: writeAnswer) else {
                throw ValidationError("--write-answer is full, empty or partial.")
            }
            configuration.writeAnswer = answer
            guard let mode = CloudSuiteConfiguration.PutMode(rawValue: putMode) else {
                throw ValidationError("--put-mode is replace or merge.")
            }
            configuration.putMode = mode
            guard let move = CloudSuiteConfiguration.ShipmentStateMove(rawValue: shipmentState) else {
                throw ValidationError("--shipment-state is never, first or complete.")
            }
            configuration.shipmentStateMove = move
            return configuration
        }
    }
}
