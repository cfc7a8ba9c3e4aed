/// A call that brought no answer for the caller to judge.
///
/// The message never holds a credential, a query or a body.
package struct EndpointError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the remote may have done about the call, over all of its attempts.
    package enum Effect: Sendable, Equatable {
        /// No byte of it was written.
        case notSent
        /// The remote answered that it did nothing: 401, 429.
        case notApplied
        /// It may have taken effect.
        case unknown
    }

    package enum Kind: Sendable, Equatable {
        case transport(TransportError.Kind)
        /// The remote has been failing; it is left alone until then (milliseconds since 1970).
        case circuitOpen(untilMilliseconds: Int64)
        /// The remote, or the token URL, refuses the credentials; its status where there is one.
        case unauthorized(status: Int?)
        /// The remote asked to be left alone for longer than a call waits; `nil` when it did not say how long.
        case throttled(retryAfterMilliseconds: Int64?)
        /// No credentials could be had: the token URL failed, or answered with something that is no token.
        case authorizationFailed
        /// Its `startLimit` passed before an attempt could begin.
        case notSentInTime
        /// The call itself is unfit: a path or a header that cannot be sent.
        case invalidCall
    }

    package var kind: Kind
    package var effect: Effect
    package var message: String

    package init(_ kind: Kind, _ effect: Effect, _ message: String) {
        self.kind = kind
        self.effect = effect
        self.message = message
    }

    package init(_ error: TransportError) {
        self.init(.transport(error.kind), error.effect == .notSent ? .notSent : .unknown, error.message)
    }

    static func cancelled(_ effect: Effect, _ title: String) -> Self {
        Self(.transport(.cancelled), effect, "\(title): cancelled")
    }

    /// Whether the remote is down or out of reach, which opens its circuit and is no fault of the call.
    package var isOutage: Bool {
        switch kind {
        case .transport(let kind): TransportError(kind, .notSent, "").isOutage
        case .circuitOpen: true
        case .unauthorized, .throttled, .authorizationFailed, .notSentInTime, .invalidCall: false
        }
    }

    package var description: String {
        switch effect {
        case .notSent: "\(message) (not sent)"
        case .notApplied: "\(message) (not applied)"
        case .unknown: "\(message) (sent, outcome unknown)"
        }
    }
}

extension EndpointError.Effect {
    /// What two attempts together leave behind: one that may have taken effect outweighs all others.
    func joined(_ other: Self) -> Self {
        switch (self, other) {
        case (.unknown, _), (_, .unknown): .unknown
        case (.notApplied, _), (_, .notApplied): .notApplied
        case (.notSent, .notSent): .notSent
        }
    }
}
