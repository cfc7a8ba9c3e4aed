import Orders
import TestSupport
import Testing

@Suite struct ExactDecimalTests {
    @Test(arguments: [
        "0", "-0", "12.50", "12.5", "1.0", "+5", "007", "00.10", "1e3", "1E-3", "-1.50e+02",
        "99999999999999999999999999999999999999",
        "0.00000000000000000000000000000000000001", "1e100", "1e-100", "100000000000000000000000000000000000000000",
        "0.10000000000000000000000000000000000000000000", "0e999999999999999999999", "0.000e-5",
    ])
    func `a decimal is held and keeps its spelling`(_ text: String) throws {
        let decimal = try ExactDecimal(text)
        #expect(decimal.spelling == text)
        #expect(decimal.description == text)
    }

    @Test(arguments: [
        "", " ", "abc", "1,5", "1 ", " 1", ".5", "5.", "-", "+", "--1", "+-1", "1e", "1e+", "1.e5", "0x1F", "1_000", "1.2.3",
        "١٢", "NaN", "inf",
        "1e5.5", "1\u{0}", "€5",
    ])
    func `what is no decimal is refused with its text`(_ text: String) {
        #expect(throws: ExactDecimal.Fault.notANumber(text)) { try ExactDecimal(text) }
    }

    @Test func `a long text is cut in the fault`() {
        #expect(throws: ExactDecimal.Fault.notANumber(String(repeating: "x", count: 60))) {
            try ExactDecimal(String(repeating: "x", count: 5000))
        }
    }

    @Test(
        arguments: [
            (String(repeating: "9", count: 38), nil), (String(repeating: "9", count: 39), 39),
            ("1" + String(repeating: "0", count: 38) + "1", 40),
            ("1." + String(repeating: "1", count: 37), nil), ("1." + String(repeating: "1", count: 38), 39),
            ("0.000" + String(repeating: "7", count: 38) + "000", nil), ("1" + String(repeating: "0", count: 60), nil),
            ("0." + String(repeating: "3", count: 40), 40),
        ] as [(String, Int?)])
    func `38 significant digits fit, and none is ever rounded away`(_ text: String, _ digits: Int?) throws {
        guard let digits else {
            #expect(try ExactDecimal(text).spelling == text)
            return
        }
        #expect(throws: ExactDecimal.Fault.tooManyDigits(count: digits)) { try ExactDecimal(text) }
    }

    @Test(arguments: ["1e101", "1e-101", "1e99999999999999999999", "10e100", "0.1e-100", "-1e1000"])
    func `an exponent beyond 100 is refused`(_ text: String) {
        #expect(throws: ExactDecimal.Fault.exponentTooLarge) { try ExactDecimal(text) }
    }

    @Test(arguments: [
        ["12.50", "12.5", "012.500", "+12.5", "125e-1", "1.25E+1"], ["0", "-0", "0.00", "0e50", "-0.0e-7"],
        ["1e3", "1000", "1000.0"],
        ["-1e-2", "-0.01"], ["1e100", "10e99", "1" + String(repeating: "0", count: 100)],
    ])
    func `equal in value is equal, and hashes so, however it is spelled`(_ spellings: [String]) throws {
        let decimals = try spellings.map { try ExactDecimal($0) }
        #expect(Set(decimals).count == 1)
        for pair in decimals { #expect(pair == decimals[0] && !(pair < decimals[0]) && !(decimals[0] < pair)) }
    }

    @Test(arguments: [
        ("12.50", 1), ("12.00", 0), ("1200", 0), ("0.001", 3), ("1e-5", 5), ("1.5e1", 0), ("0", 0), ("0.000", 0), ("-0.25", 2),
    ])
    func `fraction digits are those that count`(_ text: String, _ digits: Int) throws {
        #expect(try ExactDecimal(text).fractionDigits == digits)
    }

    @Test func `signs and magnitudes`() throws {
        let (negative, zero) = (try ExactDecimal("-12.50"), try ExactDecimal("-0.0"))
        #expect(negative.isNegative && !negative.isZero)
        #expect(negative.magnitude.spelling == "12.5")
        #expect(try ExactDecimal("+12.50").magnitude.spelling == "+12.50")
        #expect(!zero.isNegative && zero.isZero && zero == .zero)
        #expect(ExactDecimal(Int.min).spelling == String(Int.min))
    }

    @Test(arguments: [
        ("0.1", "0.2", "0.3"), ("12.50", "-12.5", "0"), ("1e2", "0.01", "100.01"), ("-1", "0.999", "-0.001"), ("5", "5", "10"),
        ("0", "1e50", "1" + String(repeating: "0", count: 50)), ("1e-60", "0.0", "0." + String(repeating: "0", count: 59) + "1"),
        (String(repeating: "9", count: 38), "1", "1" + String(repeating: "0", count: 38)),
        // The sum fits, though the first summand at the second one's scale has 39 digits.
        (
            "18000000000000000000000000000000000000", "-9999999999999999999999999999999999999.9",
            "8000000000000000000000000000000000000.1"
        ),
    ])
    func `sums are exact and plainly spelled`(_ left: String, _ right: String, _ sum: String) throws {
        let (left, right) = (try ExactDecimal(left), try ExactDecimal(right))
        #expect(left.adding(right)?.spelling == sum)
        #expect(right.adding(left)?.spelling == sum)
        #expect(try ExactDecimal(sum).subtracting(right) == left)
    }

    @Test(arguments: [
        ("1.10", "3", "3.3"), ("-0.5", "0.2", "-0.1"), ("0", "-5", "0"), ("1e60", "1e-60", "1"), ("0.25", "4e2", "100"),
        ("-1e-50", "-1e50", "1"), ("0", "1e100", "0"),
    ])
    func `products are exact`(_ left: String, _ right: String, _ product: String) throws {
        #expect(try ExactDecimal(left).multiplied(by: ExactDecimal(right))?.spelling == product)
    }

    @Test(
        arguments: [
            ("12.50", "2", "6.25"), ("12", "12", "1"), ("1", "8", "0.125"), ("1", "0.001", "1000"), ("0", "7", "0"),
            ("-3", "1000", "-0.003"), ("3", "-1.5", "-2"), ("1", "3", nil), ("12.50", "12", nil), ("1", "0", nil),
            ("0", "0", nil),
            ("1e100", "0.1", nil), ("1", "1e50", "0." + String(repeating: "0", count: 49) + "1"),
            // 2^126 divides nothing in 38 digits.
            ("1", "85070591730234615865843651857942052864", nil),
            ("99999999999999999999999999999999999999", "3", "33333333333333333333333333333333333333"),
        ] as [(String, String, String?)])
    func `quotients are exact, or there is none`(_ left: String, _ right: String, _ quotient: String?) throws {
        #expect(try ExactDecimal(left).divided(by: ExactDecimal(right))?.spelling == quotient)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `a product divided by one factor is the other`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let factors = try (0..<2).map { _ in
            try ExactDecimal("\(Int.random(in: 1...999_999_999, using: &random))e\(Int.random(in: -20...20, using: &random))")
        }
        let product = try #require(factors[0].multiplied(by: factors[1]))
        #expect(product.divided(by: factors[1]) == factors[0])
        if let quotient = factors[0].divided(by: factors[1]) { #expect(quotient.multiplied(by: factors[1]) == factors[0]) }
    }

    @Test func `tens that only the product has don't count as digits`() throws {
        // 2^100 × 5^50 = 2^50 × 10^50.
        let (two, five) = (
            try ExactDecimal("1267650600228229401496703205376"), try ExactDecimal("88817841970012523233890533447265625")
        )
        #expect(two.multiplied(by: five)?.spelling == "1125899906842624" + String(repeating: "0", count: 50))
    }

    @Test func `what can't be held is not computed`() throws {
        let (nines, one) = (try ExactDecimal(String(repeating: "9", count: 38)), try ExactDecimal("1.1"))
        #expect(nines.adding(nines) == nil, "39 digits, though they would fit into 128 bits")
        #expect(nines.adding(one) == nil)
        #expect(nines.multiplied(by: one) == nil)
        #expect(try ExactDecimal("1e100").multiplied(by: ExactDecimal("1e1")) == nil)
        #expect(try ExactDecimal("1e-100").multiplied(by: ExactDecimal("0.1")) == nil)
        #expect(try ExactDecimal("5e100").adding(ExactDecimal("5e100")) == nil)
        #expect(try ExactDecimal("1e100").adding(ExactDecimal("1e-100")) == nil)
    }
}
