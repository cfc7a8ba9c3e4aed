/// What goes wrong with one request.
package enum FaultAction: Sendable, Equatable {
    package enum Moment: String, Sendable {
        case before, after
    }

    /// The connection ends without an answer; nothing took effect.
    case dropBeforeApplying
    /// The request takes effect, then the connection ends without an answer.
    case applyThenDrop
    /// The request takes effect, then a gateway answers with this status and an HTML page.
    case applyThenStatus(Int)
    /// This status instead of the answer, nothing took effect: JSON below 500, an HTML page from 500.
    case status(Int, retryAfterSeconds: Int?)
    /// The answer is right but late; `before` or `after` the request takes effect.
    case delay(milliseconds: Int, Moment)
    /// 200 with an HTML page, such as a log-in or maintenance page.
    case html200(applied: Bool)
    /// The request takes effect; the answer's Content-Length is right, but only half of it comes before the connection ends.
    case halfBody
    /// 200 with `{"detail": …}`.
    case errorInside200(detail: String, applied: Bool)
    /// 200 and JSON without its end.
    case malformedJSON(applied: Bool)
    /// All tokens end now; the request is then handled, and refused if it carries one of them.
    case expireTokens
    /// This and the following requests, whatever they are, get 503 and an HTML page: so many of them, or all until the faults are cleared.
    case outage(requests: Int?)
    /// The connection ends without an answer, and the request takes effect that much later by the simulator's clock.
    case lateEffect(milliseconds: Int)
    /// A look-up in the ERP doesn't show orders younger than this. Other requests are not touched.
    case lookupLag(milliseconds: Int)

    /// The name in the control endpoint's JSON.
    package var name: String {
        switch self {
        case .dropBeforeApplying: "drop_before_applying"
        case .applyThenDrop: "apply_then_drop"
        case .applyThenStatus: "apply_then_status"
        case .status: "status"
        case .delay: "delay"
        case .html200: "html_200"
        case .halfBody: "half_body"
        case .errorInside200: "error_inside_200"
        case .malformedJSON: "malformed_json"
        case .expireTokens: "expire_tokens"
        case .outage: "outage"
        case .lateEffect: "late_effect"
        case .lookupLag: "lookup_lag"
        }
    }
}
