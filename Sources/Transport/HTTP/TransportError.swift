/// An exchange that gave no whole answer.
///
/// The message names method, URL without its query, and what failed; it never holds a credential, a query or a body.
package struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the other side may have seen.
    package enum Effect: Sendable, Equatable {
        /// It is certain that no byte of the request was written.
        case notSent
        /// The request was begun; whether it took effect cannot be known from here.
        case unknown
    }

    package enum Kind: Sendable, Equatable {
        case nameNotResolved
        /// The connection was refused or broke before the request; a proxy that refuses a tunnel is one too.
        case connectionFailed
        /// The handshake failed or the certificate is not trusted.
        case tls
        /// The connect or the total deadline passed.
        case timedOut
        /// Nothing moved for as long as the stall deadline allows.
        case stalled
        case connectionLost
        /// Body or header block exceed their limit.
        case responseTooLarge
        /// What came back is not HTTP, or its compression is broken.
        case malformedAnswer
        case cancelled
        case invalidRequest
        /// The exchange was shut down, or libcurl could not go on.
        case unavailable
    }

    package var kind: Kind
    package var effect: Effect
    package var message: String
    /// The status of an answer that began but did not come whole.
    package var status: Int?

    package init(_ kind: Kind, _ effect: Effect, _ message: String, status: Int? = nil) {
        self.kind = kind
        self.effect = effect
        self.message = message
        self.status = status
    }

    /// Whether it speaks of the remote being down or unreachable, rather than of this request.
    package var isOutage: Bool {
        switch kind {
        case .nameNotResolved, .connectionFailed, .tls, .timedOut, .stalled, .connectionLost: true
        case .responseTooLarge, .malformedAnswer, .cancelled, .invalidRequest, .unavailable: false
        }
    }

    package var description: String {
        let seen = effect == .notSent ? "not sent" : "sent, outcome unknown"
        return "\(message) (\(seen))"
    }
}

/// Performs single exchanges: the seam that tests and simulations replace.
package protocol HTTPExchange: Sendable {
    /// Sends `request` and returns its answer, of any status; 4xx and 5xx are answers, and redirects are never followed.
    ///
    /// A request that is not repeatable reaches the server at most once.
    ///
    /// - Throws: `TransportError`, whose `effect` says whether the request can have been seen. A cancelled task gets `.cancelled`.
    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}
