/// A simulated system that listens on a loopback port: what all of them do, whatever they play.
package protocol Simulator: Sendable {
    var shell: SimulatorShell { get }
}

/// What is around a simulated system's surface, without its type.
package struct SimulatorShell: Sendable {
    fileprivate let host: any SimulatorHosting
    fileprivate let server: any SimulatorListening
    fileprivate let address: String
    fileprivate let port: Int

    /// - Parameter port: 0: a free one.
    init<Surface: SimulatedSurface>(_ host: SimulatorHost<Surface>, address: String, port: Int) {
        self.host = host
        server = SimulatorServer(host: host)
        self.address = address
        self.port = port
    }
}

extension Simulator {
    /// Begins to listen; after a stop, on the same port as before.
    ///
    /// - Returns: the base URL, without a slash at the end.
    /// - Throws: ``SimulatorStartError`` when the port can't be had, or the simulator is running.
    package func start() async throws -> String {
        let port = try await shell.server.start(address: shell.address, port: shell.port)
        return "http://\(shell.address):\(port)"
    }

    /// Ends the listener and its connections; what the system holds stays.
    package func stop() async { await shell.server.stop() }

    /// Answers in process, as strictly as over a socket; what goes wrong on the way is the caller's to arrange.
    package func answer(_ request: InProcessRequest) -> InProcessResponse { shell.host.answer(request) }

    /// The last requests, oldest first.
    package var requestLog: [LoggedRequest] { shell.host.requestLog }

    /// Requests by method and kind, e.g. `POST orders`, `GET orders`; since the start or the last reset.
    package var requestCounts: [String: Int] { shell.host.requestCounts }

    package func addFault(_ rule: FaultRule) { shell.host.addFault(rule) }
    package func clearFaults() { shell.host.clearFaults() }
}

protocol SimulatorHosting: Sendable {
    func answer(_ request: InProcessRequest) -> InProcessResponse
    var requestLog: [LoggedRequest] { get }
    var requestCounts: [String: Int] { get }
    func addFault(_ rule: FaultRule)
    func clearFaults()
}

protocol SimulatorListening: Sendable {
    func start(address: String, port wanted: Int) async throws -> Int
    func stop() async
}

extension SimulatorHost: SimulatorHosting {
    var requestLog: [LoggedRequest] { withState { state, _ in state.log.entries } }
    var requestCounts: [String: Int] { withState { state, _ in state.counts } }
    func addFault(_ rule: FaultRule) { withState { state, _ in state.faults.add(rule) } }
    func clearFaults() { withState { state, _ in state.faults.clear() } }
}

extension SimulatorHost: AnsweringHost {}
extension SimulatorServer: SimulatorListening {}
