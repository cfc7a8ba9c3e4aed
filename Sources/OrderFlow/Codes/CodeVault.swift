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
        case failed

        package var description: String {
            switch self {
            case .unknownKey(let id):
                "it was sealed with key '\(id)', which the configuration doesn't name; add it to 'codes.old_keys'"
            case .damaged(let name):
                "\(name.label) \(name.unit) of line \(name.lineKey) isn't what was sealed, or the key isn't the one"
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
        let sealed = CodeCipher.seal(
            Array(secret.reveal().utf8), key: current.bytes, nonce: nonce, authenticating: name.authenticated(order))
        guard let sealed else { throw .failed }
        return SealedCode(name: name, keyID: current.id, nonce: nonce, sealed: sealed)
    }

    package func open(_ code: SealedCode, of order: OrderKey) throws(Fault) -> SinkSecret {
        guard let key = ([current] + others).first(where: { $0.id == code.keyID }) else { throw .unknownKey(code.keyID) }
        let text = CodeCipher.open(
            code.sealed, key: key.bytes, nonce: code.nonce, authenticating: code.name.authenticated(order))
        guard let text else { throw .damaged(code.name) }
        return SinkSecret(String(decoding: text, as: UTF8.self))
    }

    package var description: String { "a vault under \(current)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
