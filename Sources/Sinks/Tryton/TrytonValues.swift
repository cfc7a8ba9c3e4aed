package import Orders

/// Tryton's own spellings of values in JSON.
///
/// Prices and amounts are `{"__class__": "Decimal", "decimal": "8.3950"}`, dates `{"__class__": "date", "year": …}`; quantities
/// are plain numbers. Source: trytond, `protocols/jsonrpc.py`.
extension JSONValue {
    package static func tryton(decimal: ExactDecimal) -> JSONValue {
        ["__class__": "Decimal", "decimal": .text(decimal.plainSpelling)]
    }

    /// A quantity, which Tryton holds as a binary float: see ``ExactDecimal/fitsBinaryFloat``.
    package static func tryton(quantity: ExactDecimal) -> JSONValue {
        .number(JSONNumber(spelling: quantity.plainSpelling))
    }

    /// - Parameter date: begins with `YYYY-MM-DD`; `nil` where it doesn't.
    package static func tryton(date: String) -> JSONValue? {
        let parts = date.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            let year = UInt16(parts[0]), let month = UInt8(parts[1]), let day = UInt8(parts[2]), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        return ["__class__": "date", "year": .integer(year), "month": .integer(month), "day": .integer(day)]
    }

    /// A decimal or a plain number.
    package var trytonDecimal: ExactDecimal? {
        switch self {
        case .number(let number): try? ExactDecimal(number.spelling)
        case .object(let object) where object["__class__"]?.stringValue == "Decimal":
            object["decimal"]?.stringValue.flatMap { try? ExactDecimal($0) }
        default: nil
        }
    }

    /// `YYYY-MM-DD` of a date or of the day of a date with time.
    package var trytonDate: String? {
        guard let object = objectValue, ["date", "datetime"].contains(object["__class__"]?.stringValue),
            let year = object["year"]?.integerValue, let month = object["month"]?.integerValue,
            let day = object["day"]?.integerValue
        else { return nil }
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}
