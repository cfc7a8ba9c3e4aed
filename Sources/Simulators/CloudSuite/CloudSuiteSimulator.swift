package import Orders

/// A stand-in for the CloudSuite webshop API: strict, seeded, with faults on demand.
///
/// What it can do in process it can also do over HTTP under `/_simulator/`: `GET stats`, `GET log`, `GET|POST|DELETE faults`,
/// `POST reset`, `GET orders/{id}`, `POST orders`, `POST orders/{id}/edit|pay|cancel|reopen|delete`, and `GET deliveries`,
/// `GET order-feedback`, `GET order-statuses` for what came under `/proxy/`. Those calls are neither counted nor logged, need no token,
/// and no fault strikes them.
package final class CloudSuiteSimulator: Simulator {
    package let configuration: CloudSuiteConfiguration
    private let host: SimulatorHost<CloudSuiteSurface>
    package let shell: SimulatorShell

    /// - Throws: ``FixtureError``.
    package init(configuration: CloudSuiteConfiguration = CloudSuiteConfiguration()) throws(FixtureError) {
        let fixtures = if let path = configuration.fixtures { try FixtureFolder(path: path) } else { FixtureFolder.none }
        let surface = CloudSuiteSurface(
            configuration: configuration, fixtures: fixtures, at: configuration.clock.unixMicroseconds())
        self.configuration = configuration
        host = SimulatorHost(
            surface: surface, clock: configuration.clock, seed: configuration.seed, logCapacity: configuration.logCapacity,
            rateLimit: configuration.rateLimit)
        shell = SimulatorShell(host, address: configuration.address, port: configuration.port)
    }

    /// The path of the token endpoint.
    package static let tokenPath = "/realms/CloudSuite-test/protocol/openid-connect/token"

    // MARK: Inspection

    /// The order as stored, spellings kept.
    package func order(_ id: Int) -> JSONValue? {
        host.withState { state, _ in state.surface.orders.body(id: id) }.flatMap { try? JSONValue(parsing: $0) }
    }

    /// The order's bytes as stored: compact JSON.
    package func orderBytes(_ id: Int) -> [UInt8]? { host.withState { state, _ in state.surface.orders.body(id: id) } }

    /// The ids of all orders in a state, ascending (or in the list's shuffled order).
    package func orderIDs(state name: String) -> [Int] {
        host.withState { state, _ in state.surface.orders.ids(state: name) }
    }

    /// PATCH and PUT that took effect, answered or not.
    package var writes: Int { host.withState { state, _ in state.surface.writes } }

    /// Writes that moved an order's state against the flow.
    package var backwardMoves: Int { host.withState { state, _ in state.surface.backwardMoves } }

    /// The delivery messages taken, oldest first.
    package var deliveries: [BookedDelivery] { host.withState { state, _ in state.surface.deliveries } }

    /// The documents with the ERP's numbers that were taken, oldest first.
    package var orderFeedback: [TakenFeedback] { host.withState { state, _ in state.surface.feedback } }

    /// The custom order statuses taken, oldest first.
    package var orderStatuses: [TakenOrderStatus] { host.withState { state, _ in state.surface.orderStatuses } }

    // MARK: People

    /// Sets header fields, as an operator may. `false` where there is no such order.
    @discardableResult
    package func edit(_ id: Int, _ values: KeyValuePairs<String, JSONValue>) -> Bool {
        let values = values.map { ($0.key, $0.value) }
        return host.withState { state, now in state.surface.edit(id, values, at: now) }
    }

    @discardableResult
    package func pay(_ id: Int, status: String = "closed_success") -> Bool { edit(id, ["payment_status": .text(status)]) }

    @discardableResult
    package func cancel(_ id: Int) -> Bool { edit(id, ["state": "cancel"]) }

    /// Puts the order back to `confirmed`.
    @discardableResult
    package func reopen(_ id: Int) -> Bool { edit(id, ["state": "confirmed"]) }

    package func delete(_ id: Int) { host.withState { state, _ in state.surface.orders.delete(id: id) } }

    /// Adds an order; without an `id` it gets the next. Dates may be `@now-PT30S`, and `@simulator` may say `offline`.
    ///
    /// - Returns: its id, or `nil` where that id is taken.
    @discardableResult
    package func add(_ order: JSONObject) -> Int? { host.withState { state, now in state.surface.add(order, at: now) } }

    // MARK: Faults

    package func expireTokens() { host.withState { state, _ in state.surface.expireTokens() } }
}
