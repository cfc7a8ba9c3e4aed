package import Orders

/// A stand-in for EZ Cards, a distributor of digital codes: strict, seeded, with faults on demand, and an account of the money spent.
///
/// What it can do in process it can also do over HTTP under `/_simulator/`: `GET stats` (with `requests_in_busiest_second`), `GET log`,
/// `GET|POST|DELETE faults`, `POST reset`, `GET audit` (money spent, transactions and posts by `clientOrderNumber`),
/// `POST transactions/{id}/cancel`. Those calls are neither counted nor logged, need no key, and no fault strikes them.
///
/// Kinds of requests for faults: `instant-orders`, `orders`, `codes`, `products`, `balances`, `exchange-rates`.
package final class EZCardsSimulator: Simulator {
    package let configuration: EZCardsConfiguration
    private let host: SimulatorHost<EZCardsSurface>
    package let shell: SimulatorShell

    package init(configuration: EZCardsConfiguration = EZCardsConfiguration()) {
        self.configuration = configuration
        host = SimulatorHost(
            surface: EZCardsSurface(configuration: configuration), clock: configuration.clock, seed: configuration.seed,
            logCapacity: configuration.logCapacity, rateLimit: configuration.rateLimit)
        shell = SimulatorShell(host, address: configuration.address, port: configuration.port)
    }

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

    /// The most requests that came within any one second.
    package var requestsInBusiestSecond: Int { host.withState { state, _ in state.busiest.count } }

    // MARK: People

    /// Cancels what isn't ready of a transaction. - Parameter sku: of one product; `nil`: of all.
    @discardableResult
    package func cancel(_ transactionID: String, sku: String? = nil) -> Bool {
        host.withState { state, _ in state.surface.cancel(transactionID, sku: sku) }
    }
}
