import Orders

/// Which of an order's codes: the label of one unit of one line, as bought under one key.
package struct CodeName: Sendable, Hashable {
    /// ``SinkKit/IdempotencyKey/generation`` of the key.
    package var generation: Int
    /// ``Orders/OrderLine/key``.
    package var lineKey: String
    /// From 1.
    package var unit: Int
    /// Such as `code` or `pin`.
    package var label: String

    package init(generation: Int, lineKey: String, unit: Int, label: String) {
        self.generation = generation
        self.lineKey = lineKey
        self.unit = unit
        self.label = label
    }

    /// What is authenticated with the code, so that it can't be passed off as another one's: no two names of any orders give the same.
    func authenticated(_ order: OrderKey) -> [UInt8] {
        JSONValue.array([
            .text(order.shop), .integer(order.orderID), .integer(generation), .text(lineKey), .integer(unit), .text(label),
        ]).serialized()
    }
}

/// A code as the ledger keeps it.
package struct SealedCode: Sendable, Equatable {
    package var name: CodeName
    /// Names the key that it was sealed with.
    package var keyID: String
    /// 12 bytes, never used twice with one key.
    package var nonce: [UInt8]
    /// Ciphertext and tag.
    package var sealed: [UInt8]

    package init(name: CodeName, keyID: String, nonce: [UInt8], sealed: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.nonce = nonce
        self.sealed = sealed
    }
}
