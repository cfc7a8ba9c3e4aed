package import Orders

extension ExactDecimal {
    /// Digits and a point, whatever it was spelled like: JSON knows neither `+5` nor `007`.
    package var plainSpelling: String { adding(.zero)?.spelling ?? spelling }

    /// The value, where it is whole and from 1 to `largest`; `2.0` is two.
    func count(upTo largest: Int) -> Int? {
        guard fractionDigits == 0, self >= ExactDecimal(1), self <= ExactDecimal(largest) else { return nil }
        return Int(plainSpelling.prefix { $0 != "." })
    }

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
