import Foundation
import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import Testing

@Suite("Pruning a ledger")
struct PruneTests {
    private let folder: LedgerFolder
    private let later = noon + .seconds(86_400)

    init() throws { folder = try LedgerFolder() }

    @Test func `old payloads are erased, the journal stays, and an open create keeps its bytes`() async throws {
        try await folder.writeLedger()
        let ledger = try folder.open()
        #expect(try await ledger.prune(storedBefore: noon).erased == 0, "younger ones stay")
        let report = try await ledger.prune(storedBefore: later)
        #expect(report.erased == 1 && report.bytes == Int64(Past.bytes.count) && report.keptForOpenCreates == 1)
        #expect(try await ledger.payload(key(1), digest: Past.payload.digest) == nil)
        #expect(try await ledger.payload(key(2), digest: Past.payload.digest) == Past.bytes)
        #expect(try await ledger.journal(key(1)).count == 6)
        #expect(try await ledger.verify().isWhole)
        #expect(try await ledger.prune(storedBefore: later).erased == 0)
    }

    @Test func `one order's are erased and another's stay`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...2)
        for id in 1...2 as ClosedRange<Int64> { try await ledger.write(Past.finished, to: key(id), payload: Past.payload) }
        #expect(try await ledger.prune(storedBefore: later, order: key(2)).erased == 1)
        #expect(try await ledger.payload(key(1), digest: Past.payload.digest) == Past.bytes)
        #expect(try await ledger.payload(key(2), digest: Past.payload.digest) == nil)
    }

    @Test func `what is erased is nowhere in the files any more`() async throws {
        let secret = Array("Agnes Beispiel, Musterweg 1".utf8)
        let ledger = try folder.open()
        try await ledger.list(1...450)
        for id in 1...450 as ClosedRange<Int64> {
            try await ledger.write(Past.asked, to: key(id), payload: StoredPayload(digest: "\(id)", bytes: secret + secret))
        }
        func isThere() throws -> Bool {
            try folder.names.contains { folder.bytes(of: $0)?.range(of: Data(secret)) != nil }
        }
        #expect(try isThere())
        #expect(try await ledger.prune(storedBefore: later).erased == 450)
        #expect(try !isThere())
    }
}
