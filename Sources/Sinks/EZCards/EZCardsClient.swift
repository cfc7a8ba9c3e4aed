import Orders
import Settings
import SinkKit
import Transport

/// Speaks to the EZ Cards API, version 2: `x-api-key` beside the bearer token, `{"requestId", "data"}` around every success.
///
/// Source: https://docs.ezcards.io/docs/api-reference-v2
struct EZCardsClient: Sendable {
    let endpoint: Endpoint
    let apiKey: Secret

    /// Asks for something without changing anything; again where that is safe and useful.
    ///
    /// - Returns: `data`; `nil` where the answer is 404.
    func ask(
        _ path: String, query: [(name: String, value: String)] = [], _ budget: CallBudget
    ) async throws(SinkError) -> JSONValue? {
        let title = "GET \(path)"
        let response = try await send(
            EndpointCall(.get, path, query: query.isEmpty ? nil : PercentEncoding.query(query)), reads: true, title, budget)
        if response.status == 404 { return nil }
        let answer = EZCardsAnswer(response)
        if response.status == 403 { throw SinkError(.unauthorized, "\(title): \(answer.outline)") }
        guard response.status == 200, let data = answer.data else {
            let isOutage = [502, 503, 504].contains(response.status)
            throw SinkError(isOutage ? .unavailable : .notApplied, "\(title): \(answer.outline)")
        }
        return data
    }

    /// Posts an order. Nothing below ever repeats it.
    ///
    /// - Throws: `unknownOutcome` where it may have been taken.
    func post(_ path: String, _ body: JSONObject, _ budget: CallBudget) async throws(SinkError) -> EZCardsAnswer {
        let title = "POST \(path)"
        let call = EndpointCall(
            .post, path, headers: ["Content-Type": "application/json"], body: JSONValue.object(body).serialized(),
            isRepeatable: false, startLimit: try budget.startLimit())
        return EZCardsAnswer(try await send(call, reads: false, title, budget))
    }

    private func send(
        _ call: EndpointCall, reads: Bool, _ title: String, _ budget: CallBudget
    ) async throws(SinkError) -> HTTPResponse {
        var call = call
        call.accepts = "application/json"
        call.headers["x-api-key"] = apiKey.revealed
        call.timeLimit = try budget.timeLeft(title: title)
        call.deadlines = try budget.deadlines(within: endpoint.deadlines, title: title)
        do throws(EndpointError) { return try await endpoint.send(call) } catch { throw SinkError(error, reads: reads) }
    }
}

/// An answer, told without what it says: redeem codes are money.
struct EZCardsAnswer: Sendable {
    let status: Int
    /// `nil` where the body isn't `{"data": …}`.
    let data: JSONValue?
    /// The word under `error`, where it is one.
    let error: String?
    private let requestID: String?

    init(_ response: HTTPResponse) {
        status = response.status
        let json = try? JSONValue(parsing: response.body)
        data = json?["data"]
        error = json?["error"]?.stringValue.flatMap(Self.word)
        requestID = json?["requestId"]?.stringValue.flatMap(Self.word)
    }

    /// `answered with 400 BAD_REQUEST (request 4f2a)`
    var outline: String {
        "answered with \(status)" + (error.map { " \($0)" } ?? "") + (requestID.map { " (request \($0))" } ?? "")
    }

    /// Whether it says, or may say, that the number was used before. Servers of the older documents know 200, 400 and 500 only.
    var isDuplicate: Bool { saysDuplicate || status == 400 && error == nil }

    var saysDuplicate: Bool { error == "CLIENT_ORDER_NUMBER_DUPLICATE" || status == 409 }

    private static func word(_ text: String) -> String? {
        let isWord =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        return isWord ? text : nil
    }
}

extension JSONValue {
    /// A text, or a number in its spelling: ids come as either.
    var ezText: String? {
        switch self {
        case .string(let string): string.value.isEmpty ? nil : string.value
        case .number(let number): number.spelling
        default: nil
        }
    }
}
