/// A session: one call logs in, and the cookies that it sets prove who asks from then on (RFC 6265, 5.4).
///
/// Logs in once however many calls need it, and once more when the remote answers 401. Shaped after SAP Business One's Service Layer:
/// `POST /Login` sets `B1SESSION`, and behind a balancer `ROUTEID`.
package final class SessionLogin: Authorizer {
    package struct Login: Sendable, Equatable {
        /// Below the base URL.
        package var path: String
        /// JSON, with the password in it.
        package var body: [UInt8]

        package init(path: String, body: [UInt8]) {
            self.path = path
            self.body = body
        }
    }

    private let remote: Endpoint
    private let login: Login
    private let session: FetchedAuthorization

    /// - Parameter remote: an endpoint without authorization over the same base as the one that this is for.
    package init(remote: Endpoint, login: Login, timekeeper: any Timekeeper = SystemTimekeeper()) {
        self.remote = remote
        self.login = login
        session = FetchedAuthorization(timekeeper: timekeeper)
    }

    package func authorize() async throws(EndpointError) -> Authorization {
        try await session.current(title: title) { () throws(EndpointError) in
            FetchedAuthorization.Fetched(authorization: try await loggedIn(), lifeMilliseconds: nil)
        }
    }

    package func invalidate(_ refused: Authorization) -> Bool {
        session.invalidate(refused)
        return true
    }

    private var title: String { "log-in at \(remote.origin.host)" }

    private func loggedIn() async throws(EndpointError) -> Authorization {
        // Each session may take a licence, and each wrong password counts: it is sent once.
        let call = EndpointCall(
            .post, login.path, accepts: "application/json", headers: ["Content-Type": "application/json"], body: login.body,
            isRepeatable: false)
        let response: HTTPResponse
        do throws(EndpointError) { response = try await remote.send(call) } catch {
            // Whatever became of it: the request that needs the session was not sent.
            throw EndpointError(error.kind, .notSent, "\(title): \(error.message)")
        }
        if [400, 401, 403].contains(response.status) {
            throw EndpointError(
                .unauthorized(status: response.status), .notSent,
                "\(title): the log-in was refused with status \(response.status)")
        }
        let cookies = response.headers.values("Set-Cookie").compactMap(Self.pair)
        guard (200..<300).contains(response.status), !cookies.isEmpty else {
            throw EndpointError(.authorizationFailed, .notSent, "\(title): status \(response.status) without a session")
        }
        return Authorization(fields: [HTTPHeaders.Field("Cookie", cookies.joined(separator: "; "))])
    }

    /// `name=value` without the cookie's attributes; the session goes to the remote's own origin whatever they say.
    private static func pair(_ field: String) -> String? {
        let pair = field.prefix { $0 != ";" }.filter { !$0.isWhitespace }
        guard let mark = pair.firstIndex(of: "="), mark != pair.startIndex, pair.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        return pair
    }
}
