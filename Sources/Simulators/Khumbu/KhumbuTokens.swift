internal import HTTPTypes
internal import Orders

/// The token endpoint: client credentials and the scope `access/all`, as a form (Get Access Token).
///
/// The answers have the shapes of RFC 6749, 5.1 and 5.2 (inferred: none is shown).
struct KhumbuTokens: Sendable {
    private let configuration: KhumbuConfiguration
    /// When each ends, in microseconds since 1970.
    private var ends: [String: Int64] = [:]
    private var random: SeededRandom

    init(configuration: KhumbuConfiguration) {
        self.configuration = configuration
        random = SeededRandom(seed: configuration.seed, number: -1)
    }

    mutating func expireAll() { ends = [:] }

    func isValid(_ request: SimulatedRequest, at now: Int64) -> Bool {
        guard let credentials = request.headers[.authorization], credentials.hasPrefix("Bearer ") else { return false }
        return ends[String(credentials.dropFirst(7))].map { $0 > now } ?? false
    }

    mutating func answer(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse {
        guard request.method == "POST" else { return .notAllowed(request.method, allow: "POST") }
        guard request.mediaType == "application/x-www-form-urlencoded" else { return Self.refused("invalid_request") }
        let form = PercentEncoding.pairs(String(decoding: request.body, as: UTF8.self))
        func value(_ name: String) -> String? { form.first { $0.name == name }?.value }
        guard value("grant_type") == "client_credentials" else { return Self.refused("unsupported_grant_type") }
        guard value("client_id") == configuration.clientID, value("client_secret") == configuration.clientSecret else {
            return Self.refused("invalid_client", status: 401)
        }
        guard value("scope") == "access/all" else { return Self.refused("invalid_scope") }
        ends = ends.filter { $0.value > now }
        let token = "simulated.\(String(random.next(), radix: 36)).\(String(random.next(), radix: 36))"
        ends[token] = now + Int64(configuration.tokenLifetimeSeconds) * 1_000_000
        return .json(
            200,
            .object([
                "access_token": .text(token), "token_type": "Bearer", "expires_in": .integer(configuration.tokenLifetimeSeconds),
            ]))
    }

    private static func refused(_ code: String, status: Int = 400) -> SimulatedResponse {
        .json(status, .object(["error": .text(code)]))
    }
}
