/// A text that must not be seen: it shows itself only when asked for by name.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    package let revealed: String

    package init(_ text: String) { revealed = text }

    package var description: String { "‹secret›" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Puts the values of `${NAME}` and `${file:path}` into a text.
package struct SecretSource: Sendable {
    private let environment: [String: String]
    private let readFile: @Sendable (String) -> String?
    /// Whether a credential that can't be had is a fault. Who contacts nothing does without any; the key of codes is needed always.
    let credentialsAreNeeded: Bool

    package init(
        environment: [String: String], credentialsAreNeeded: Bool = true, readFile: @escaping @Sendable (String) -> String?
    ) {
        self.environment = environment
        self.credentialsAreNeeded = credentialsAreNeeded
        self.readFile = readFile
    }

    /// A text with every reference replaced.
    struct Expansion {
        var text = ""
        /// What was put in, each a secret wherever it stands.
        var values: [String] = []
    }

    /// The text with every reference replaced, or what is missing. A file's last line break isn't part of its value.
    func expand(_ text: String) -> Result<Expansion, SettingsFaultMessage> {
        var result = Expansion()
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            result.text += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                return .failure(SettingsFaultMessage("a '${' without its '}'"))
            }
            let name = String(rest[start.upperBound..<end])
            guard let value = value(of: name) else {
                let what =
                    name.hasPrefix("file:") ? "the file \(name.dropFirst(5)) can't be read" : "the environment has no \(name)"
                return .failure(SettingsFaultMessage("\(what), which this setting takes its value from"))
            }
            result.text += value
            result.values.append(value)
            rest = rest[rest.index(after: end)...]
        }
        result.text += rest
        return .success(result)
    }

    /// The same for what may hold a credential: one that can't be had and isn't needed is empty.
    func expandCredential(_ text: String) -> Result<Expansion, SettingsFaultMessage> {
        let expansion = expand(text)
        if case .failure = expansion, !credentialsAreNeeded { return .success(Expansion()) }
        return expansion
    }

    private func value(of name: String) -> String? {
        guard name.hasPrefix("file:") else { return environment[name] }
        guard let content = readFile(String(name.dropFirst(5))) else { return nil }
        return content.last?.isNewline == true ? String(content.dropLast()) : content
    }
}

struct SettingsFaultMessage: Error {
    let text: String
    init(_ text: String) { self.text = text }
}
