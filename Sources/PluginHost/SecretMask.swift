package import Orders

/// Takes known secrets out of what people will read and what is kept.
package struct SecretMask: Sendable {
    /// Longest first, so that a secret within another one doesn't leave the rest of it to be seen.
    private let secrets: [String]

    /// Shorter ones would be found everywhere; they are no secrets.
    private static let lengthMin = 4
    /// In what isn't for people but for the program itself, shorter ones stand by chance: a year, a port, a branch.
    private static let dataLengthMin = 8
    private static let mask = "•••"

    /// - Parameter secrets: each is also looked for line by line, as a program would print a key of several lines.
    package init(_ secrets: [String]) {
        let lines = secrets.flatMap { [$0] + $0.split(whereSeparator: \.isNewline).map(String.init) }
        self.secrets = Set(lines.filter { $0.utf8.count >= Self.lengthMin })
            .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    package func masked(_ text: String) -> String { Self.masked(text, secrets) }

    /// Data that its program gets back: every text and every number in it, names too.
    package func masked(_ data: JSONObject) -> JSONObject { Self.masked(data, longSecrets) }

    /// Whether a secret stands in what can't be changed without meaning something else: a number, a ticket, a name.
    package func isSeen(in identifier: String) -> Bool { longSecrets.contains { identifier.contains($0) } }

    private var longSecrets: [String] { secrets.filter { $0.utf8.count >= Self.dataLengthMin } }

    private static func masked(_ text: String, _ secrets: [String]) -> String {
        secrets.reduce(text) { text, secret in text.contains(secret) ? text.replacing(secret, with: Self.mask) : text }
    }

    private static func masked(_ object: JSONObject, _ secrets: [String]) -> JSONObject {
        guard !secrets.isEmpty else { return object }
        return JSONObject(object.members.map { (masked($0.name.value, secrets), masked($0.value, secrets)) })
    }

    private static func masked(_ value: JSONValue, _ secrets: [String]) -> JSONValue {
        switch value {
        case .string(let text):
            let masked = masked(text.value, secrets)
            return masked == text.value ? value : .text(masked)
        case .number(let number):
            let masked = masked(number.spelling, secrets)
            return masked == number.spelling ? value : .text(masked)
        case .array(let elements): return .array(elements.map { masked($0, secrets) })
        case .object(let object): return .object(masked(object, secrets))
        case .null, .bool: return value
        }
    }
}
