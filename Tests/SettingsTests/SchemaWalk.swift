import Foundation
import Orders
import Yams

/// Names settings alike in the schema and in a file: `sinks.*{rest}.auth{basic}.user`, with `*` for a name of the user's choice, `[]`
/// for an element and braces for the variant that `type` chooses.
enum SchemaWalk {
    // MARK: The schema

    static func settings(_ schema: JSONValue) -> Set<String> { Set(walk(schema, "").map { shared($0.name) }) }

    static func requiredSettings(_ schema: JSONValue) -> Set<String> {
        Set(walk(schema, "").filter(\.isRequired).map { shared($0.name) })
    }

    /// Shops and sinks share one `auth`, so that an example of each scheme is enough.
    private static func shared(_ name: String) -> String {
        name.range(of: ".auth{").map { String(name[$0.lowerBound...]) } ?? name
    }

    /// Every object that has properties of its own.
    static func sections(_ schema: JSONValue) -> [JSONValue] {
        let inner: [JSONValue] =
            (schema["oneOf"]?.arrayValue ?? []) + (schema["properties"]?.objectValue?.members.map(\.value) ?? [])
            + [schema["items"], schema["additionalProperties"]].compactMap(\.self)
        return (schema["properties"] == nil ? [] : [schema]) + inner.flatMap(sections)
    }

    private static func walk(_ schema: JSONValue, _ place: String) -> [(name: String, isRequired: Bool)] {
        if let variants = schema["oneOf"]?.arrayValue {
            return variants.flatMap { variant in
                walk(variant, "\(place){\(variant["properties"]?["type"]?["const"]?.stringValue ?? "?")}")
            }
        }
        if let items = schema["items"], items["properties"] != nil { return walk(items, place + "[]") }
        if let named = schema["additionalProperties"], named.objectValue != nil { return walk(named, place + ".*") }
        let required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return (schema["properties"]?.objectValue?.members ?? []).flatMap { member in
            let name = "\(place).\(member.name.value)"
            return [(name, required.contains(member.name.value))] + walk(member.value, name)
        }
    }

    // MARK: A file

    static func settings(_ file: Node) -> Set<String> { Set(paths(file).map { general($0, in: file) }) }

    /// The way to every setting, names and elements left out.
    static func paths(_ file: Node) -> [[String]] { paths(file, []) }

    private static func paths(_ node: Node, _ way: [String]) -> [[String]] {
        if let sequence = node.sequence, ["customers", "addresses", "entries", "steps", "answers", "stores"].contains(way.last),
            let element = sequence.first
        {
            var way = way
            way[way.count - 1] += "[0]"
            return paths(element, way)
        }
        // What stands there is a plugin's or an ERP's.
        let others = ["settings", "headers", "body", "states", "where", "line_where", "additional_properties"]
        if way.first == "sinks", let name = way.last, others.contains(name) { return [] }
        return (node.mapping ?? [:]).flatMap { key, value in
            let inner = way + [key.string ?? ""]
            return (isNamed(inner) ? [] : [inner]) + paths(value, inner)
        }
    }

    /// Whether the last step is a name of the user's choice.
    private static func isNamed(_ way: [String]) -> Bool {
        way.count == 2 && ["shops", "sinks", "targets", "flows"].contains(way[0])
            || way.count == 3 && way.starts(with: ["codes", "old_keys"])
    }

    /// The setting's name as the schema's walk gives it.
    static func general(_ way: [String], in file: Node) -> String {
        var result = ""
        for length in 1...way.count {
            let isElement = way[length - 1].hasSuffix("[0]")
            let step = isElement ? String(way[length - 1].dropLast(3)) + "[]" : way[length - 1]
            result += isNamed(Array(way.prefix(length))) ? ".*" : ".\(step)"
            let section = node(at: Array(way.prefix(length)), in: file)
            if length < way.count, let type = section?.mapping?["type"]?.string { result += "{\(type)}" }
        }
        return shared(result)
    }

    private static func node(at way: [String], in file: Node) -> Node? {
        way.reduce(Optional(file)) { node, step in
            step.hasSuffix("[0]") ? node?.mapping?[String(step.dropLast(3))]?.sequence?.first : node?.mapping?[step]
        }
    }

    /// The file without one setting.
    static func removing(_ way: [String], from node: Node) -> Node {
        guard var mapping = node.mapping, let step = way.first else { return node }
        let rest = Array(way.dropFirst())
        if rest.isEmpty {
            mapping[step] = nil
        } else if step.hasSuffix("[0]") {
            let name = String(step.dropLast(3))
            guard var sequence = mapping[name]?.sequence else { return node }
            sequence[0] = removing(rest, from: sequence[0])
            mapping[name] = .sequence(sequence)
        } else if let inner = mapping[step] {
            mapping[step] = removing(rest, from: inner)
        }
        return .mapping(mapping)
    }
}
