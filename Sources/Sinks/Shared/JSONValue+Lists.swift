import Orders

extension JSONValue {
    /// The ids in a list.
    var ids: [Int64] { (arrayValue ?? []).compactMap(\.integerValue) }

    /// A list of ids.
    static func ids(_ ids: [Int64]) -> JSONValue { .array(ids.map { .integer($0) }) }

    /// A list of texts.
    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .text($0) }) }
}
