package import Orders
package import SinkKit

/// Seals codes for the ledger and opens them again; holds the keys, which the configuration takes from the environment.
package struct CodeVault: Sendable, CustomStringConvertible, CustomReflectable {
    /// A key of 32 bytes, under a name that is kept beside what it sealed.
    package struct Key: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
        package let id: String
        fileprivate let bytes: [UInt8]

        /// - Parameter text: 64 hexadecimal digits, as `openssl rand -hex 32` prints them; anything else is `nil`.
        package init?(id: String, text: String) {
            let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            guard digits.count == text.utf8.count, digits.count == CodeCipher.keyBytes * 2 else { return nil }
            self.id = id
            bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
        }

        package var description: String { "key '\(id)'" }
        package var customMirror: Mirror { Mirror(self, children: ["id": id]) }
    }

    package enum Fault: Error, Sendable, CustomStringConvertible {
        case unknownKey(String)
        /// What is kept isn't what was sealed, or not for that order, line and unit.
        case damaged(CodeName)
        case damagedDocument(number: String)
        case failed

        package var description: String {
            switch self {
            case .unknownKey(let id):
                "it was sealed with key '\(id)', which the configuration doesn't name; add it to 'codes.old_keys'"
            case .damaged(let name):
                "\(name.label) \(name.unit) of line \(name.lineKey) isn't what was sealed, or the key isn't the one"
            case .damagedDocument(let number):
                "document \(number) isn't what was sealed, or the key isn't the one"
            case .failed: "libcrypto can't seal"
            }
        }
    }

    private let current: Key
    private let others: [Key]

    /// - Parameters:
    ///   - current: seals from now on.
    ///   - others: still open what they sealed.
    package init(current: Key, others: [Key] = []) {
        self.current = current
        self.others = others
    }

    /// - Parameter nonce: 12 random bytes.
    package func seal(
        _ secret: SinkSecret, as name: CodeName, of order: OrderKey, nonce: [UInt8]
    ) throws(Fault) -> SealedCode {
        let (keyID, sealed) = try seal(Array(secret.reveal().utf8), nonce: nonce, authenticating: name.authenticated(order))
        return SealedCode(name: name, keyID: keyID, nonce: nonce, sealed: sealed)
    }

    package func open(_ code: SealedCode, of order: OrderKey) throws(Fault) -> SinkSecret {
        let text = try open(
            code.sealed, keyID: code.keyID, nonce: code.nonce, authenticating: code.name.authenticated(order))
        guard let text else { throw .damaged(code.name) }
        return SinkSecret(String(decoding: text, as: UTF8.self))
    }

    func seal(
        _ text: [UInt8], nonce: [UInt8], authenticating data: [UInt8]
    ) throws(Fault) -> (keyID: String, sealed: [UInt8]) {
        guard let sealed = CodeCipher.seal(text, key: current.bytes, nonce: nonce, authenticating: data) else { throw .failed }
        return (current.id, sealed)
    }

    /// - Returns: `nil` where it isn't what was sealed, or was sealed for something else.
    func open(
        _ sealed: [UInt8], keyID: String, nonce: [UInt8], authenticating data: [UInt8]
    ) throws(Fault) -> [UInt8]? {
        guard let key = ([current] + others).first(where: { $0.id == keyID }) else { throw .unknownKey(keyID) }
        return CodeCipher.open(sealed, key: key.bytes, nonce: nonce, authenticating: data)
    }

    package var description: String { "a vault under \(current)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
