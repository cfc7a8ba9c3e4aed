package import Orders

/// A stand-in for EZ Cards, a distributor of digital codes: strict, seeded, with faults on demand, and an account of the money spent.
///
/// What it can do in process it can also do over HTTP under `/_simulator/`: `GET stats` (with `requests_in_busiest_second`), `GET log`,
/// `GET|POST|DELETE faults`, `POST reset`, `GET audit` (money spent, transactions and posts by `clientOrderNumber`),
/// `POST transactions/{id}/cancel`. Those calls are neither counted nor logged, need no key, and no fault strikes them.
///
/// Kinds of requests for faults: `instant-orders`, `orders`, `codes`, `products`, `balances`, `exchange-rates`.
package final class EZCardsSimulator: Sendable {
    package let configuration: EZCardsConfiguration
    private let host: SimulatorHost<EZCardsSurface>
    private let server: SimulatorServer<EZCardsSurface>

    package init(configuration: EZCardsConfiguration = EZCardsConfiguration()) {
        self.configuration = configuration
        host = SimulatorHost(
            surface: EZCardsSurface(configuration: configuration), clock: configuration.clock, seed: configuration.seed,
            logCapacity: configuration.logCapacity, rateLimit: configuration.rateLimit)
        server = SimulatorServer(host: host)
    }

    /// Begins to listen; after a stop, on the same port as before.
    ///
    /// - Returns: the base URL, without a slash at the end.
    /// - Throws: ``SimulatorStartError`` when the port can't be had, or the simulator is running.
    package func start() async throws -> String {
        let port = try await server.start(address: configuration.address, port: configuration.port)
        return "http://\(configuration.address):\(port)"
    }

    /// Ends the listener and its connections; the transactions stay.
    package func stop() async { await server.stop() }

    /// Answers in process, as strictly as over a socket, with neither faults nor a rate limit.
    package func answer(_ request: InProcessRequest) -> InProcessResponse { host.answer(request) }

    // MARK: Inspection

    /// One accepted order request.
    package struct Purchase: Sendable, Equatable {
        package let transactionID: String
        package let clientOrderNumber: String?
        /// In the order of the request.
        package let products: [(sku: String, quantity: Int)]
        /// Of codes that are ready.
        package let redeemCodes: [String]

        package static func == (left: Self, right: Self) -> Bool { left.transactionID == right.transactionID }
    }

    /// Everything that was bought, in the order of the requests.
    package var purchases: [Purchase] {
        host.withState { state, _ in
            state.surface.transactions.map { transaction in
                Purchase(
                    transactionID: transaction.id, clientOrderNumber: transaction.clientOrderNumber,
                    products: transaction.lines.map { ($0.product.sku, $0.quantity) },
                    redeemCodes: transaction.lines.flatMap { $0.codes.prefix($0.readyCount).map(\.redeemCode) })
            }
        }
    }

    /// Money spent, by currency.
    package var spent: [String: ExactDecimal] { host.withState { state, _ in state.surface.spent } }

    /// Create requests that came under a number, whatever became of them.
    package func posts(_ clientOrderNumber: String) -> Int {
        host.withState { state, _ in state.surface.posts[clientOrderNumber] ?? 0 }
    }

    /// The last requests, oldest first.
    package var requestLog: [LoggedRequest] { host.withState { state, _ in state.log.entries } }

    /// Requests by method and kind, e.g. `POST instant-orders`; since the start or the last reset.
    package var requestCounts: [String: Int] { host.withState { state, _ in state.counts } }

    /// The most requests that came within any one second.
    package var requestsInBusiestSecond: Int { host.withState { state, _ in state.busiest.count } }

    // MARK: People and faults

    /// Cancels what isn't ready of a transaction. - Parameter sku: of one product; `nil`: of all.
    @discardableResult
    package func cancel(_ transactionID: String, sku: String? = nil) -> Bool {
        host.withState { state, _ in state.surface.cancel(transactionID, sku: sku) }
    }

    package func addFault(_ rule: FaultRule) { host.withState { state, _ in state.faults.add(rule) } }
    package func clearFaults() { host.withState { state, _ in state.faults.clear() } }
}
