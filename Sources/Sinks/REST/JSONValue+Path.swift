import Orders

extension JSONValue {
    /// The value at a dotted path such as `data.order.number` or `packages.0.code`; the value itself at an empty one.
    func value(at path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { value, name in
            if let list = value?.arrayValue { return Int(name).flatMap { list.indices.contains($0) ? list[$0] : nil } }
            return value?[String(name)]
        }
    }

    /// What there is, without what it says: `an object with 'error', 'detail'`.
    var outline: String {
        switch self {
        case .object(let object) where !object.members.isEmpty:
            "an object with " + object.members.prefix(8).map { "'\($0.name.value.prefix(40))'" }.joined(separator: ", ")
        default: kindName
        }
    }

    /// A string, or a number in its spelling.
    var plainText: String? {
        switch self {
        case .string(let string): string.value
        case .number(let number): number.spelling
        default: nil
        }
    }

    /// As settings write it: `true` and `false` too.
    var conditionText: String? { boolValue.map { $0 ? "true" : "false" } ?? plainText }

    /// A number, or a text that is one.
    var decimal: ExactDecimal? { plainText.flatMap { try? ExactDecimal($0) } }
}
