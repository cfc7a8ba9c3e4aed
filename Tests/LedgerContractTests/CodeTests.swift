import Ledger
import OrderFlow
import Orders
import Testing

@Suite("Codes")
struct CodeTests {
    private func code(_ line: String, _ unit: Int, _ byte: UInt8) -> SealedCode {
        SealedCode(
            name: CodeName(generation: 1, lineKey: line, unit: unit, label: "code"), keyID: "k1",
            nonce: [UInt8](repeating: byte, count: 12), sealed: [byte, 0, 255])
    }

    private func change(_ order: ClaimedOrder, _ codes: [SealedCode], sequence: Int = 1) -> LedgerChange {
        LedgerChange(
            claim: order.claim, at: noon,
            entries: [JournalEntry(sequence: sequence, at: noon, event: .codesStored(codes.map(\.name)))], state: nil,
            codes: codes,
            releasesClaim: false)
    }

    @Test(arguments: LedgerKind.allCases)
    func `codes are kept with the entry that names them`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            let codes = [code("id:1", 1, 1), code("id:1", 2, 2), code("id:2", 1, 3)]
            try await ledger.append(change(try await ledger.take(1), codes.reversed()))
            #expect(try await ledger.codes(key(1)) == codes)
            #expect(try await ledger.codes(key(2)).isEmpty)
            #expect(try await ledger.codes(key(9)).isEmpty)
            let progress = OrderProgress(try await ledger.journal(key(1)))
            #expect(progress.storedCodes == Set(codes.map(\.name)))
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a code that is kept is never replaced`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let order = try await ledger.take(1)
            try await ledger.append(change(order, [code("id:1", 1, 1)]))
            try await ledger.append(change(order, [code("id:1", 1, 9), code("id:1", 2, 2)], sequence: 2))
            #expect(try await ledger.codes(key(1)) == [code("id:1", 1, 1), code("id:1", 2, 2)])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `whoever lost the claim writes neither entry nor codes`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let order = try await ledger.take(1)
            let later = noon + .seconds(61)
            _ = try await ledger.take(1, by: "another", at: later)
            await #expect(throws: LedgerError.claimLost(key(1))) {
                try await ledger.append(change(order, [code("id:1", 1, 1)]))
            }
            #expect(try await ledger.codes(key(1)).isEmpty)
            #expect(try await ledger.journal(key(1)).isEmpty)
        }
    }
}
