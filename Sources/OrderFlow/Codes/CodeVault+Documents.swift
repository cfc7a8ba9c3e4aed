package import Orders

/// Documents that hold codes are kept sealed, too: the key's name, a zero byte, the nonce, then ciphertext and tag.
extension CodeVault {
    /// - Parameter nonce: 12 random bytes.
    /// - Returns: what the ledger keeps in place of the document's bytes.
    package func seal(_ document: OutgoingDocument, of order: OrderKey, nonce: [UInt8]) throws(Fault) -> [UInt8] {
        let (keyID, sealed) = try seal(document.bytes, nonce: nonce, authenticating: document.authenticated(order))
        return Array(keyID.utf8) + [0] + nonce + sealed
    }

    /// - Parameter document: with what ``seal(_:of:nonce:)`` gave in place of its bytes.
    package func open(_ document: OutgoingDocument, of order: OrderKey) throws(Fault) -> OutgoingDocument {
        let parts = document.bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count > CodeCipher.nonceBytes,
            let bytes = try open(
                Array(parts[1].dropFirst(CodeCipher.nonceBytes)), keyID: String(decoding: parts[0], as: UTF8.self),
                nonce: Array(parts[1].prefix(CodeCipher.nonceBytes)), authenticating: document.authenticated(order))
        else { throw .damagedDocument(number: document.number) }
        return OutgoingDocument(kind: document.kind, number: document.number, bytes: bytes)
    }
}

extension OutgoingDocument {
    /// Another shape than that of ``CodeName``, so that neither can be passed off as the other.
    fileprivate func authenticated(_ order: OrderKey) -> [UInt8] {
        JSONValue.array([.text(order.shop), .integer(order.orderID), .text(kind.rawValue), .text(number)]).serialized()
    }
}
