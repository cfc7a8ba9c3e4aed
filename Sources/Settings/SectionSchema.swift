import Orders

/// What a section may hold, noted by the code that reads it.
struct SectionSchema {
    struct Property {
        var name: String
        var help: String
        var type: ValueSchema
        var isRequired: Bool
    }

    struct Variant {
        var key: String
        var help: String
        var word: String
        var schema: SectionSchema
    }

    var properties: [Property] = []
    var variants: [Variant] = []

    mutating func replaceLast(with type: ValueSchema) {
        properties[properties.count - 1].type = type
    }
}

indirect enum ValueSchema {
    case text
    case integer(ClosedRange<Int>)
    case duration
    case boolean
    case words([String])
    case list
    case section(SectionSchema)
    /// One of the words may stand for the section.
    case sectionOrWord(SectionSchema, [String])
    case named(SectionSchema)
    case sections(SectionSchema)
    /// A section that somebody else knows.
    case anything
}

extension SectionSchema {
    /// As JSON Schema, draft 2020-12.
    var json: JSONValue {
        if !variants.isEmpty {
            return ["oneOf": .array(variants.map { variant in variant.schema.object(with: variant, and: properties) })]
        }
        return object(with: nil, and: [])
    }

    private func object(with variant: Variant?, and shared: [Property]) -> JSONValue {
        var members = JSONObject()
        var required: [JSONValue] = []
        if let variant {
            members[variant.key] = ["const": .text(variant.word), "description": .text(variant.help)]
            required.append(.text(variant.key))
        }
        for property in shared + properties {
            members[property.name] = property.json
            if property.isRequired { required.append(.text(property.name)) }
        }
        var object = JSONObject([("type", "object"), ("properties", .object(members)), ("additionalProperties", false)])
        if !required.isEmpty { object["required"] = .array(required) }
        return .object(object)
    }
}

extension SectionSchema.Property {
    fileprivate var json: JSONValue {
        var object: JSONObject =
            switch type {
            case .text: JSONObject([("type", ["string", "number", "boolean"])])
            case .integer(let range) where range == Int.min...Int.max: JSONObject([("type", "integer")])
            case .integer(let range):
                JSONObject([
                    ("type", "integer"), ("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound)),
                ])
            case .duration: JSONObject([("type", "string"), ("pattern", "^[0-9]+(ms|s|m|h|d)$")])
            case .boolean: JSONObject([("type", "boolean")])
            case .words(let words): JSONObject([("enum", .array(words.map { .text($0) }))])
            case .anything: JSONObject([("type", "object")])
            case .list: JSONObject([("type", "array"), ("items", ["type": ["string", "number"]])])
            case .section(let schema): schema.json.objectValue ?? JSONObject()
            // A pattern says nothing of objects, and properties say nothing of texts.
            case .sectionOrWord(let schema, let words):
                JSONObject(
                    [("type", ["object", "string"]), ("pattern", .text("^(\(words.joined(separator: "|")))$"))]
                        + (schema.json.objectValue?.members ?? []).filter { $0.name.value != "type" }
                        .map { ($0.name.value, $0.value) })
            case .sections(let schema): JSONObject([("type", "array"), ("items", schema.json)])
            case .named(let schema): JSONObject([("type", "object"), ("additionalProperties", schema.json)])
            }
        object["description"] = .text(help)
        return .object(object)
    }
}
