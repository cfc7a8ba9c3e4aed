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

    /// The ids in a list.
    var ids: [Int64] { (arrayValue ?? []).compactMap(\.integerValue) }

    /// A list of ids.
    static func ids(_ ids: [Int64]) -> JSONValue { .array(ids.map { .integer($0) }) }

    /// A list of texts.
    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .text($0) }) }
}

extension ExactDecimal {
    /// Digits and a point, whatever it was spelled like: JSON knows neither `+5` nor `007`.
    package var plainSpelling: String { adding(.zero)?.spelling ?? spelling }

    /// How many digits its value has, without zeros at either end.
    package var significantDigits: Int {
        var digits = plainSpelling.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ".") }[...]
        while digits.first == UInt8(ascii: "0") { digits.removeFirst() }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return digits.count
    }

    /// Whether a binary float brings it back unchanged: up to 15 digits do (IEEE 754, DBL_DIG).
    package var fitsBinaryFloat: Bool { significantDigits <= 15 && magnitude < Self.floatLimit }

    private static let floatLimit = (0..<15).reduce(ExactDecimal(1)) { power, _ in power.multiplied(by: ExactDecimal(10)) ?? power
    }

    /// The quotient, rounded to so many digits behind the point, halves away from zero; `nil` where it can't be held.
    package func divided(by divisor: ExactDecimal, fractionDigits digits: Int) -> ExactDecimal? {
        let scale = max(fractionDigits, divisor.fractionDigits)
        guard !divisor.isZero, let above = magnitude.integer(scale: scale + digits),
            let below = divisor.magnitude.integer(scale: scale)
        else { return nil }
        let (whole, rest) = above.quotientAndRemainder(dividingBy: below)
        let rounded = rest >= below - rest ? whole + 1 : whole
        guard let result = try? ExactDecimal("\(rounded)e-\(digits)") else { return nil }
        return isNegative == divisor.isNegative ? result.adding(.zero) : ExactDecimal.zero.subtracting(result)
    }

    /// The value times 10^`scale`, where that is whole and not too large.
    private func integer(scale: Int) -> Int128? {
        guard let power = try? ExactDecimal("1e\(scale)"), let scaled = multiplied(by: power), scaled.fractionDigits == 0 else {
            return nil
        }
        return Int128(scaled.plainSpelling)
    }
}
