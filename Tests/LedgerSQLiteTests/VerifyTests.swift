import Foundation
import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import Testing

@Suite("Verifying a ledger")
struct VerifyTests {
    private let folder: LedgerFolder

    init() throws { folder = try LedgerFolder() }

    @Test func `a sound ledger is told in figures, and not changed by it`() async throws {
        try await folder.writeLedger()
        let before = folder.bytes(of: "ledger.db")
        let found = try await SQLiteLedger(readingOnly: folder.ledgerPath).verify()
        #expect(found.isWhole, "\(found.faults)")
        #expect(found.orders == 5 && found.entries == 6 + 3 + 2 + 3 && found.payloads == 2)
        #expect(found.bytes == Int64(before?.count ?? 0))
        #expect(folder.bytes(of: "ledger.db") == before)
    }

    @Test(arguments: [
        ("DELETE FROM journal WHERE position = 1 AND sequence = 2", "the journal has 3 where 2 should stand"),
        ("DELETE FROM journal WHERE position = 2 AND sequence = 3", "the journal's digest isn't that of its 2 entries"),
        ("UPDATE journal SET body = replace(body, 'E1', 'E2') WHERE position = 1", "the journal's digest"),
        ("UPDATE journal SET at = at + 1 WHERE position = 3 AND sequence = 1", "the journal's digest"),
        ("UPDATE journal SET position = 5 WHERE position = 3", "the journal's digest"),
        ("UPDATE journal SET kind = 'dreamt' WHERE position = 3 AND sequence = 1", "entry 1: the journal entry of kind 'dreamt'"),
        ("UPDATE orders SET order_id = 99 WHERE position = 3", "the journal's digest"),
        (
            "UPDATE orders SET standing = 'held' WHERE position = 1",
            "the row says held, finished; the journal says finished, finished"
        ),
        ("UPDATE orders SET erp_order_number = 'E9' WHERE position = 1", "the row says ERP order E9, the journal E1"),
        ("UPDATE orders SET standing = 'asleep' WHERE position = 1", "can't be read"),
        (
            "UPDATE payloads SET bytes = x'00' WHERE position = 2",
            "the bytes kept of a create or a document aren't those that were made"
        ),
        ("DELETE FROM orders WHERE position = 1", "belongs to an order that isn't there"),
    ])
    func `damage that SQLite doesn't see is found and named`(_ sql: String, _ expected: String) async throws {
        try await folder.writeLedger()
        try folder.damage("PRAGMA foreign_keys = OFF", sql)
        let found = try await SQLiteLedger(readingOnly: folder.ledgerPath).verify()
        #expect(found.faults.contains { $0.message.contains(expected) }, "\(found.faults)")
    }

    @Test func `an outage is told by the row alone, and is no fault`() async throws {
        try await folder.writeLedger()
        try folder.damage("UPDATE orders SET standing = 'waiting', reason = 'retry_later' WHERE position = 3")
        #expect(try await SQLiteLedger(readingOnly: folder.ledgerPath).verify().isWhole)
    }

    @Test func `a page that SQLite can't make sense of is a finding`() async throws {
        try await folder.write(1...2000)
        var bytes = try #require(folder.bytes(of: "ledger.db"))
        bytes.replaceSubrange(8192 * 4..<8192 * 6, with: Data(repeating: 0x5A, count: 8192 * 2))
        try bytes.write(to: URL(fileURLWithPath: folder.ledgerPath))
        let found = try await SQLiteLedger(readingOnly: folder.ledgerPath).verify()
        #expect(found.faults.contains { $0.message.hasPrefix("SQLite: ") }, "\(found.faults.first?.message ?? "none")")
    }

    @Test func `an index that lost an order stops the order from being listed as new`() async throws {
        try await folder.writeLedger()
        // The index entry of order 3 now names another one, as after a flipped bit.
        var bytes = try #require(folder.bytes(of: "ledger.db"))
        let entry = try #require(
            bytes.range(of: Data([0x04, 0x15, 0x01, 0x01] + Array("demo".utf8)), options: .backwards) ?? Self.indexEntry(bytes))
        bytes[entry.upperBound - 6] ^= 0x40
        try bytes.write(to: URL(fileURLWithPath: folder.ledgerPath))
        let ledger = try folder.open()
        await #expect(throws: LedgerError.self) { try await ledger.list(1...5) }
        #expect(try await folder.open().rows(OrderFilter(), after: 0, limit: 99).count == 5)
    }

    /// Where the key (3, demo) stands in the index over the keys: header, order id 3, the shop, position 3.
    private static func indexEntry(_ bytes: Data) -> Range<Data.Index>? {
        bytes.range(of: Data([0x04, 0x01, 0x15, 0x01, 0x03] + Array("demo".utf8) + [0x03]))
    }
}
