import Orders

/// The stored form of what happens to codes: their names, never the codes.
extension [CodeName] {
    var json: JSONObject {
        JSONObject([
            (
                "codes",
                .array(map { [.integer($0.generation), .text($0.lineKey), .integer($0.unit), .text($0.label)] })
            )
        ])
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        self = []
        for stored in try fields.array("codes") {
            guard let parts = stored.arrayValue, parts.count == 4, let generation = parts[0].integerValue,
                let line = parts[1].stringValue, let unit = parts[2].integerValue, let label = parts[3].stringValue
            else { throw fields.fault("codes") }
            append(CodeName(generation: Int(generation), lineKey: line, unit: Int(unit), label: label))
        }
    }
}
