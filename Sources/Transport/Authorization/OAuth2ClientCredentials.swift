internal import FoundationEssentials

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

    private let tokens: Endpoint
    private let client: Client
    private let held: FetchedAuthorization

    /// - Parameter tokens: an endpoint without authorization whose base is the token URL itself.
    package init(tokens: Endpoint, client: Client, timekeeper: any Timekeeper = SystemTimekeeper()) {
        self.tokens = tokens
        self.client = client
        held = FetchedAuthorization(timekeeper: timekeeper)
    }

    package func authorize() async throws(EndpointError) -> Authorization {
        try await held.current(title: title) { () throws(EndpointError) in
            let answer = try await request()
            return FetchedAuthorization.Fetched(
                authorization: Authorization(fields: [HTTPHeaders.Field("Authorization", "Bearer \(answer.accessToken)")]),
                lifeMilliseconds: TokenLifetime.millisecondsUntilRenewal(expiresInSeconds: answer.expiresInSeconds))
        }
    }

    package func invalidate(_ refused: Authorization) -> Bool {
        held.invalidate(refused)
        return true
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
