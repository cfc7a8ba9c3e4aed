internal import HTTPTypes

/// Takes requests on a loopback port and has somebody else answer them: a place between two programs at which things can go wrong.
package final class Relay: Sendable {
    private let server: SimulatorServer<RelayHost>

    /// - Parameter answer: `nil` ends the connection without an answer.
    package init(_ answer: @escaping @Sendable (InProcessRequest) async -> InProcessResponse?) {
        server = SimulatorServer(host: RelayHost(answer: answer))
    }

    /// Begins to listen. - Returns: the base URL, without a slash at the end.
    /// - Throws: ``SimulatorStartError`` when no port can be had.
    package func start() async throws -> String { "http://127.0.0.1:\(try await server.start(address: "127.0.0.1", port: 0))" }

    /// Ends the listener, its connections, and the answers that are under way.
    package func stop() async { await server.stop() }
}

private struct RelayHost: AnsweringHost {
    let answer: @Sendable (InProcessRequest) async -> InProcessResponse?

    /// What is said of the connection itself, and of the body's form on the wire, is no part of what is passed on.
    private static let ofTheConnection: Set = [
        "host", "connection", "keep-alive", "content-length", "transfer-encoding", "expect", "accept-encoding",
        "content-encoding",
        "te", "trailer", "upgrade", "date", "content-type",
    ]

    func exchange(_ request: SimulatedRequest) async -> AnswerDelivery {
        let headers = request.headers.filter {
            !Self.ofTheConnection.contains($0.name.canonicalName) || $0.name == .contentType
        }
        let asked = InProcessRequest(
            method: request.method, target: request.target, host: request.host,
            headers: headers.map { ($0.name.rawName, $0.value) }, body: request.body)
        guard let answered = await answer(asked) else { return .none }
        var response = SimulatedResponse(status: answered.status, contentType: "application/octet-stream", body: answered.body)
        for (name, value) in answered.headers {
            guard let field = HTTPField.Name(name) else { continue }
            if field == .contentType { response.contentType = value }
            if !Self.ofTheConnection.contains(field.canonicalName) { response.headers.append((field, value)) }
        }
        return .whole(response)
    }

    func dateHeader() -> String {
        var date = HTTPDate()
        return date.text(unixMicroseconds: SimulatorClock.system.unixMicroseconds())
    }
}
