/// A decimal number that is never a binary float: money and quantities, from the wire to the wire.
///
/// Holds up to 38 significant digits and a power of ten from -100 to 100 exactly, and keeps the spelling it came in:
/// `12.50` compares equal to `12.5` and is still written `12.50`. What is computed can always be spelled and parsed again.
public struct ExactDecimal: Sendable, CustomStringConvertible {
    /// How many significant digits fit.
    public static let significantDigitsMax = 38
    private static let exponentMax = 100
    /// 10^38, which a coefficient stays below.
    private static let coefficientLimit = (0..<significantDigitsMax).reduce(UInt128(1)) { power, _ in power * 10 }

    /// The value is `coefficient` × 10^`-scale`, with no trailing zeros in the coefficient.
    private let coefficient: Int128
    private let scale: Int

    /// As it came, or the plain form of a computed value.
    public let spelling: String

    public var description: String { spelling }

    /// Why a text is not a decimal we can hold.
    public enum Fault: Error, Sendable, Equatable, CustomStringConvertible {
        case notANumber(String)
        case tooManyDigits(count: Int)
        case exponentTooLarge

        public var description: String {
            switch self {
            case .notANumber(let text): "'\(text)' is not a decimal number"
            case .tooManyDigits(let count):
                "\(count) significant digits, more than the \(ExactDecimal.significantDigitsMax) that can be held exactly"
            case .exponentTooLarge: "an exponent beyond \(ExactDecimal.exponentMax)"
            }
        }
    }

    /// Parses `[+-]digits[.digits][e[+-]digits]`.
    /// - Throws: ``Fault``; nothing is ever rounded to fit.
    public init(_ text: String) throws(Fault) {
        var parts = DecimalParts()
        guard parts.read(text) else { throw .notANumber(String(text.prefix(60))) }
        guard parts.significantDigits.count <= Self.significantDigitsMax else {
            throw .tooManyDigits(count: parts.significantDigits.count)
        }
        guard abs(parts.exponent) <= Self.exponentMax else { throw .exponentTooLarge }
        let magnitude = parts.significantDigits.reduce(Int128(0)) { $0 * 10 + Int128($1) }
        self.init(coefficient: parts.isNegative ? -magnitude : magnitude, scale: -parts.exponent, spelling: text)
    }

    public init(_ integer: Int) { self.init(coefficient: Int128(integer), scale: 0, spelling: String(integer)) }

    public static let zero = ExactDecimal(0)

    private init(coefficient: Int128, scale: Int, spelling: String?) {
        var (coefficient, scale) = (coefficient, scale)
        while coefficient != 0, coefficient % 10 == 0 { (coefficient, scale) = (coefficient / 10, scale - 1) }
        self.coefficient = coefficient
        self.scale = coefficient == 0 ? 0 : scale
        self.spelling = spelling ?? Self.plain(self.coefficient, self.scale)
    }

    /// A computed value; `nil` where it goes past what can be held.
    private init?(magnitude: UInt128, isNegative: Bool, scale: Int) {
        var (magnitude, scale) = (magnitude, scale)
        while magnitude != 0, magnitude % 10 == 0 { (magnitude, scale) = (magnitude / 10, scale - 1) }
        guard magnitude == 0 || magnitude < Self.coefficientLimit && abs(scale) <= Self.exponentMax else { return nil }
        self.init(coefficient: isNegative ? -Int128(magnitude) : Int128(magnitude), scale: scale, spelling: nil)
    }

    public var isNegative: Bool { coefficient < 0 }
    public var isZero: Bool { coefficient == 0 }
    public var magnitude: ExactDecimal {
        isNegative ? ExactDecimal(coefficient: -coefficient, scale: scale, spelling: nil) : self
    }

    /// How many digits stand after the point once trailing zeros are gone.
    public var fractionDigits: Int { max(0, scale) }

    /// The exact sum, or `nil` where it can't be held.
    public func adding(_ other: ExactDecimal) -> ExactDecimal? {
        // A zero has no scale that the other summand would have to be brought to.
        if isZero || other.isZero {
            let sum = isZero ? other : self
            return ExactDecimal(coefficient: sum.coefficient, scale: sum.scale, spelling: nil)
        }
        let common = max(scale, other.scale)
        guard let left = scaledMagnitude(to: common), let right = other.scaledMagnitude(to: common) else { return nil }
        if isNegative == other.isNegative {
            let (sum, overflow) = left.addingReportingOverflow(right)
            return overflow ? nil : ExactDecimal(magnitude: sum, isNegative: isNegative, scale: common)
        }
        return left >= right
            ? ExactDecimal(magnitude: left - right, isNegative: isNegative, scale: common)
            : ExactDecimal(magnitude: right - left, isNegative: other.isNegative, scale: common)
    }

    /// The exact difference, or `nil` where it can't be held.
    public func subtracting(_ other: ExactDecimal) -> ExactDecimal? {
        adding(ExactDecimal(coefficient: -other.coefficient, scale: other.scale, spelling: nil))
    }

