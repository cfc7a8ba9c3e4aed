import Orders

extension FuzzTarget {
    /// One or two decimals, each on a line: spelling kept, arithmetic exact.
    static let decimal = FuzzTarget(name: "decimal", inputBytesMax: 128, share: 280) { input throws(BrokenProperty) in
        let parts = input.split(separator: 0x0A, maxSplits: 1)
        guard let first = try part(parts.first) else { return }
        try check(first, try part(parts.dropFirst().first) ?? first)
    }

    private static func part(_ bytes: ArraySlice<UInt8>?) throws(BrokenProperty) -> ExactDecimal? {
        guard let bytes else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let decimal = try? ExactDecimal(text) else { return nil }
        try require(decimal.spelling == text, "the spelling is kept")
        let plain = try again(decimal)
        try require(plain == decimal && plain.hashValue == decimal.hashValue, "the plain form has the same value")
        try require(decimal.subtracting(decimal)?.isZero == true, "a number less itself is zero")
        try require(decimal.multiplied(by: ExactDecimal(1)) == decimal, "once a number is the number")
        try require(decimal.multiplied(by: .zero)?.isZero == true, "nought times a number is zero")
        try require(!decimal.magnitude.isNegative && decimal.magnitude.isZero == decimal.isZero, "a magnitude has no sign")
        return decimal
    }

    /// What is computed can be spelled and parsed.
    private static func again(_ decimal: ExactDecimal) throws(BrokenProperty) -> ExactDecimal {
        guard let sum = decimal.adding(.zero), let plain = try? ExactDecimal(sum.spelling) else {
            throw BrokenProperty("a number and zero have a sum that can be spelled")
        }
        return plain
    }

    private static func check(_ left: ExactDecimal, _ right: ExactDecimal) throws(BrokenProperty) {
        try require(left.adding(right) == right.adding(left), "a sum doesn't depend on the order")
        try require(left.multiplied(by: right) == right.multiplied(by: left), "a product doesn't depend on the order")
        try require([left < right, left == right, right < left].count { $0 } == 1, "two numbers are less, equal or greater")
        guard let difference = left.subtracting(right) else { return }
        try require(difference.isNegative == (left < right) && difference.isZero == (left == right), "a difference's sign")
        try require(difference.adding(right) == left, "a difference and what was taken away give the number back")
        try require(try again(difference) == difference, "a difference can be spelled")
    }
}
