internal import HTTPTypes
internal import Orders

/// The identity provider: client credentials in a form's body, and nothing else (reference, section 1.2).
struct TokenBook: Sendable {
    private let clientID: String
    private let clientSecret: String
    private let legacyToken: String?
    private let lifetimeSeconds: Int
    /// When each token ends, in microseconds since 1970.
    private var ends: [String: Int64] = [:]
    private var random: SeededRandom
    private(set) var issued = 0

    init(configuration: CloudSuiteConfiguration) {
        clientID = configuration.clientID
        clientSecret = configuration.clientSecret
        legacyToken = configuration.legacyToken
        lifetimeSeconds = configuration.tokenLifetimeSeconds
        random = SeededRandom(seed: configuration.seed, number: -1)
    }

    mutating func answer(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse {
        guard request.method == "POST" else { return .notAllowed(request.method, allow: "POST") }
        guard request.mediaType == "application/x-www-form-urlencoded" else {
            return Self.error(400, "invalid_request", "The body must be a form.")
        }
        guard request.headers[.authorization] == nil else {
            return Self.error(401, "invalid_client", "Client credentials belong in the body.")
        }
        let form = PercentEncoding.pairs(String(decoding: request.body, as: UTF8.self))
        func value(_ name: String) -> String? { form.first { $0.name == name }?.value }
        guard value("grant_type") == "client_credentials" else {
            return Self.error(400, "unsupported_grant_type", "Only client_credentials is allowed.")
        }
        guard value("client_id") == clientID, value("client_secret") == clientSecret else {
            return Self.error(401, "invalid_client", "Invalid client or Invalid client credentials")
        }
        guard (value("scope") ?? "").split(separator: " ").contains("openid") else {
            return Self.error(400, "invalid_scope", "The scope openid is required.")
        }
        return issue(at: now)
    }

    private mutating func issue(at now: Int64) -> SimulatedResponse {
        ends = ends.filter { $0.value > now }
        let token = "simulated.\(String(random.next(), radix: 36)).\(String(random.next(), radix: 36))"
        ends[token] = now + Int64(lifetimeSeconds) * 1_000_000
        issued += 1
        var response = SimulatedResponse.json(
            200,
            .object([
                "access_token": .text(token), "expires_in": .integer(lifetimeSeconds), "refresh_expires_in": 0,
                "token_type": "Bearer", "not-before-policy": 0, "scope": "openid",
            ]))
        response.headers = [(.cacheControl, "no-store")]
        return response
    }

    private static func error(_ status: Int, _ code: String, _ description: String) -> SimulatedResponse {
        .json(status, .object(["error": .text(code), "error_description": .text(description)]))
    }

    mutating func expireAll() { ends = [:] }

    /// `nil` if the request may pass, else the 401.
    func refusal(of request: SimulatedRequest, at now: Int64) -> SimulatedResponse? {
        guard let credentials = request.headers[.authorization] else {
            return Self.unauthorized("Authentication credentials were not provided.")
        }
        if credentials.hasPrefix("Bearer ") {
            let isValid = ends[String(credentials.dropFirst(7))].map { $0 > now } ?? false
            return isValid ? nil : Self.unauthorized("Token is invalid or expired.")
        }
        if let legacyToken, credentials == "Token " + legacyToken { return nil }
        return Self.unauthorized("Invalid token.")
    }

    private static func unauthorized(_ text: String) -> SimulatedResponse {
        var response = SimulatedResponse.detail(401, text)
        response.headers = [(.wwwAuthenticate, "Bearer realm=\"api\"")]
        return response
    }
}
