public import Orders

/// The part of JSON Schema (draft 2020-12, https://json-schema.org/draft/2020-12) that settings and messages are checked with: `type`,
/// `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `minItems`, `minLength`, `pattern`, `minimum`, `maximum`,
/// `oneOf`, `anyOf`, `allOf`, and `$ref` to a place in the same schema (`#/$defs/…`).
///
/// Other keywords are passed over; ``unknownKeywords`` names them. A `pattern` is of the part of regular expressions that the standard
/// recommends (core, section 6.4): characters, classes, repetitions, `^`, `$`, groups, alternatives; a text has at most 16 KiB then.
public struct JSONSchema: Sendable {
    private let root: JSONValue

    /// - Parameter schema: an object, or `true`.
    public init(_ schema: JSONValue) { root = schema }

    /// Every fault there is, in the value's order; empty: it keeps to the schema. `path` is a place such as `lines[2].code`.
    public func faults(in value: JSONValue) -> [SinkFault] {
        var faults: [SinkFault] = []
        var steps = Self.stepsMax
        check(value, root, "", 0, &steps, &faults)
        return faults
    }

    /// Keywords in the schema that nothing looks at, each once, in the order of their names; annotations aren't among them.
    public var unknownKeywords: [String] {
        var names: Set<String> = []
        Self.collectKeywords(root, &names)
        return names.subtracting(Self.known).sorted()
    }

    private static let annotations: Set = [
        "$schema", "$id", "$comment", "$defs", "title", "description", "default", "examples", "deprecated", "readOnly",
        "writeOnly",
        "format",
    ]
    private static let known = annotations.union([
        "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems", "minLength", "pattern",
        "minimum", "maximum", "oneOf", "anyOf", "allOf", "$ref",
    ])
    private static let depthMax = 64
    /// A schema whose choices refer to itself could be gone through for ever.
    private static let stepsMax = 100_000
    /// Of a text that is to match a pattern.
    private static let matchedBytesMax = 16 << 10

    private static func collectKeywords(_ schema: JSONValue, _ names: inout Set<String>) {
        for member in schema.objectValue?.members ?? [] {
            let name = member.name.value
            names.insert(name)
            switch name {
            case "properties", "$defs":
                for inner in member.value.objectValue?.members ?? [] { collectKeywords(inner.value, &names) }
            case "additionalProperties", "items": collectKeywords(member.value, &names)
            case "oneOf", "anyOf", "allOf": for inner in member.value.arrayValue ?? [] { collectKeywords(inner, &names) }
            default: break
            }
        }
    }

    private func check(
        _ value: JSONValue, _ schema: JSONValue, _ path: String, _ depth: Int, _ steps: inout Int, _ faults: inout [SinkFault]
    ) {
        func fault(_ message: String) { faults.append(SinkFault(path: path, message: message)) }
        steps -= 1
        guard depth < Self.depthMax, steps > 0 else { return fault("is nested too deep, or its schema refers to itself") }
        if schema == .bool(false) { return fault("should not be there") }
        guard let keywords = schema.objectValue else { return }
        if let reference = keywords["$ref"]?.stringValue {
            guard let target = resolve(reference) else { return fault("can't be checked: its schema refers to '\(reference)'") }
            check(value, target, path, depth + 1, &steps, &faults)
        }
        if let types = keywords["type"], !JSONType.matches(value, types) {
            // What isn't of its kind has nothing that could be looked at further.
            return fault("should be \(JSONType.title(of: types)), not \(value.kindName)")
        }
        if let words = keywords["enum"]?.arrayValue, !words.contains(where: { $0.isSame(as: value) }) {
            fault("should be one of \(words.map(\.compactText).joined(separator: ", "))")
        }
        if let constant = keywords["const"], !constant.isSame(as: value) { fault("should be \(constant.compactText)") }
        for inner in keywords["allOf"]?.arrayValue ?? [] { check(value, inner, path, depth + 1, &steps, &faults) }
        for (name, most) in [("oneOf", 1), ("anyOf", Int.max)] {
            guard let choices = keywords[name]?.arrayValue else { continue }
            faults += choiceFaults(value, choices, most, path, depth, &steps)
        }
        switch value {
        case .string(let text): faults += Self.faults(in: text.value, keywords, path)
        case .number(let number): faults += Self.faults(in: number, keywords, path)
        case .array(let elements):
            if let least = keywords["minItems"]?.integerValue, elements.count < least {
                fault("should have at least \(least) entries")
            }
            guard let items = keywords["items"] else { break }
            for (index, element) in elements.enumerated() {
                check(element, items, "\(path)[\(index)]", depth + 1, &steps, &faults)
            }
        case .object(let object): check(object, keywords, path, depth, &steps, &faults)
        case .null, .bool: break
        }
    }

