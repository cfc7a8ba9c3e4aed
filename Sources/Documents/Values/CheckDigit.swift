/// GS1's check digit, of GTIN, GLN and SSCC alike.
package enum CheckDigit {
    /// Whether a text has one of these numbers of digits, the last of which is the check digit: weights 3 and 1 in turn, from the
    /// right (GS1 General Specifications, §7.9).
    package static func isValid(_ text: String, digits: [Int]) -> Bool {
        let bytes = Array(text.utf8)
        guard digits.contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        let sum = bytes.reversed().enumerated().reduce(0) { sum, digit in
            sum + Int(digit.element - 0x30) * (digit.offset.isMultiple(of: 2) ? 1 : 3)
        }
        return sum.isMultiple(of: 10)
    }

    package static func isTradeNumber(_ text: String) -> Bool { isValid(text, digits: [8, 12, 13, 14]) }
    package static func isLocationNumber(_ text: String) -> Bool { isValid(text, digits: [13]) }
}
