import Documents
import Orders

extension ControlReference {
    /// A reference that is never used again: a ledger's own age is its epoch, so that one made anew, after a loss, gives others
    /// although its orders begin at 1 again.
    ///
    /// - Parameters:
    ///   - ledgerMadeAt: in whole seconds, 6 digits to the base 36 until 2095.
    ///   - orderPosition: the order's place in the ledger; 5 digits for the first 60 million.
    ///   - ordinal: which of the order's documents it is; 3 digits.
    /// - Throws: where that makes more than 14 digits.
    init(ledgerMadeAt: Timestamp, orderPosition: Int64, ordinal: Int) throws(DocumentFaults) {
        let seconds = max(0, ledgerMadeAt.milliseconds / 1000 - Self.firstSecond)
        let text = Self.digits(seconds, 6) + Self.digits(orderPosition, 5) + Self.digits(Int64(ordinal), 3)
        guard let reference = ControlReference(text) else {
            throw DocumentFaults(
                faults: [DocumentFault(element: "UNB 0020", "the ledger has no control references of 14 signs left")])
        }
        self = reference
    }

    /// 2026-01-01T00:00:00Z, before any ledger was made.
    private static let firstSecond: Int64 = 1_767_225_600

    private static func digits(_ number: Int64, _ width: Int) -> String {
        let digits = String(number, radix: 36, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