    private func check(
        _ object: JSONObject, _ keywords: JSONObject, _ path: String, _ depth: Int, _ steps: inout Int,
        _ faults: inout [SinkFault]
    ) {
        func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        for name in (keywords["required"]?.arrayValue ?? []).compactMap(\.stringValue) where object[name] == nil {
            let help = keywords["properties"]?[name]?["description"]?.stringValue.map { ": \($0)" } ?? ""
            faults.append(SinkFault(path: place(name), message: "is missing\(help)"))
        }
        let properties = keywords["properties"]?.objectValue
        for member in object.members {
            let name = member.name.value
            if let schema = properties?[name] {
                check(member.value, schema, place(name), depth + 1, &steps, &faults)
            } else if let rest = keywords["additionalProperties"] {
                if rest == .bool(false) {
                    let known = properties?.members.map(\.name.value).joined(separator: ", ") ?? ""
                    faults.append(SinkFault(path: place(name), message: "is not known here; known are: \(known)"))
                } else {
                    check(member.value, rest, place(name), depth + 1, &steps, &faults)
                }
            }
        }
    }

    /// Of one choice only, the faults are told as they are; of several that can't be told apart, that none fits.
    private func choiceFaults(
        _ value: JSONValue, _ choices: [JSONValue], _ most: Int, _ path: String, _ depth: Int, _ steps: inout Int
    ) -> [SinkFault] {
        let results = choices.map { choice in
            var inner: [SinkFault] = []
            check(value, choice, path, depth + 1, &steps, &inner)
            return inner
        }
        let fitting = results.filter(\.isEmpty).count
        if (1...most).contains(fitting) { return [] }
        guard fitting == 0 else { return [SinkFault(path: path, message: "fits more than one of its forms")] }
        let nearest = results.min { $0.count < $1.count } ?? []
        return [SinkFault(path: path, message: "fits none of its \(results.count) forms; nearest:")] + nearest
    }

    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        var place = root
        for step in reference.dropFirst().split(separator: "/") {
            let name = step.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = place[String(name)] else { return nil }
            place = next
        }
        return place
    }

    private static func faults(in text: String, _ keywords: JSONObject, _ path: String) -> [SinkFault] {
        var faults: [SinkFault] = []
        if let least = keywords["minLength"]?.integerValue, text.unicodeScalars.count < least {
            faults.append(SinkFault(path: path, message: "should have at least \(least) characters"))
        }
        if let pattern = keywords["pattern"]?.stringValue {
            // The value itself may be a secret, so it isn't shown.
            if text.utf8.count > Self.matchedBytesMax {
                faults.append(
                    SinkFault(
                        path: path, message: "should have at most \(Self.matchedBytesMax) bytes, for it has to match \(pattern)"))
            } else if let expression = TextPattern(pattern) {
                if !expression.isFound(in: text) {
                    faults.append(SinkFault(path: path, message: "should match \(pattern)"))
                }
            } else {
                faults.append(
                    SinkFault(path: path, message: "can't be checked: its schema's pattern \(pattern) is not understood"))
            }
        }
        return faults
    }

    private static func faults(in number: JSONNumber, _ keywords: JSONObject, _ path: String) -> [SinkFault] {
        func bound(_ name: String) -> ExactDecimal? {
            guard case .number(let bound)? = keywords[name] else { return nil }
            return try? ExactDecimal(bound.spelling)
        }
        guard let value = try? ExactDecimal(number.spelling) else { return [] }
        var faults: [SinkFault] = []
        if let least = bound("minimum"), value < least {
            faults.append(SinkFault(path: path, message: "should be at least \(least)"))
        }
        if let most = bound("maximum"), value > most {
            faults.append(SinkFault(path: path, message: "should be at most \(most)"))
        }
        return faults
    }
}

/// The words of the keyword `type`.
private enum JSONType {
    static func matches(_ value: JSONValue, _ types: JSONValue) -> Bool {
        words(types).contains { word in
            switch (word, value) {
            case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array),
                ("object", .object):
                true
            // 1.0 is a whole number too (JSON Schema Validation, section 6.1.1).
            case ("integer", .number(let number)): (try? ExactDecimal(number.spelling)).map { $0.isWhole } ?? false
            default: false
            }
        }
    }

    static func title(of types: JSONValue) -> String {
        words(types).map { word in
            switch word {
            case "boolean": "true or false"
            case "number": "a number"
            case "integer": "a whole number"
            case "string": "a text"
            case "array": "a list"
            case "object": "an object"
            default: word
            }
        }.joined(separator: " or ")
    }

    private static func words(_ types: JSONValue) -> [String] {
        types.stringValue.map { [$0] } ?? (types.arrayValue ?? []).compactMap(\.stringValue)
    }
}

extension ExactDecimal {
    fileprivate var isWhole: Bool {
        guard let point = spelling.firstIndex(of: "."), !spelling.contains(where: { $0 == "e" || $0 == "E" }) else {
            return !spelling.contains("e-") && !spelling.contains("E-")
        }
        return spelling[spelling.index(after: point)...].allSatisfy { $0 == "0" }
    }
}

extension JSONValue {
    /// As JSON Schema compares: numbers by their value, members in any order.
    fileprivate func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)):
            guard let left = try? ExactDecimal(left.spelling), let right = try? ExactDecimal(right.spelling) else {
                return left.spelling == right.spelling
            }
            return left == right
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            return left.members.count == right.members.count
                && left.members.allSatisfy { member in right[member.name.value]?.isSame(as: member.value) ?? false }
        default: return self == other
        }
    }
}
