import Foundation
import Orders

/// Reads what any remote over HTTP needs.
enum RemoteReader {
    /// - Parameters:
    ///   - authentication: what its section is for; `nil` where the remote has a way of its own.
    ///   - sharesRateLimit: whether all processes keep to the limit together, where the settings don't say.
    static func read(
        _ reader: SettingsReader, authentication: String?, sharesRateLimit: Bool = false, absolute: (String) -> String
    ) -> RemoteSettings {
        var remote = RemoteSettings()
        remote.baseURL = reader.value(
            "base_url", "where the API is, such as https://api.example.com", .text, default: "", isRequired: true
        ) {
            url($0)
        }
        if let authentication {
            remote.credentials = reader.section("auth", authentication) { credentials($0) } ?? .none
        }
        remote.rateLimit = reader.section("rate_limit", "at most so many requests in any such period") { limit in
            RemoteSettings.RateLimit(
                requests: limit.integer("requests", "how many", default: 10, in: 1...100_000),
                period: limit.duration("per", "in how long", default: .seconds(1), atLeast: .milliseconds(1)),
                isShared: limit.flag(
                    "shared", "by all processes on this ledger together, which costs a commit for each request",
                    default: sharesRateLimit))
        }
        reader.section("timeouts", "how long a request may take") { timeouts in
            remote.connectTimeout = timeouts.duration(
                "connect", "until the connection stands", default: remote.connectTimeout, atLeast: .milliseconds(1))
            remote.totalTimeout = timeouts.duration(
                "total", "until the answer is there", default: remote.totalTimeout, atLeast: .milliseconds(1))
            remote.stallTimeout = timeouts.duration(
                "stall", "without a byte either way", default: remote.stallTimeout, atLeast: .milliseconds(1))
        }
        remote.certificateAuthoritiesFile = reader.optionalText(
            "ca_file", "a PEM file of the certificate authorities to trust in place of the system's"
        ).map(absolute)
        return remote
    }

    static func url(_ text: String) -> Result<String, SettingsFaultMessage> {
        let parts = URLComponents(string: text)
        guard parts?.user == nil, parts?.password == nil, !text.contains("@") else {
            return .failure(SettingsFaultMessage("this URL has a user name or password in it; write those under 'auth'"))
        }
        guard let parts, ["http", "https"].contains(parts.scheme?.lowercased()), parts.host?.isEmpty == false,
            (1...65_535).contains(parts.port ?? 443), parts.query == nil, parts.fragment == nil
        else { return .failure(SettingsFaultMessage("'\(text)' should begin with https://, name a host, and have no query")) }
        return .success(text)
    }

    private static func credentials(_ reader: SettingsReader) -> RemoteSettings.Credentials {
        reader.variant(
            "type", "the scheme",
            [
                (
                    "oauth2",
                    { reader in
                        .oauth2(
                            tokenURL: reader.value(
                                "token_url", "where tokens are given out", .text, default: "", isRequired: true
                            ) { url($0) },
                            clientID: reader.credential("client_id", "the user name that was supplied").revealed,
                            clientSecret: reader.credential("client_secret", "the password that was supplied"),
                            scope: reader.text("scope", "the scope asked for", default: "openid"))
                    }
                ),
                (
                    "token",
                    { .token($0.credential("token", "the legacy token; CloudSuite calls it deprecated since February 2024")) }
                ),
                ("bearer", { .bearer($0.credential("token", "the bearer token")) }),
                (
                    "basic",
                    {
                        .basic(
                            user: $0.credential("user", "the user name").revealed,
                            password: $0.credential("password", "the password"))
                    }
                ),
                ("header", { .header(name: $0.text("name", "the header"), value: $0.credential("value", "its value")) }),
                (
                    "query",
                    { .query(name: $0.text("name", "the parameter of the query"), value: $0.credential("value", "its value")) }
                ),
                ("session", { .session(session($0)) }),
                ("none", { _ in .none }),
            ]) ?? .none
    }

    private static func session(_ reader: SettingsReader) -> RemoteSettings.Session {
        let path = reader.value("path", "where one logs in, below the base URL", .text, default: "", isRequired: true) { text in
            text.hasPrefix("/") ? .success(text) : .failure(SettingsFaultMessage("'\(text)' should begin with '/'"))
        }
        let (body, secrets) = reader.tree("body", "what is posted there, as JSON", isRequired: true)
        return RemoteSettings.Session(
            path: path, body: Secret(JSONValue.object(body).compactText), secrets: secrets.map { Secret($0) })
    }
}
