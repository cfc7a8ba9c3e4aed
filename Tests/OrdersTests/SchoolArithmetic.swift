/// Whole numbers of any length, reckoned digit by digit as on paper: slow, and nothing in common with what is tested.
struct SchoolInteger: Equatable, Comparable {
    var isNegative = false
    /// The lowest first, without leading zeros; none is zero.
    private var digits: [Int] = []

    /// - Parameter text: an optional `-` and digits.
    init(_ text: String) {
        digits = text.drop { $0 == "-" }.reversed().compactMap(\.wholeNumberValue)
        isNegative = text.hasPrefix("-")
        normalize()
    }

    private init(isNegative: Bool, digits: [Int]) {
        (self.isNegative, self.digits) = (isNegative, digits)
        normalize()
    }

    private mutating func normalize() {
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty { isNegative = false }
    }

    /// How many digits are left when the zeros at the end are taken off.
    var significantDigits: Int { digits.count - trailingZeros }
    var trailingZeros: Int { digits.prefix { $0 == 0 }.count }

    func shifted(by zeros: Int) -> SchoolInteger {
        SchoolInteger(isNegative: isNegative, digits: Array(repeating: 0, count: zeros) + digits)
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? isLess(right.digits, left.digits) : isLess(left.digits, right.digits)
    }

    static func + (left: Self, right: Self) -> Self {
        if left.isNegative == right.isNegative {
            return Self(isNegative: left.isNegative, digits: sum(left.digits, right.digits))
        }
        return isLess(left.digits, right.digits)
            ? Self(isNegative: right.isNegative, digits: difference(right.digits, left.digits))
            : Self(isNegative: left.isNegative, digits: difference(left.digits, right.digits))
    }

    static prefix func - (value: Self) -> Self { Self(isNegative: !value.isNegative, digits: value.digits) }

    static func * (left: Self, right: Self) -> Self {
        var digits = Array(repeating: 0, count: left.digits.count + right.digits.count + 1)
        for (place, digit) in left.digits.enumerated() {
            for (otherPlace, other) in right.digits.enumerated() { digits[place + otherPlace] += digit * other }
        }
        return Self(isNegative: left.isNegative != right.isNegative, digits: carried(digits))
    }

    private static func isLess(_ left: [Int], _ right: [Int]) -> Bool {
        left.count != right.count ? left.count < right.count : left.reversed().lexicographicallyPrecedes(right.reversed())
    }

    private static func sum(_ left: [Int], _ right: [Int]) -> [Int] {
        carried((0...max(left.count, right.count)).map { (left.count > $0 ? left[$0] : 0) + (right.count > $0 ? right[$0] : 0) })
    }

    private static func difference(_ larger: [Int], _ smaller: [Int]) -> [Int] {
        carried(larger.indices.map { larger[$0] - (smaller.count > $0 ? smaller[$0] : 0) })
    }

    private static func carried(_ digits: [Int]) -> [Int] {
        var (result, carry) = (digits, 0)
        for place in result.indices {
            let value = result[place] + carry
            carry = (value - ((value % 10) + 10) % 10) / 10
            result[place] = value - carry * 10
        }
        return result
    }
}
