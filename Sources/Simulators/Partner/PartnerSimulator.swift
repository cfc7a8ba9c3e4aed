import Orders

/// A stand-in for a trading partner who takes cXML confirmations and ship notices over HTTP: strict, with faults on demand.
///
/// What it can do in process it can also do over HTTP under `/_simulator/`: `GET stats`, `GET log`, `GET|POST|DELETE faults`,
/// `POST reset`, `GET documents`, `POST status`. Those calls are neither counted nor logged, need no secret, and no fault strikes them.
///
/// It answers with a cXML Response: Status 200 to a document it takes; 401 to a wrong shared secret; 406 to what is neither a
/// ConfirmationRequest nor a ShipNoticeRequest; 409 to other bytes under a payloadID it knows; or the code it was told to give.
package final class PartnerSimulator: Sendable {
    package let configuration: PartnerConfiguration
    private let host: SimulatorHost<PartnerSurface>
    private let server: SimulatorServer<PartnerSurface>

    package init(configuration: PartnerConfiguration = PartnerConfiguration()) {
        self.configuration = configuration
        host = SimulatorHost(
            surface: PartnerSurface(configuration: configuration), clock: configuration.clock, seed: configuration.seed,
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

    /// Ends the listener and its connections; the documents stay.
    package func stop() async { await server.stop() }

    /// Answers in process, as strictly as over a socket; what goes wrong on the way is the caller's to arrange.
    package func answer(_ request: InProcessRequest) -> InProcessResponse { host.answer(request) }

    // MARK: Inspection

    /// What was taken, oldest first.
    package var documents: [PartnerDocument] { host.withState { state, _ in state.surface.documents } }

    /// How often a payloadID came again, whatever became of it.
    package var repetitions: Int { host.withState { state, _ in state.surface.repetitions } }

    /// The last requests, oldest first.
    package var requestLog: [LoggedRequest] { host.withState { state, _ in state.log.entries } }

    /// Requests by method and kind, e.g. `POST document`; since the start or the last reset.
    package var requestCounts: [String: Int] { host.withState { state, _ in state.counts } }

    // MARK: What it does

    /// From now on, documents that are in order get this Status; only 200 takes them.
    package func answer(withStatus code: Int) { host.withState { state, _ in state.surface.statusCode = code } }

    package func addFault(_ rule: FaultRule) { host.withState { state, _ in state.faults.add(rule) } }
    package func clearFaults() { host.withState { state, _ in state.faults.clear() } }
}
