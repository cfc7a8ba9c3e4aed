import Orders
import TestSupport
import Testing

/// Decimals made at random, the same ones in every run, against arithmetic done on paper.
@Suite struct ExactDecimalPropertyTests {
    private struct Sample {
        let decimal: ExactDecimal
        let integer: SchoolInteger
        let exponent: Int

        /// A whole number that stands for the value: times 10^100.
        var scaled: SchoolInteger { integer.shifted(by: exponent + 100) }

        init(_ random: inout SeededGenerator) throws {
            let count = random.pick([1, 2, 5, 18, 37, 38])
            let digits = (0..<count).map { _ in String(random.oneIn(3) ? 0 : Int.random(in: 0...9, using: &random)) }.joined()
            let text = (random.oneIn(2) ? "-" : "") + digits
            let reach = random.pick([0, 2, 10, 61])
            exponent = Int.random(in: -reach...reach, using: &random)
            integer = SchoolInteger(text)
            decimal = try ExactDecimal(Self.spelled(text, exponent, &random))
        }

        /// With an exponent, or with the point where it belongs.
        private static func spelled(_ text: String, _ exponent: Int, _ random: inout SeededGenerator) -> String {
            guard exponent <= 0, random.oneIn(2) else { return "\(text)e\(exponent)" }
            let digits = text.drop { $0 == "-" }
            let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
            return (text.hasPrefix("-") ? "-" : "") + padded.dropLast(-exponent)
                + (exponent < 0 ? "." + padded.suffix(-exponent) : "")
        }
    }

    /// The value if it can be held: 38 digits, and a power of ten of at most 100 either way.
    private static func canBeHeld(_ integer: SchoolInteger, exponent: Int) -> Bool {
        integer.significantDigits == 0 || integer.significantDigits <= 38 && abs(exponent + integer.trailingZeros) <= 100
    }

    private static func scaled(_ decimal: ExactDecimal) -> SchoolInteger {
        let parts = decimal.spelling.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : ""
        return SchoolInteger(String(parts[0]) + fraction).shifted(by: 200 - fraction.count)
    }

    @Test func `order and equality are those of the values`() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<5000 {
            let (left, right) = (try Sample(&random), try Sample(&random))
            #expect((left.decimal < right.decimal) == (left.scaled < right.scaled), "\(left.decimal) \(right.decimal)")
            #expect((left.decimal == right.decimal) == (left.scaled == right.scaled), "\(left.decimal) \(right.decimal)")
            #expect(left.decimal.isNegative == left.integer.isNegative)
        }
    }

    @Test func `one of less, equal and greater holds for any two, and sorting is by value`() throws {
        var random = SeededGenerator(seed: 2)
        var samples = try (0..<150).map { _ in try Sample(&random) }
        for left in samples {
            for right in samples {
                let count = [left.decimal < right.decimal, left.decimal == right.decimal, right.decimal < left.decimal].count {
                    $0
                }
                #expect(count == 1)
                if left.decimal == right.decimal { #expect(left.decimal.hashValue == right.decimal.hashValue) }
            }
        }
        samples.sort { $0.decimal < $1.decimal }
        #expect(zip(samples, samples.dropFirst()).allSatisfy { $0.scaled <= $1.scaled })
    }

    @Test func `sums and differences are exact, or not there when they can't be held`() throws {
        var random = SeededGenerator(seed: 3)
        var held = 0
        for _ in 0..<5000 {
            let (left, right) = (try Sample(&random), try Sample(&random))
            for (result, expected) in [
                (left.decimal.adding(right.decimal), left.scaled + right.scaled),
                (left.decimal.subtracting(right.decimal), left.scaled + -right.scaled),
            ] {
                #expect((result != nil) == Self.canBeHeld(expected, exponent: -100), "\(left.decimal) \(right.decimal)")
                guard let result else { continue }
                held += 1
                #expect(Self.scaled(result) == expected.shifted(by: 100), "\(left.decimal) \(right.decimal)")
                #expect(try ExactDecimal(result.spelling) == result)
            }
        }
        #expect(held > 2500)
    }

    @Test func `products are exact, or not there when they can't be held`() throws {
        var random = SeededGenerator(seed: 4)
        var held = 0
        for _ in 0..<5000 {
            let (left, right) = (try Sample(&random), try Sample(&random))
            let expected = left.integer * right.integer
            let exponent = left.exponent + right.exponent
            let product = left.decimal.multiplied(by: right.decimal)
            #expect((product != nil) == Self.canBeHeld(expected, exponent: exponent), "\(left.decimal) \(right.decimal)")
            guard let product else { continue }
            held += 1
            #expect(Self.scaled(product) == expected.shifted(by: exponent + 200), "\(left.decimal) \(right.decimal)")
            #expect(try ExactDecimal(product.spelling) == product)
        }
        #expect(held > 1000)
    }
}
