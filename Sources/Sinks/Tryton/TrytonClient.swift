import Orders
import Settings
import SinkKit
import Transport

/// Calls methods of Tryton's models by JSON-RPC over HTTP.
///
/// Source: trytond, `protocols/dispatcher.py` and `protocols/jsonrpc.py`.
struct TrytonClient: Sendable {
    private let endpoint: Endpoint
    private let login: TrytonLogin

    init(_ settings: TrytonSinkSettings, endpoint: Endpoint, timekeeper: any Timekeeper) {
        self.endpoint = endpoint
        login = TrytonLogin(settings, endpoint: endpoint, timekeeper: timekeeper)
    }

    /// A call that changes nothing, and may be made again by the endpoint.
    ///
    /// - Parameters:
    ///   - method: such as `sale.sale.read`.
    ///   - parameters: without the context, which goes last.
    ///   - isAboutOrder: whether a refusal may be due to what the order holds: then it stops that order alone.
    func ask(
        _ method: String, _ parameters: [JSONValue], company: Int64? = nil, isAboutOrder: Bool = false, _ budget: CallBudget
    ) async throws(SinkError) -> JSONValue {
        let call = Call(method: "model.\(method)", parameters: parameters + [Self.context(company)], reads: true)
        do throws(TrytonFailure) { return try await perform(call, budget) } catch {
            if case .refused(let refusal) = error {
                if isAboutOrder { throw SinkError(.notApplied, "\(call.title) was refused by Tryton for what the order holds") }
                // Reading is refused for want of a right.
                throw SinkError(.misconfigured, "\(call.title) was refused by Tryton: \(refusal.text)")
            }
            throw error.sinkError
        }
    }

    /// A call that may change something, and isn't sent later than the budget allows. Nothing below ever repeats it, except after a
    /// 401, which did nothing.
    func tell(
        _ method: String, _ parameters: [JSONValue], company: Int64, _ budget: CallBudget
    ) async throws(TrytonFailure) -> JSONValue {
        try await perform(Call(method: "model.\(method)", parameters: parameters + [Self.context(company)], reads: false), budget)
    }

    /// The version of the server that answers, such as `8.2`, and its clock where it tells it.
    func server(_ budget: CallBudget) async throws(SinkError) -> (version: String?, clock: Int64?) {
        let session = try await login.session(budget)
        let call = Call(method: "common.server.version", parameters: [], reads: true)
        // Of the server as a whole, not of one database.
        let path = session.path.hasSuffix("/rpc/") ? "/rpc/" : "/"
        let response = try await send(call, path, nil, budget)
        let version = try? TrytonAnswer(response: response, title: call.title, reads: true).result().stringValue
        return (version, response.dateMillisecondsSince1970)
    }

    private struct Call {
        let method: String
        let parameters: [JSONValue]
        let reads: Bool

        /// Names the call in messages.
        var title: String { "Tryton's \(method.hasPrefix("model.") ? method.dropFirst(6) : method[...])" }
    }

    private static func context(_ company: Int64?) -> JSONValue { company.map { ["company": .integer($0)] } ?? [:] }

    private func perform(_ call: Call, _ budget: CallBudget) async throws(TrytonFailure) -> JSONValue {
        let response: HTTPResponse
        do throws(SinkError) { response = try await answer(call, budget) } catch { throw .failed(error) }
        return try TrytonAnswer(response: response, title: call.title, reads: call.reads).result()
    }

    private func answer(_ call: Call, _ budget: CallBudget) async throws(SinkError) -> HTTPResponse {
        let session = try await login.session(budget)
        let response = try await send(call, session.path, session.authorization, budget)
        guard response.status == 401 else { return response }
        // The session ended, and the call did nothing.
        login.forget(session)
        let next = try await login.session(budget)
        let second = try await send(call, next.path, next.authorization, budget)
        guard second.status == 401 else { return second }
        login.forget(next)
        throw SinkError(.unauthorized, "\(call.title): Tryton refused a session that it had just given")
    }

    private func send(
        _ call: Call, _ path: String, _ authorization: String?, _ budget: CallBudget
    ) async throws(SinkError) -> HTTPResponse {
        let body: JSONValue = ["id": 1, "method": .text(call.method), "params": .array(call.parameters)]
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let authorization { headers["Authorization"] = authorization }
        let request = EndpointCall(
            .post, path, accepts: "application/json", headers: headers, body: body.serialized(), isRepeatable: call.reads,
            onlyReads: call.reads, deadlines: try budget.deadlines(within: endpoint.deadlines, title: call.title),
            // Counted from now: a log-in before it, or a try that met a 401, has used some of it up.
            startLimit: call.reads ? nil : try budget.startLimit(), timeLimit: try budget.timeLeft(title: call.title))
        do throws(EndpointError) { return try await endpoint.send(request) } catch {
            throw SinkError(error, reads: call.reads)
        }
    }
}
