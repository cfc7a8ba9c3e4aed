import Foundation
import GRDB
import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import Testing

@Suite("A ledger opened for reading")
struct ReadOnlyTests {
    private let folder: LedgerFolder

    init() throws { folder = try LedgerFolder() }

    @Test func `reading changes no byte of the file`() async throws {
        try await folder.write(1...50)
        let before = try #require(folder.bytes(of: "ledger.db"))
        let reader = try SQLiteLedger(readingOnly: folder.ledgerPath)
        #expect(try await reader.rows(OrderFilter(), after: 0, limit: 99).count == 50)
        #expect(try await reader.counts().first?.count == 50)
        #expect(try await reader.journal(key(1)).isEmpty)
        _ = try await reader.memory(flow: "main")
        _ = try await reader.runs(limit: 1)
        try await reader.close()
        #expect(folder.bytes(of: "ledger.db") == before)
    }

    @Test func `what was committed and never checkpointed is read, and stays where it is`() async throws {
        let copy = try LedgerFolder()
        let writer = try folder.open()
        try await writer.list(1...50)
        // What a killed process leaves: the file and its log.
        for name in ["ledger.db", "ledger.db-wal"] {
            try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(copy.path)/\(name)")
        }
        let before = ["ledger.db", "ledger.db-wal"].map { copy.bytes(of: $0) }
        let reader = try SQLiteLedger(readingOnly: copy.ledgerPath)
        #expect(try await reader.rows(OrderFilter(), after: 0, limit: 99).count == 50)
        try await reader.close()
        #expect(["ledger.db", "ledger.db-wal"].map { copy.bytes(of: $0) } == before)
        #expect(try await copy.open().rows(OrderFilter(), after: 0, limit: 99).count == 50)
        withExtendedLifetime(writer) {}
    }

    @Test func `nothing can be written through it`() async throws {
        try await folder.write(1...1)
        let reader = try SQLiteLedger(readingOnly: folder.ledgerPath)
        await #expect(throws: LedgerError.self) { try await reader.list(2...2) }
        await #expect(throws: LedgerError.self) { _ = try await reader.claimDue() }
        #expect(try await reader.row(key(1)) != nil)
    }

    @Test func `it sees what a writer commits meanwhile, and hinders it not`() async throws {
        let writer = try folder.open()
        let reader = try SQLiteLedger(readingOnly: folder.ledgerPath)
        #expect(try await reader.row(key(1)) == nil)
        try await writer.list(1...1)
        #expect(try await reader.row(key(1)) != nil)
    }

    @Test func `a file that isn't there is not made`() throws {
        let refusal = refusal { () throws(LedgerError) in try SQLiteLedger(readingOnly: folder.ledgerPath) }
        #expect(refusal != nil)
        #expect(try folder.names == [])
    }
}
