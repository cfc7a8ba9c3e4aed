package import Orders

/// What was checked of a ledger, in figures, and what is wrong with it.
package struct LedgerVerification: Sendable, Equatable {
    package var bytes: Int64 = 0
    package var orders = 0
    package var entries = 0
    /// Captured payloads whose digest is known from an intent.
    package var payloads = 0
    /// Messages whose bytes are there.
    package var messages = 0
    /// Sealed codes that are there.
    package var codes = 0
    /// Of those, how many were opened, and so are what was sealed. The others' keys weren't given.
    package var codesOpened = 0
    /// All of it, up to ``faultsMax``.
    package var faults: [Fault] = []

    package static let faultsMax = 1000

    package var isWhole: Bool { faults.isEmpty }

    package struct Fault: Sendable, Equatable {
        /// `nil`: of the file as a whole.
        package var order: OrderKey?
        package var reference: String?
        package var message: String
        /// Codes are gone, damaged or at another order: a new ledger made of this one would have them no better.
        package var isOfCodes = false
    }

    mutating func add(_ message: String, order: OrderKey? = nil, reference: String? = nil, isOfCodes: Bool = false) {
        guard faults.count < Self.faultsMax else { return }
        faults.append(Fault(order: order, reference: reference, message: message, isOfCodes: isOfCodes))
    }
}
