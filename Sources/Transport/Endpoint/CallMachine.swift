/// Decides what follows each attempt of one call: whether to give the answer back, try again, or give up. Performs nothing.
package struct CallMachine: Sendable {
    package struct Settings: Sendable, Equatable {
        /// The first one included; renewing credentials after a 401 does not count.
        package var attemptsMax: Int
        package var backoff: Backoff
        /// A longer wait that a server asks for is the caller's to arrange.
        package var retryAfterMax: Duration

        package init(attemptsMax: Int = 4, backoff: Backoff = Backoff(), retryAfterMax: Duration = .seconds(30)) {
            self.attemptsMax = attemptsMax
            self.backoff = backoff
            self.retryAfterMax = retryAfterMax
        }
    }

    /// How a call ends.
    package enum Outcome: Sendable, Equatable {
        case answered(HTTPResponse)
        case failed(EndpointError)
    }

    package enum Action: Sendable, Equatable {
        case finish(Outcome)
        /// Try again after the wait, provided that budget and circuit allow it; else end like this.
        case retry(afterMilliseconds: Int64, otherwise: Outcome)
        /// Credentials were refused: try again at once if there are others; else end like this.
        case renew(otherwise: Outcome)
    }

    private let call: EndpointCall
    private let settings: Settings
    private var attempts = 0
    private var hasRenewed = false
    /// What the attempts so far may have done.
    package private(set) var effect = EndpointError.Effect.notSent

    package init(_ call: EndpointCall, _ settings: Settings) {
        self.call = call
        self.settings = settings
    }

    /// An attempt was answered at `now`. Without credentials a 401 refuses none: it is an answer like others.
    package mutating func answered(
        _ response: HTTPResponse, wasAuthorized: Bool = true, now: Int64, random: some RandomSource
    ) -> Action {
        attempts += 1
        switch response.status {
        case 401 where wasAuthorized:
            return refused(response)
        case 429:
            let wait = response.retryAfterMilliseconds(now: now)
            return retry(wait, otherwise: .failed(throttled(wait)), random: random)
        case 502, 503, 504:
            effect = .unknown
            return retry(response.retryAfterMilliseconds(now: now), otherwise: .answered(response), random: random)
        default:
            return .finish(.answered(response))
        }
    }

    /// An attempt brought no whole answer.
    package mutating func failed(_ error: TransportError, random: some RandomSource) -> Action {
        attempts += 1
        effect = effect.joined(error.effect == .notSent ? .notSent : .unknown)
        var final = EndpointError(error)
        final.effect = effect
        guard error.isOutage, attempts < settings.attemptsMax, call.isRepeatable || error.effect == .notSent else {
            return .finish(.failed(final))
        }
        let wait = settings.backoff.waitMilliseconds(attempts: attempts, random: random)
        return .retry(afterMilliseconds: wait, otherwise: .failed(final))
    }

    private mutating func refused(_ response: HTTPResponse) -> Action {
        effect = effect.joined(.notApplied)
        let message = "\(call.title): the credentials were refused with status \(response.status)"
        let outcome = Outcome.failed(EndpointError(.unauthorized(status: response.status), effect, message))
        guard !hasRenewed else { return .finish(outcome) }
        hasRenewed = true
        attempts -= 1
        return .renew(otherwise: outcome)
    }

    private mutating func throttled(_ wait: Int64?) -> EndpointError {
        effect = effect.joined(.notApplied)
        let length = wait.map { " for \($0.secondsBegun) s" } ?? ""
        return EndpointError(
            .throttled(retryAfterMilliseconds: wait), effect, "\(call.title): the remote asks to be left alone\(length) (429)")
    }

    private func retry(_ asked: Int64?, otherwise outcome: Outcome, random: some RandomSource) -> Action {
        guard call.isRepeatable, attempts < settings.attemptsMax, (asked ?? 0) <= settings.retryAfterMax.wholeMilliseconds else {
            return .finish(outcome)
        }
        // Jitter on top of what was asked, so that those who were refused together do not come back together.
        let wait = (asked ?? 0) + settings.backoff.waitMilliseconds(attempts: attempts, random: random)
        return .retry(afterMilliseconds: wait, otherwise: outcome)
    }
}
