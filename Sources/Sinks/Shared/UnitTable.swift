import Orders

/// The units of measure of an ERP.
struct UnitTable: Sendable {
    struct Unit: Sendable {
        let id: Int64
        /// Empty where the ERP has none beside the name.
        let symbol: String
        let name: String
        /// Units of one category measure the same.
        let category: Int64
        /// Digits behind the point of a quantity.
        let digits: Int
        /// How much of the category's base unit one of it is, and how many of it are one base unit; the one that is exact counts.
        let factor: ExactDecimal
        /// `nil` where the ERP tells the factor only.
        let rate: ExactDecimal?
    }

    private let units: [Int64: Unit]

    init(_ units: [Unit]) { self.units = Dictionary(units.map { ($0.id, $0) }) { first, _ in first } }

    subscript(_ id: Int64) -> Unit? { units[id] }

    /// By its symbol, else by its name; the lowest id, so that the same one is meant every time.
    func unit(named text: String) -> Unit? {
        let known = units.values.sorted { $0.id < $1.id }
        return known.first { $0.symbol == text } ?? known.first { $0.name == text }
    }

    /// `quantity` of one unit in another of its category, to so many digits; `nil` where they don't measure the same.
    ///
    /// - Parameter digits: `nil`: as many as the other unit has.
    func convert(_ quantity: ExactDecimal, from unit: Int64, to other: Int64, digits: Int? = nil) -> ExactDecimal? {
        if unit == other { return quantity }
        guard let unit = units[unit], let other = units[other], unit.category == other.category else { return nil }
        let one = ExactDecimal(1)
        let numerator = quantity.multiplied(by: unit.exactRate == nil ? unit.factor : one)?.multiplied(by: other.exactRate ?? one)
        let denominator = (unit.exactRate ?? one).multiplied(by: other.exactRate == nil ? other.factor : one)
        guard let numerator, let denominator else { return nil }
        return numerator.divided(by: denominator, fractionDigits: digits ?? other.digits)
    }
}

extension UnitTable.Unit {
    /// Of a factor and its inverse one is often rounded; the shorter one is meant (trytond, product/uom.py, accurate_field).
    fileprivate var exactRate: ExactDecimal? {
        guard let rate, rate.fractionDigits < factor.fractionDigits else { return nil }
        return rate
    }
}
