import Orders
import Settings
import SinkKit
import Transport

/// Speaks to Khumbu's order API: `x-api-key` beside the bearer token, and four calls that are all POSTs.
///
/// Source: https://developer.khumbu.com/reference/order-apis-documentation
struct KhumbuClient: Sendable {
    enum Call: String, Sendable {
        case create = "orders/notification"
        /// `order` without an `s`, as documented.
        case fire = "order/fire"
        case cart = "orders/adjustcart"
        case cancel = "orders/cancel"
    }

    let endpoint: Endpoint
    let settings: KhumbuSinkSettings

    /// Posts once. Nothing below ever repeats it, but after a 401 that refused it.
    ///
    /// - Throws: `unknownOutcome` where it may have been taken.
    func post(_ call: Call, _ body: JSONObject, _ budget: CallBudget) async throws(SinkError) -> KhumbuAnswer {
        let title = Self.title(call)
        let names = [settings.provider, settings.partner, settings.market].map(PercentEncoding.encode)
        var request = EndpointCall(
            .post, "/providers/\(names[0])/partners/\(names[1])/markets/\(names[2])/\(call.rawValue)",
            accepts: "application/json",
            headers: ["Content-Type": "application/json"], body: JSONValue.object(body).serialized(), isRepeatable: false,
            // It makes no order (documented).
            onlyReads: call == .cart,
            startLimit: call == .create || call == .fire ? try budget.startLimit() : nil,
            timeLimit: try budget.timeLeft(title: title))
        request.headers["x-api-key"] = settings.apiKey.revealed
        request.deadlines = try budget.deadlines(within: endpoint.deadlines, title: title)
        let response: HTTPResponse
        do throws(EndpointError) { response = try await endpoint.send(request) } catch {
            throw SinkError(error, reads: call == .cart)
        }
        let answer = KhumbuAnswer(response)
        // The gateway before the API refuses a wrong key so (inferred); Khumbu's own refusals have a code.
        if response.status == 403, answer.code == nil {
            throw SinkError(.unauthorized, "\(title): \(answer.outline); do 'api_key' and 'client_id' belong together?")
        }
        return answer
    }

    static func title(_ call: Call) -> String { "POST \(call.rawValue)" }
}
