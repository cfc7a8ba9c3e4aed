internal import HTTPTypes

/// A request that is handed in without a socket.
package struct InProcessRequest: Sendable {
    package var method: String
    /// Path and query, percent-encoded.
    package var target: String
    package var host: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// A look-up in the ERP leaves out orders younger than this.
    package var lookupLagMilliseconds = 0

    package init(method: String, target: String, host: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.method = method
        self.target = target
        self.host = host
        self.headers = headers
        self.body = body
    }
}

/// The whole answer to such a request.
package struct InProcessResponse: Sendable {
    package var status: Int
    /// With `Date` and `Content-Type`.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension SimulatorHost {
    /// Counts, logs and answers the request at once; fault rules and rate limit don't apply.
    func answer(_ request: InProcessRequest) -> InProcessResponse {
        var fields = HTTPFields()
        for (name, value) in request.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        var simulated = SimulatedRequest(
            method: request.method, target: request.target, headers: fields, host: request.host, body: request.body)
        simulated.lookupLagMilliseconds = request.lookupLagMilliseconds
        return withState { [simulated] state, now in
            let response = state.answered(simulated, at: now)
            let headers = [("Date", state.date.text(unixMicroseconds: now)), ("Content-Type", response.contentType)]
            return InProcessResponse(
                status: response.status, headers: headers + response.headers.map { ($0.0.rawName, $0.1) }, body: response.body)
        }
    }
}
