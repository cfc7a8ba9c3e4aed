package import OrderFlow
import Orders
package import Transport

/// Why a call to the shop didn't end with something usable.
package struct ShopError: Error, Sendable, Equatable, CustomStringConvertible {
    package var failureClass: FailureClass
    /// What was tried and what came back; no credential, no personal data.
    package var message: String
    package var retryAfter: Duration?
    /// What was asked for isn't there: 404, or 410.
    package var isGone = false
    /// A write that had no effect because the read it relies on was too old by the time it could have been sent.
    package var wasNotSentInTime = false

    package init(_ failureClass: FailureClass, _ message: String, retryAfter: Duration? = nil) {
        self.failureClass = failureClass
        self.message = message
        self.retryAfter = retryAfter
    }

    package var description: String { message }

    /// A call that brought no answer. Whatever else is the matter: a write that may have taken effect is `unknown`.
    ///
    /// - Parameter writes: the call would have changed something, so that an unknown effect matters.
    package init(_ error: EndpointError, writes: Bool) {
        message = error.message
        if case .throttled(let milliseconds) = error.kind { retryAfter = milliseconds.map { .milliseconds($0) } }
        if writes, error.effect == .unknown {
            failureClass = .unknown
            return
        }
        wasNotSentInTime = error.kind == .notSentInTime
        failureClass =
            switch error.kind {
            case .unauthorized: .unauthorized
            case .throttled: .throttled
            case .invalidCall, .transport(.tls), .transport(.invalidRequest): .misconfigured
            case .circuitOpen, .authorizationFailed, .transport(.cancelled), .transport(.unavailable): .outage
            case .notSentInTime: .transient
            case .transport: error.isOutage || error.effect == .notSent ? .outage : .transient
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
        case 429: failureClass = .throttled
        case 300..<400: failureClass = .misconfigured
        case 400..<500:
            failureClass = .rejected
            isGone = status == 404 || status == 410
        case 502, 503, 504: failureClass = writes ? .unknown : .outage
        default: failureClass = writes ? .unknown : .transient
        }
    }

    /// What the shop itself says is wrong, cut to what fits a line.
    private static func detail(_ response: HTTPResponse) -> String {
        if (300..<400).contains(response.status) { return redirection(response) }
        guard let json = try? JSONText.parse(response.body) else {
            let type = response.headers["Content-Type"]
            return type.map { ", not JSON but \($0.prefix(40))" } ?? ", without a readable body"
        }
        return detail(json)
    }

    /// What the shop complains of in `json`, behind a colon; empty where it doesn't.
    static func detail(_ json: JSONValue) -> String {
        let complaints = complaints(json, at: "")
        return complaints.isEmpty ? "" : ": " + String(complaints.joined(separator: "; ").prefix(200)).replacing("\n", with: " ")
    }

    /// Only where it leads to is told: path and query may hold what nobody is to see.
    private static func redirection(_ response: HTTPResponse) -> String {
        let target = response.headers["Location"].flatMap { location in (try? Origin(url: location))?.description }
        return
            ", which sends the request elsewhere\(target.map { " (\($0))" } ?? ""); that isn't followed: base_url must be where the API is"
    }

    /// Errors in the shape of the Django REST framework (inferred): `{"detail": "…"}` or `{"field": ["…"]}`, nested for lines.
    /// Only texts in lists and `detail` are repeated: anything else may be the order itself, with personal data in it.
    private static func complaints(_ json: JSONValue, at path: String) -> [String] {
        switch json {
        case .object(let object):
            object.members.flatMap { member in
                let name = member.name.value
                if name == "detail", let text = member.value.stringValue { return [text] }
                return complaints(member.value, at: path.isEmpty ? name : "\(path).\(name)")
            }
        case .array(let elements):
            elements.enumerated().flatMap { index, element in
                guard let text = element.stringValue else { return complaints(element, at: "\(path)[\(index)]") }
                return [path.isEmpty ? text : "\(path): \(text)"]
            }
        default: []
        }
    }
}
