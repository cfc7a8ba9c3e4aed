import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import SinkKit
import Testing

/// Codes, when a ledger is verified.
@Suite("Verifying codes")
struct CodeCareTests {
    private let folder: LedgerFolder
    private let vault: CodeVault
    private let stranger: CodeVault

    init() throws {
        folder = try LedgerFolder()
        vault = CodeVault(current: try #require(CodeVault.Key(id: "k1", text: String(repeating: "0f", count: 32))))
        stranger = CodeVault(current: try #require(CodeVault.Key(id: "k2", text: String(repeating: "1e", count: 32))))
    }

    /// Orders 1 to 5 as ever, and two codes of order 1.
    private func write() async throws {
        try await folder.writeLedger()
        let ledger = try folder.open()
        let codes = try (1...2).map { unit in
            try vault.seal(
                SinkSecret("ABCD-\(unit)"), as: CodeName(generation: 1, lineKey: "id:1", unit: unit, label: "code"), of: key(1),
                nonce: [UInt8](repeating: UInt8(unit), count: 12))
        }
        guard case .claimed(let order) = try await ledger.claim(key(1), by: "test", leasesEndBy: noon, until: noon + .seconds(60))
        else {
            throw LedgerError.unusable("not claimed")
        }
        let entry = JournalEntry(
            sequence: order.progress.entryCount + 1, at: noon, event: .codesStored(codes.map(\.name)))
        try await ledger.append(
            LedgerChange(claim: order.claim, at: noon, entries: [entry], state: nil, codes: codes, releasesClaim: true))
        try await ledger.close()
    }

    private func verified(_ vault: CodeVault?) async throws -> LedgerVerification {
        let ledger = try SQLiteLedger(readingOnly: folder.ledgerPath)
        let found = try await ledger.verify(vault)
        try await ledger.close()
        return found
    }

    @Test func `codes are counted, and opened where there is their key`() async throws {
        try await write()
        for (vault, opened) in [(vault, 2), (stranger, 0), (nil, 0)] {
            let found = try await verified(vault)
            #expect(found.isWhole, "\(found.faults)")
            #expect(found.codes == 2 && found.codesOpened == opened)
        }
    }

    @Test(arguments: [
        ("DELETE FROM codes WHERE unit = 2", "1 of the 2 codes that its journal says are kept is gone"),
        ("UPDATE codes SET position = 3", "2 of the 2 codes that its journal says are kept are gone"),
        ("UPDATE codes SET position = 3", "2 codes are kept for it that its journal doesn't know"),
        ("UPDATE codes SET unit = 3 WHERE unit = 2", "1 code is kept for it that its journal doesn't know"),
        ("UPDATE codes SET unit = unit + 2", "code 3 of line id:1 isn't what was sealed"),
        ("UPDATE codes SET sealed = zeroblob(length(sealed)) WHERE unit = 1", "code 1 of line id:1 isn't what was sealed"),
        ("UPDATE codes SET nonce = x'00' WHERE unit = 1", "code 1 of line id:1 isn't what was sealed"),
    ])
    func `damage is found, and nothing of a code is told`(_ sql: String, _ expected: String) async throws {
        try await write()
        try folder.damage(sql)
        let found = try await verified(vault)
        #expect(found.faults.contains { $0.message.contains(expected) }, "\(found.faults)")
        #expect(!found.faults.contains { $0.message.contains("ABCD") })
    }

    @Test func `a rebuild tells which codes are gone, and keeps the others`() async throws {
        try await write()
        try folder.damage("DELETE FROM codes WHERE unit = 2")
        let found = try await verified(vault)
        #expect(found.faults.map(\.isOfCodes) == [true])
        let report = try folder.rebuild()
        #expect(report.codesLost.map(\.count) == [1] && report.codesLost.first?.key == key(1) && !report.isComplete)
        #expect(try await folder.open().codes(key(1)).map(\.name.unit) == [1])
    }

    @Test func `a rebuild tells of the codes of an order that starts anew, too`() async throws {
        try await write()
        try folder.damage("DELETE FROM codes", "UPDATE journal SET at = at + 1 WHERE position = 1 AND sequence = 2")
        let report = try folder.rebuild()
        #expect(report.doubtful.map(\.key) == [key(1)] && report.codesLost.map(\.count) == [2])
    }
}
