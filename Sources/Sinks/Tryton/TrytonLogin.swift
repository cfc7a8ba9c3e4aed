import Orders
import Settings
import SinkKit
import Synchronization
import Transport

/// One session with Tryton for all calls.
///
/// However many calls need it at once, one log-in is made. A refused password is not tried again for a while: Tryton slows each
/// further try down, and locks the user out after a handful.
final class TrytonLogin: Sendable {
    struct Session: Sendable {
        /// Of all calls: versions from 8 on have another one than version 7.
        let path: String
        let authorization: String
        fileprivate let generation: Int
    }

    private struct State {
        var session: Session?
        var generation = 0
        var refusal: (error: SinkError, until: Int64)?
    }

    /// Longer than the time in which Tryton counts failures (`[session] timeout`, 300 s).
    private static let holdAfterRefusal = Duration.seconds(600)

    private let endpoint: Endpoint
    private let settings: TrytonSinkSettings
    private let timekeeper: any Timekeeper
    private let turns = TurnGate()
    private let state = Mutex(State())

    init(_ settings: TrytonSinkSettings, endpoint: Endpoint, timekeeper: any Timekeeper) {
        self.settings = settings
        self.endpoint = endpoint
        self.timekeeper = timekeeper
    }

    func session(_ budget: CallBudget) async throws(SinkError) -> Session {
        if let session = try known() { return session }
        do { try await turns.enter() } catch { throw SinkError(.notApplied, "the log-in to Tryton was cancelled") }
        defer { turns.leave() }
        // Whoever was before us may have found out.
        if let session = try known() { return session }
        do throws(SinkError) {
            let session = try await logIn(budget)
            state.withLock { $0.session = session }
            return session
        } catch {
            if error.code == .unauthorized || error.code == .throttled {
                let until = timekeeper.millisecondsSince1970 + (error.retryAfter ?? Self.holdAfterRefusal).wholeMilliseconds
                state.withLock { $0.refusal = (error, until) }
            }
            throw error
        }
    }

    /// Tryton doesn't know the session any more.
    func forget(_ session: Session) {
        state.withLock { state in
            if state.session?.generation == session.generation { state.session = nil }
        }
    }

    private func known() throws(SinkError) -> Session? {
        let now = timekeeper.millisecondsSince1970
        let (session, refusal) = state.withLock { ($0.session, $0.refusal) }
        if let session { return session }
        if let refusal, now < refusal.until { throw refusal.error }
        return nil
    }

    private func logIn(_ budget: CallBudget) async throws(SinkError) -> Session {
        let database = PercentEncoding.encode(settings.database)
        // Each generation answers 405 on the other's path.
        for path in ["/\(database)/rpc/", "/\(database)/"] {
            let response = try await ask(path, budget)
            if response.status == 405 { continue }
            return try session(response, path)
        }
        throw SinkError(
            .misconfigured, "\(title): neither version 7 nor version 8 or later of Tryton answers for '\(settings.database)'")
    }

    private var title: String { "the log-in to Tryton as '\(settings.login)'" }

    private func ask(_ path: String, _ budget: CallBudget) async throws(SinkError) -> HTTPResponse {
        let body: JSONValue = [
            "id": 1, "method": "common.db.login",
            "params": [.text(settings.login), ["password": .text(settings.password.revealed)]],
        ]
        let call = EndpointCall(
            .post, path, accepts: "application/json", headers: ["Content-Type": "application/json"], body: body.serialized(),
            // Never by itself again: each wrong password counts.
            isRepeatable: false, onlyReads: true, deadlines: try budget.deadlines(within: endpoint.deadlines, title: title),
            timeLimit: try budget.timeLeft(title: title))
        do throws(EndpointError) { return try await endpoint.send(call) } catch {
            if case .throttled(let milliseconds) = error.kind {
                throw SinkError(
                    .throttled, "\(title): Tryton takes no log-in for a while; after wrong passwords it locks a user out",
                    retryAfter: milliseconds.map { .milliseconds($0) } ?? Self.holdAfterRefusal)
            }
            throw SinkError(error, reads: true)
        }
    }

    private func session(_ response: HTTPResponse, _ path: String) throws(SinkError) -> Session {
        if response.status == 401 { throw refused }
        if response.status == 404 { throw SinkError(.misconfigured, "\(title): Tryton has no database '\(settings.database)'") }
        let result: JSONValue
        do throws(TrytonFailure) { result = try TrytonAnswer(response: response, title: title, reads: true).result() } catch {
            throw error.sinkError
        }
        guard let parts = result.arrayValue, parts.count >= 2, let user = parts[0].integerValue, let token = parts[1].stringValue
        else { throw refused }
        let words = "\(settings.login):\(user):\(token)"
        let generation = state.withLock { state in
            state.generation += 1
            return state.generation
        }
        return Session(path: path, authorization: "Session \(Base64.encode(Array(words.utf8)))", generation: generation)
    }

    private var refused: SinkError { SinkError(.unauthorized, "\(title): the password was refused") }
}