    /// The exact product, or `nil` where it can't be held.
    public func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        var (left, right, power) = (coefficient.magnitude, other.coefficient.magnitude, scale + other.scale)
        // Tens that only the product has are taken out first: what then overflows has too many digits.
        while left != 0, right != 0 {
            if left.isMultiple(of: 2), right.isMultiple(of: 5) {
                (left, right) = (left / 2, right / 5)
            } else if left.isMultiple(of: 5), right.isMultiple(of: 2) {
                (left, right) = (left / 5, right / 2)
            } else {
                break
            }
            power -= 1
        }
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : ExactDecimal(magnitude: product, isNegative: isNegative != other.isNegative, scale: power)
    }

    /// The exact quotient; `nil` where its digits have no end, where it can't be held, or where `other` is zero.
    public func divided(by other: ExactDecimal) -> ExactDecimal? {
        guard !other.isZero else { return nil }
        var (dividend, divisor) = (coefficient.magnitude, other.coefficient.magnitude)
        let common = Self.greatestCommonDivisor(dividend, divisor)
        (dividend, divisor) = (dividend / common, divisor / common)
        // Only powers of 2 and 5 divide a power of ten: for each of them that is left, one digit more.
        var (power, multiplier) = (scale - other.scale, UInt128(1))
        for (factor, complement) in [(UInt128(10), UInt128(1)), (2, 5), (5, 2)] {
            while divisor.isMultiple(of: factor) {
                let (product, overflow) = multiplier.multipliedReportingOverflow(by: complement)
                if overflow { return nil }
                (divisor, power, multiplier) = (divisor / factor, power + 1, product)
            }
        }
        guard divisor == 1 else { return nil }
        let (quotient, overflow) = dividend.multipliedReportingOverflow(by: multiplier)
        return overflow ? nil : ExactDecimal(magnitude: quotient, isNegative: isNegative != other.isNegative, scale: power)
    }

    private static func greatestCommonDivisor(_ left: UInt128, _ right: UInt128) -> UInt128 {
        var (larger, smaller) = (left, right)
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        return larger
    }

    /// Below 2^128, `nil` where it is more. Such a value takes part in no sum that could be held: the other summand is below 10^38.
    private func scaledMagnitude(to target: Int) -> UInt128? {
        var result = coefficient.magnitude
        for _ in 0..<(target - scale) where result != 0 {
            let (next, overflow) = result.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            result = next
        }
        return result
    }

    private static func plain(_ coefficient: Int128, _ scale: Int) -> String {
        let digits = String(coefficient.magnitude)
        let sign = coefficient < 0 ? "-" : ""
        if scale <= 0 { return sign + digits + String(repeating: "0", count: -scale) }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
    }
}

extension ExactDecimal: Hashable, Comparable {
    /// Equal in value, however spelled.
    public static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
        left.coefficient == right.coefficient && left.scale == right.scale
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(coefficient)
        hasher.combine(scale)
    }

    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.coefficient.signum() != right.coefficient.signum() { return left.coefficient < right.coefficient }
        return left.isNegative ? right.magnitudeIsLess(than: left) : left.magnitudeIsLess(than: right)
    }

    private func magnitudeIsLess(than other: ExactDecimal) -> Bool {
        let common = max(scale, other.scale)
        // Only the one with the smaller scale is scaled up, so only it can become too large, and then it is the larger.
        guard let left = scaledMagnitude(to: common) else { return false }
        guard let right = other.scaledMagnitude(to: common) else { return true }
        return left < right
    }
}

/// The pieces of a decimal's spelling.
private struct DecimalParts {
    var isNegative = false
    /// Without leading zeros and without the trailing zeros that only the spelling needs.
    var significantDigits: [UInt8] = []
    var exponent = 0

    /// Whether `text` follows the grammar.
    mutating func read(_ text: String) -> Bool {
        var bytes = text.utf8[...]
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            bytes.removeFirst()
        }
        let whole = Self.takeDigits(&bytes)
        var fraction: [UInt8] = []
        if bytes.first == UInt8(ascii: ".") {
            bytes.removeFirst()
            fraction = Self.takeDigits(&bytes)
            if fraction.isEmpty { return false }
        }
        guard !whole.isEmpty, readExponent(&bytes), bytes.isEmpty else { return false }
        exponent -= fraction.count
        significantDigits = Array((whole + fraction).drop { $0 == 0 })
        while significantDigits.last == 0 {
            significantDigits.removeLast()
            exponent += 1
        }
        if significantDigits.isEmpty { exponent = 0 }
        return true
    }

    private mutating func readExponent(_ bytes: inout Substring.UTF8View.SubSequence) -> Bool {
        guard let mark = bytes.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return true }
        bytes.removeFirst()
        var sign = 1
        if let byte = bytes.first, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
            sign = byte == UInt8(ascii: "-") ? -1 : 1
            bytes.removeFirst()
        }
        let digits = Self.takeDigits(&bytes)
        guard !digits.isEmpty else { return false }
        exponent = sign * digits.reduce(0) { min($0 * 10 + Int($1), 1_000_000) }
        return true
    }

    private static func takeDigits(_ bytes: inout Substring.UTF8View.SubSequence) -> [UInt8] {
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        bytes = bytes.dropFirst(digits.count)
        return digits.map { $0 - UInt8(ascii: "0") }
    }
}
