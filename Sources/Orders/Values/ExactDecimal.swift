/// A decimal number that is never a binary float: money and quantities, from the wire to the wire.
///
/// Holds up to 38 significant digits exactly and keeps the spelling it came in: `12.50` compares equal to `12.5`
/// and is still written `12.50`.
public struct ExactDecimal: Sendable, CustomStringConvertible {
    /// How many significant digits fit.
    public static let significantDigitsMax = 38

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
            case .exponentTooLarge: "an exponent beyond 100"
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
        guard abs(parts.exponent) <= 100 else { throw .exponentTooLarge }
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

    public var isNegative: Bool { coefficient < 0 }
    public var isZero: Bool { coefficient == 0 }
    public var magnitude: ExactDecimal { isNegative ? ExactDecimal(coefficient: -coefficient, scale: scale, spelling: nil) : self }

    /// How many digits stand after the point once trailing zeros are gone.
    public var fractionDigits: Int { max(0, scale) }

    /// The exact sum, or `nil` where it needs more than 38 digits.
    public func adding(_ other: ExactDecimal) -> ExactDecimal? {
        let common = max(scale, other.scale)
        guard let left = scaled(to: common), let right = other.scaled(to: common) else { return nil }
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : ExactDecimal(coefficient: sum, scale: common, spelling: nil)
    }

    public func subtracting(_ other: ExactDecimal) -> ExactDecimal? {
        adding(ExactDecimal(coefficient: -other.coefficient, scale: other.scale, spelling: nil))
    }

    /// The exact product, or `nil` where it needs more than 38 digits.
    public func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        let (product, overflow) = coefficient.multipliedReportingOverflow(by: other.coefficient)
        return overflow ? nil : ExactDecimal(coefficient: product, scale: scale + other.scale, spelling: nil)
    }

    private func scaled(to target: Int) -> Int128? {
        var result = coefficient
        for _ in 0..<(target - scale) {
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
        let common = max(left.scale, right.scale)
        if let first = left.scaled(to: common), let second = right.scaled(to: common) { return first < second }
        // Only one of the two can be too large for the common scale: the one with the smaller scale, which is the larger in magnitude.
        let leftIsLarger = left.scale < right.scale
        return left.isNegative ? leftIsLarger : !leftIsLarger
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
