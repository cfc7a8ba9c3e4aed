internal import FoundationEssentials
internal import Synchronization

/// OAuth 2.0 client credentials (RFC 6749, 4.4), with id and secret in the form body (2.3.1).
///
/// However many calls need a token at once, one request is made for it; it is renewed early, and once more when the API
/// answers 401. The secret goes to the token URL only, and stands in no message.
package final class OAuth2ClientCredentials: Authorizer {
    package struct Client: Sendable {
        package var identifier: String
        package var secret: String
        /// Space-separated; `nil` leaves the choice to the server.
        package var scope: String?

        package init(identifier: String, secret: String, scope: String? = nil) {
            self.identifier = identifier
            self.secret = secret
            self.scope = scope
        }
    }

    private struct Token {
        let authorization: Authorization
        let renewAtMilliseconds: Int64
    }

    private struct State {
        var token: Token?
        var generation = 0
        /// Counts requests for a token that ended; whoever waited while one failed shares its failure.
        var requestsEnded = 0
        var lastFailure: EndpointError?
    }

    private let tokens: Endpoint
    private let client: Client
    private let timekeeper: any Timekeeper
    private let turns = TurnGate()
    private let state = Mutex(State())

    /// - Parameter tokens: an endpoint without authorization whose base is the token URL itself.
    package init(tokens: Endpoint, client: Client, timekeeper: any Timekeeper = SystemTimekeeper()) {
        self.tokens = tokens
        self.client = client
        self.timekeeper = timekeeper
    }

    package func authorize() async throws(EndpointError) -> Authorization {
        let (current, requestsEnded) = state.withLock { (usable($0), $0.requestsEnded) }
        if let current { return current }
        do throws(CancellationError) { try await turns.enter() } catch { throw .cancelled(.notSent, title) }
        defer { turns.leave() }
        let (renewed, sharedFailure) = state.withLock { state in
            (usable(state), state.requestsEnded > requestsEnded ? state.lastFailure : nil)
        }
        if let renewed { return renewed }
        if let sharedFailure { throw sharedFailure }
        return try await renew()
    }

    package func invalidate(_ refused: Authorization) -> Bool {
        state.withLock { state in
            if state.token?.authorization.generation == refused.generation { state.token = nil }
            return true
        }
    }

    private func usable(_ state: State) -> Authorization? {
        guard let token = state.token, timekeeper.millisecondsSince1970 < token.renewAtMilliseconds else { return nil }
        return token.authorization
    }

    private func renew() async throws(EndpointError) -> Authorization {
        do throws(EndpointError) {
            let answer = try await request()
            return state.withLock { state in
                state.generation += 1
                state.requestsEnded += 1
                state.lastFailure = nil
                let field = HTTPHeaders.Field("Authorization", "Bearer \(answer.accessToken)")
                let authorization = Authorization(fields: [field], generation: state.generation)
                let life = TokenLifetime.millisecondsUntilRenewal(expiresInSeconds: answer.expiresInSeconds)
                state.token = Token(
                    authorization: authorization, renewAtMilliseconds: timekeeper.millisecondsSince1970 + life)
                return authorization
            }
        } catch {
            // A cancelled request says nothing to the others: the next in line makes its own.
            guard error.kind != .transport(.cancelled) else { throw error }
            state.withLock { state in
                state.requestsEnded += 1
                state.lastFailure = error
            }
            throw error
        }
    }

    private var title: String { "token from \(tokens.origin.host)" }

    private func request() async throws(EndpointError) -> TokenAnswer {
        var form = [("grant_type", "client_credentials"), ("client_id", client.identifier), ("client_secret", client.secret)]
        if let scope = client.scope { form.append(("scope", scope)) }
        let call = EndpointCall(
            .post, "", accepts: "application/json", headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Array(PercentEncoding.query(form).utf8), isRepeatable: true)
        let response: HTTPResponse
        do throws(EndpointError) {
            response = try await tokens.send(call)
        } catch {
            // Whatever became of it: the request that needs the token was not sent.
            throw EndpointError(error.kind, .notSent, "\(title): \(error.message)")
        }
        return try read(response)
    }

    private func read(_ response: HTTPResponse) throws(EndpointError) -> TokenAnswer {
        if (200..<300).contains(response.status), let answer = TokenAnswer(response.body) { return answer }
        let reason = TokenAnswer.errorCode(response.body).map { " (\($0))" } ?? ""
        if [400, 401, 403].contains(response.status) {
            throw EndpointError(
                .unauthorized(status: response.status), .notSent,
                "\(title): the client credentials were refused with status \(response.status)\(reason)")
        }
        throw EndpointError(.authorizationFailed, .notSent, "\(title): status \(response.status) without a token\(reason)")
    }
}

/// The token endpoint's answer (RFC 6749, 5.1 and 5.2).
struct TokenAnswer {
    let accessToken: String
    let expiresInSeconds: Double

    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey { case accessToken = "access_token", expiresIn = "expires_in", error }

        let accessToken: String?
        let expiresInSeconds: Double?
        let error: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            accessToken = try container.decodeIfPresent(String.self, forKey: .accessToken)
            error = try? container.decodeIfPresent(String.self, forKey: .error)
            // Some servers write the number as a string.
            let number = try? container.decodeIfPresent(Double.self, forKey: .expiresIn)
            let text = try? container.decodeIfPresent(String.self, forKey: .expiresIn)
            expiresInSeconds = number ?? text.flatMap(Double.init)
        }
    }

    /// `nil` unless the body holds a token that fits into a header.
    init?(_ body: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)), let token = wire.accessToken,
            !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        accessToken = token
        let seconds = wire.expiresInSeconds ?? TokenLifetime.secondsDefault
        expiresInSeconds = seconds.isFinite ? seconds : TokenLifetime.secondsDefault
    }

    /// The error code, only where it looks like one: a message must not repeat what a server echoes.
    static func errorCode(_ body: [UInt8]) -> String? {
        guard let code = (try? JSONDecoder().decode(Wire.self, from: Data(body)))?.error, !code.isEmpty, code.utf8.count <= 40,
            code.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F })
        else { return nil }
        return code
    }
}
