import OrderFlow
import Orders
import SinkKit
import Testing

/// Codes at rest: AES-256-GCM, each bound to its order, line and unit.
@Suite struct CodeVaultTests {
    private let order = OrderKey(shop: "demo", orderID: 48193)
    private let name = CodeName(generation: 1, lineKey: "id:70011", unit: 3, label: "code")
    private let nonce = [UInt8](1...12)

    private func key(_ id: String, _ pair: String) throws -> CodeVault.Key {
        try #require(CodeVault.Key(id: id, text: String(repeating: pair, count: 32)))
    }

    /// Key, nonce and text are zeros: test case 14 of "The Galois/Counter Mode of Operation", McGrew and Viega. The tag there has no
    /// authenticated data, so only the ciphertext is the same here.
    @Test func `what is sealed is AES-256-GCM`() throws {
        let vault = CodeVault(current: try key("1", "00"))
        let zeros = String(decoding: [UInt8](repeating: 0, count: 16), as: UTF8.self)
        let sealed = try vault.seal(SinkSecret(zeros), as: name, of: order, nonce: [UInt8](repeating: 0, count: 12))
        let expected: [UInt8] = [
            0xCE, 0xA7, 0x40, 0x3D, 0x4D, 0x60, 0x6B, 0x6E, 0x07, 0x4E, 0xC5, 0xD3, 0xBA, 0xF3, 0x9D, 0x18,
        ]
        #expect(Array(sealed.sealed.prefix(16)) == expected)
        #expect(sealed.sealed.count == 32)
    }

    @Test(arguments: ["A", "ABCD-EFGH-1234", "🎁 été", String(repeating: "x", count: 5000)])
    func `what was sealed is opened again`(_ text: String) throws {
        let vault = CodeVault(current: try key("1", "5f"))
        let sealed = try vault.seal(SinkSecret(text), as: name, of: order, nonce: nonce)
        #expect(try vault.open(sealed, of: order).reveal() == text)
        #expect(!String(decoding: sealed.sealed, as: UTF8.self).contains(text) || text.count < 2)
    }

    @Test func `a code can't be passed off as another order's, line's, unit's or label's`() throws {
        let vault = CodeVault(current: try key("1", "5f"))
        let sealed = try vault.seal(SinkSecret("ABCD"), as: name, of: order, nonce: nonce)
        var others: [SealedCode] = []
        for change in 0..<4 {
            var other = sealed
            switch change {
            case 0: other.name.lineKey = "id:70012"
            case 1: other.name.unit = 4
            case 2: other.name.label = "pin"
            default: other.name.generation = 2
            }
            others.append(other)
        }
        for other in others { #expect(throws: CodeVault.Fault.self) { try vault.open(other, of: order) } }
        #expect(throws: CodeVault.Fault.self) { try vault.open(sealed, of: OrderKey(shop: "demo", orderID: 48194)) }
        #expect(throws: CodeVault.Fault.self) { try vault.open(sealed, of: OrderKey(shop: "other", orderID: 48193)) }
    }

    @Test func `a document is sealed for its order, kind and number, and opened only as that`() throws {
        let vault = CodeVault(current: try key("1", "5f"))
        let document = OutgoingDocument(kind: .codes, number: "E1.codes", bytes: Array("ABCD-EFGH".utf8))
        var kept = document
        kept.bytes = try vault.seal(document, of: order, nonce: nonce)
        #expect(!String(decoding: kept.bytes, as: UTF8.self).contains("ABCD"))
        #expect(try vault.open(kept, of: order) == document)
        let turned = CodeVault(current: try key("2", "aa"), others: [try key("1", "5f")])
        #expect(try turned.open(kept, of: order) == document)
        var others = [kept, kept, kept, kept]
        others[0].number = "E2.codes"
        others[1].kind = .orderStatus
        others[2].bytes[others[2].bytes.count - 1] ^= 1
        others[3].bytes = [1, 2, 3]
        for other in others { #expect(throws: CodeVault.Fault.self) { try vault.open(other, of: order) } }
        #expect(throws: CodeVault.Fault.self) { try vault.open(kept, of: OrderKey(shop: "demo", orderID: 1)) }
        #expect(throws: CodeVault.Fault.self) { try CodeVault(current: key("2", "aa")).open(kept, of: order) }
    }

    @Test func `a flipped bit anywhere is noticed`() throws {
        let vault = CodeVault(current: try key("1", "5f"))
        let sealed = try vault.seal(SinkSecret("ABCD"), as: name, of: order, nonce: nonce)
        for index in sealed.sealed.indices {
            var damaged = sealed
            damaged.sealed[index] ^= 1
            #expect(throws: CodeVault.Fault.self) { try vault.open(damaged, of: order) }
        }
        var damaged = sealed
        damaged.nonce[0] ^= 1
        #expect(throws: CodeVault.Fault.self) { try vault.open(damaged, of: order) }
        damaged = sealed
        damaged.sealed = []
        #expect(throws: CodeVault.Fault.self) { try vault.open(damaged, of: order) }
    }

    @Test func `an old key opens what it sealed, and a missing one is named`() throws {
        let old = try key("2025", "5f"), new = try key("2026", "60")
        let sealed = try CodeVault(current: old).seal(SinkSecret("ABCD"), as: name, of: order, nonce: nonce)
        #expect(try CodeVault(current: new, others: [old]).open(sealed, of: order).reveal() == "ABCD")
        let fault = #expect(throws: CodeVault.Fault.self) { try CodeVault(current: new).open(sealed, of: order) }
        #expect(fault?.description.contains("'2025'") == true)
    }

    @Test(arguments: [
        "", "ab", String(repeating: "a", count: 63), String(repeating: "g", count: 64), String(repeating: "é", count: 32),
    ])
    func `what isn't 64 hexadecimal digits is no key`(_ text: String) {
        #expect(CodeVault.Key(id: "1", text: text) == nil)
    }

    @Test func `neither keys nor vaults print what they hold`() throws {
        let key = try key("1", "5f")
        for text in [
            "\(key)", String(reflecting: key), "\(CodeVault(current: key))", String(reflecting: CodeVault(current: key)),
        ] {
            #expect(!text.contains("5f") && !text.contains("95"), "\(text)")
        }
    }
}
