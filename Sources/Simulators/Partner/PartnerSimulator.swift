import Orders

/// A stand-in for a trading partner who takes cXML confirmations and ship notices over HTTP: strict, with faults on demand.
///
/// What it can do in process it can also do over HTTP under `/_simulator/`: `GET stats`, `GET log`, `GET|POST|DELETE faults`,
/// `POST reset`, `GET documents`, `POST status`. Those calls are neither counted nor logged, need no secret, and no fault strikes them.
///
/// It answers with a cXML Response: Status 200 to a document it takes; 401 to a wrong shared secret; 406 to what is neither a
/// ConfirmationRequest nor a ShipNoticeRequest; 409 to other bytes under a payloadID it knows; or the code it was told to give.
package final class PartnerSimulator: Simulator {
    package let configuration: PartnerConfiguration
    private let host: SimulatorHost<PartnerSurface>
    package let shell: SimulatorShell

    package init(configuration: PartnerConfiguration = PartnerConfiguration()) {
        self.configuration = configuration
        host = SimulatorHost(
            surface: PartnerSurface(configuration: configuration), clock: configuration.clock, seed: configuration.seed,
            logCapacity: configuration.logCapacity, rateLimit: configuration.rateLimit)
        shell = SimulatorShell(host, address: configuration.address, port: configuration.port)
    }

    // MARK: Inspection

    /// What was taken, oldest first.
    package var documents: [PartnerDocument] { host.withState { state, _ in state.surface.documents } }

    /// How often a payloadID came again, whatever became of it.
    package var repetitions: Int { host.withState { state, _ in state.surface.repetitions } }

    // MARK: What it does

    /// From now on, documents that are in order get this Status; only 200 takes them.
    package func answer(withStatus code: Int) { host.withState { state, _ in state.surface.statusCode = code } }
}
