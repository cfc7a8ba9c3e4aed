import Orders
import Settings
import SinkKit
import Synchronization
import Transport

/// Calls methods of Odoo's models over HTTP: by JSON-2, or by JSON-RPC for versions before 19.
struct OdooClient: Sendable {
    private let settings: OdooSinkSettings
    private let endpoint: Endpoint
    private let login: OdooLogin

    init(_ settings: OdooSinkSettings, endpoint: Endpoint) {
        self.settings = settings
        self.endpoint = endpoint
        login = OdooLogin()
    }

    /// A method of a model with all that it is given.
    struct Call {
        /// Such as `sale.order`.
        let model: String
        let method: String
        /// Of the records whose method it is; `nil` for a method of the model.
        var ids: [Int64]?
        var arguments: JSONObject
        var context: JSONObject

        /// Names it in messages.
        var title: String { "Odoo's \(model).\(method)" }
    }

    /// A call that changes nothing, and may be made again by the endpoint.
    ///
    /// - Throws: what Odoo itself raised as ``OdooFailure/raised(_:)``.
    func ask(_ call: Call, _ budget: CallBudget) async throws(OdooFailure) -> JSONValue {
        try await perform(call, reads: true, budget)
    }

    /// A call that may change something, which nothing below ever repeats, and which isn't sent later than the budget allows.
    func tell(_ call: Call, _ budget: CallBudget) async throws(OdooFailure) -> JSONValue {
        try await perform(call, reads: false, budget)
    }

    /// The version of the server that answers, such as `19.0`, and its clock where it tells it.
    func server(_ budget: CallBudget) async throws(SinkError) -> (version: String?, clock: Int64?) {
        let title = "Odoo's version"
        switch settings.wireProtocol {
        case .json2:
            let response = try await send(
                EndpointCall(
                    .get, "/web/version", accepts: "application/json",
                    deadlines: try budget.deadlines(within: endpoint.deadlines, title: title),
                    timeLimit: try budget.timeLeft(title: title)), reads: true)
            let version = try? JSONValue(parsing: response.body)["version"]?.stringValue
            return (version, response.dateMillisecondsSince1970)
        case .jsonrpc:
            let response = try await post(remote("common", "version", []), title, reads: true, budget)
            let version = try? OdooAnswer(response: response, title: title, reads: true).result()["server_version"]?.stringValue
            return (version, response.dateMillisecondsSince1970)
        }
    }

    private func perform(
        _ call: Call, reads: Bool, _ budget: CallBudget
    ) async throws(OdooFailure) -> JSONValue {
        switch settings.wireProtocol {
        case .json2:
            var body = call.arguments
            if let ids = call.ids { body.append("ids", .ids(ids)) }
            body.append("context", .object(call.context))
            let path = "/json/2/\(call.model)/\(call.method)"
            let response = try await answer((path, .object(body)), call.title, reads, budget)
            return try OdooAnswer(response: response, title: call.title, reads: reads).value()
        case .jsonrpc:
            let user: Int64
            do throws(SinkError) { user = try await login.user { () throws(SinkError) in try await logIn(budget) } } catch {
                throw .failed(error)
            }
            var named = call.arguments
            named.append("context", .object(call.context))
            let request = remote(
                "object", "execute_kw",
                [
                    .text(settings.database ?? ""), .integer(user), .text(settings.apiKey.revealed), .text(call.model),
                    .text(call.method), .array(call.ids.map { [.ids($0)] } ?? []), .object(named),
                ])
            let response = try await answer(request, call.title, reads, budget)
            return try OdooAnswer(response: response, title: call.title, reads: reads).result()
        }
    }

    private func answer(
        _ request: (path: String, body: JSONValue), _ title: String, _ reads: Bool, _ budget: CallBudget
    ) async throws(OdooFailure) -> HTTPResponse {
        do throws(SinkError) {
            return try await post(request, title, reads: reads, budget)
        } catch { throw .failed(error) }
    }

    private func logIn(_ budget: CallBudget) async throws(SinkError) -> Int64 {
        let (database, name) = (settings.database ?? "", settings.login ?? "")
        let title = "the log-in to Odoo as '\(name)'"
        let request = remote("common", "login", [.text(database), .text(name), .text(settings.apiKey.revealed)])
        let response = try await post(request, title, reads: true, isRepeatable: false, budget)
        do throws(OdooFailure) {
            let result = try OdooAnswer(response: response, title: title, reads: true).result()
            // A wrong password is no error, but `false`.
            guard let user = result.integerValue else { throw .failed(SinkError(.unauthorized, "\(title): the key was refused")) }
            return user
        } catch { throw error.sinkError }
    }

    private func remote(_ service: JSONValue, _ method: JSONValue, _ arguments: [JSONValue]) -> (path: String, body: JSONValue) {
        (
            "/jsonrpc",
            [
                "jsonrpc": "2.0", "method": "call", "id": 1,
                "params": ["service": service, "method": method, "args": .array(arguments)],
            ]
        )
    }

    private func post(
        _ request: (path: String, body: JSONValue), _ title: String, reads: Bool, isRepeatable: Bool? = nil,
        _ budget: CallBudget
    ) async throws(SinkError) -> HTTPResponse {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if settings.wireProtocol == .json2 {
            headers["Authorization"] = "Bearer \(settings.apiKey.revealed)"
            if let database = settings.database { headers["X-Odoo-Database"] = database }
        }
        return try await send(
            EndpointCall(
                .post, request.path, accepts: "application/json", headers: headers, body: request.body.serialized(),
                isRepeatable: isRepeatable ?? reads, onlyReads: reads,
                deadlines: try budget.deadlines(within: endpoint.deadlines, title: title),
                // Counted from now: what was asked before it has used some of it up.
                startLimit: reads ? nil : try budget.startLimit(), timeLimit: try budget.timeLeft(title: title)), reads: reads)
    }

    private func send(_ call: EndpointCall, reads: Bool) async throws(SinkError) -> HTTPResponse {
        do throws(EndpointError) { return try await endpoint.send(call) } catch { throw SinkError(error, reads: reads) }
    }
}

/// Whose calls they are, over JSON-RPC: asked for once, however many need it.
final class OdooLogin: Sendable {
    private let turns = TurnGate()
    private let known = Mutex<Int64?>(nil)

    func user(_ logIn: () async throws(SinkError) -> Int64) async throws(SinkError) -> Int64 {
        if let user = known.withLock({ $0 }) { return user }
        do { try await turns.enter() } catch { throw SinkError(.notApplied, "the log-in to Odoo was cancelled") }
        defer { turns.leave() }
        if let user = known.withLock({ $0 }) { return user }
        let user = try await logIn()
        known.withLock { $0 = user }
        return user
    }
}
