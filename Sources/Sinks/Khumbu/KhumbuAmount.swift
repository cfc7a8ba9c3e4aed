import Orders

/// Amounts as Khumbu is told them: JSON numbers, in units or in hundredths (which of them isn't documented).
struct KhumbuAmount: Sendable {
    /// A place of the decimal point; `nil`: in major units.
    private let minorDigits: Int?

    /// - Parameter currency: ISO 4217.
    init(inMinorUnitsOf currency: String) { minorDigits = Self.exceptions[currency] ?? 2 }

    init() { minorDigits = nil }

    /// Currencies without cents, and with a thousand of them (ISO 4217, list one).
    private static let exceptions: [String: Int] = [
        "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "VND": 0,
        "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    ]

    /// `nil` where it can't be told exactly: below zero, finer than the smallest coin, or with more digits than a binary float keeps,
    /// which is what Khumbu may read it into.
    func number(_ amount: ExactDecimal) -> JSONValue? {
        var amount = amount
        if let minorDigits {
            guard let power = try? ExactDecimal("1e\(minorDigits)"), let scaled = amount.multiplied(by: power),
                scaled.fractionDigits == 0
            else { return nil }
            amount = scaled
        }
        guard !amount.isNegative, amount.fitsBinaryFloat else { return nil }
        return .number(JSONNumber(spelling: amount.plainSpelling))
    }
}
