/// Takes known secrets out of texts that people will read.
package struct SecretMask: Sendable {
    /// Longest first, so that a secret within another one doesn't leave the rest of it to be seen.
    private let secrets: [String]

    /// Shorter ones would be found everywhere; they are no secrets.
    private static let lengthMin = 4
    private static let mask = "•••"

    /// - Parameter secrets: each is also looked for line by line, as a program would print a key of several lines.
    package init(_ secrets: [String]) {
        let lines = secrets.flatMap { [$0] + $0.split(whereSeparator: \.isNewline).map(String.init) }
        self.secrets = Set(lines.filter { $0.utf8.count >= Self.lengthMin })
            .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    package func masked(_ text: String) -> String {
        secrets.reduce(text) { text, secret in text.contains(secret) ? text.replacing(secret, with: Self.mask) : text }
    }
}
