package import OrderFlow
import Orders
package import Transport

/// Why a call to the shop didn't end with something usable.
package struct ShopError: Error, Sendable, Equatable, CustomStringConvertible {
    package var failureClass: FailureClass
    /// What was tried and what came back; no credential, no personal data.
    package var message: String
    package var retryAfter: Duration?

    package init(_ failureClass: FailureClass, _ message: String, retryAfter: Duration? = nil) {
        self.failureClass = failureClass
        self.message = message
        self.retryAfter = retryAfter
    }

    package var description: String { message }

    /// A call that brought no answer.
    ///
    /// - Parameter writes: the call would have changed something, so that an unknown effect matters.
    package init(_ error: EndpointError, writes: Bool) {
        message = error.message
        switch error.kind {
        case .unauthorized: failureClass = .unauthorized
        case .throttled(let milliseconds):
            failureClass = .throttled
            retryAfter = milliseconds.map { .milliseconds($0) }
        case .invalidCall: failureClass = .misconfigured
        case .circuitOpen: failureClass = .outage
        case .transport(.tls): failureClass = .misconfigured
        case .transport, .authorizationFailed:
            failureClass = writes && error.effect == .unknown ? .unknown : error.isOutage || error.effect == .notSent ? .outage : .transient
        }
    }

    /// An answer that isn't the wanted one.
    package init(_ response: HTTPResponse, to title: String, writes: Bool) {
        let status = response.status
        message = "\(title) was answered with \(status)\(ShopError.detail(response))"
        switch status {
        case 202:
            failureClass = .unknown
            message += "; the shop queued it, so it isn't done yet"
        case 401, 403: failureClass = .unauthorized
        case 408, 425: failureClass = writes ? .unknown : .transient
        case 300..<400: failureClass = .misconfigured
        case 400..<500: failureClass = .rejected
        case 502, 503, 504: failureClass = writes ? .unknown : .outage
        default: failureClass = writes ? .unknown : .transient
        }
    }

    /// What the shop itself says is wrong, where its answer is JSON in the shape of the Django REST framework (inferred);
    /// field names and messages only, cut to what fits a line.
    private static func detail(_ response: HTTPResponse) -> String {
        guard let json = try? JSONText.parse(response.body) else {
            return response.headers["Content-Type"].map { ", not JSON but \($0.prefix(40))" } ?? ", without a readable body"
        }
        let text = json["detail"]?.stringValue ?? json.compactText
        return ": " + String(text.prefix(200)).replacing("\n", with: " ")
    }
}
