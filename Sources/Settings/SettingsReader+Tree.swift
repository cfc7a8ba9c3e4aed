import Orders
internal import Yams

/// Settings that somebody else knows.
extension SettingsReader {
    /// All that stands under `key`, as JSON: plain `true`, `false`, `null` and numbers as JSON spells them are what they look like, any
    /// other single value is a text, and so is whatever has a `${…}` in it.
    ///
    /// - Returns: with the values that came out of a `${…}`.
    func tree(_ key: String, _ help: String, isRequired: Bool = false) -> (object: JSONObject, secrets: [String]) {
        guard let node = take(key, help, .anything, isRequired: isRequired) else { return (JSONObject(), []) }
        guard node.mapping != nil else {
            fault(node, inner(key), "should be a section with settings of its own, not \(Self.kind(node))")
            return (JSONObject(), [])
        }
        let expandedBefore = session.expanded.count
        let object = json(node, inner(key)).objectValue ?? JSONObject()
        return (object, Array(session.expanded[expandedBefore...]))
    }

    private func json(_ node: Node, _ path: String) -> JSONValue {
        switch node {
        case .mapping(let mapping):
            var object = JSONObject()
            for (name, value) in mapping {
                guard let text = name.string, name.scalar != nil else {
                    fault(name, path, "the name of a setting should be a single value, not \(Self.kind(name))")
                    continue
                }
                object[text] = json(value, "\(path).\(text)")
            }
            return .object(object)
        case .sequence(let sequence):
            return .array(sequence.enumerated().map { index, value in json(value, "\(path)[\(index)]") })
        case .scalar(let scalar):
            guard scalar.string.contains("${") else { return Self.json(scalar) }
            switch session.expandCredential(scalar.string) {
            case .success(let text): return .text(text)
            case .failure(let message):
                fault(node, path, message.text)
                return .null
            }
        case .alias:
            fault(node, path, "should be a value, not \(Self.kind(node))")
            return .null
        }
    }

    static func json(_ scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .plain else { return .text(scalar.string) }
        switch scalar.string {
        case "", "~": return .null
        default:
            switch try? JSONValue(parsing: scalar.string) {
            case .null?: return .null
            case .bool(let flag)?: return .bool(flag)
            case .number(let number)?: return .number(number)
            default: return .text(scalar.string)
            }
        }
    }
}

/// Values under names that somebody else knows.
extension SettingsReader {
    /// Single values by name, in the file's order; a `${…}` in one is a secret.
    func table(_ key: String, _ help: String) -> [(name: String, value: String)] {
        tree(key, help).object.members.compactMap { member in
            switch member.value {
            case .string(let text): return (member.name.value, text.value)
            case .number(let number): return (member.name.value, number.spelling)
            case .bool(let flag): return (member.name.value, flag ? "true" : "false")
            default:
                fault(under: key, "'\(member.name.value)' should be a single value, not \(member.value.kindName)")
                return nil
            }
        }
    }
}
