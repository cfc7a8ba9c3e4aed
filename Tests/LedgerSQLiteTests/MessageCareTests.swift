import Foundation
import GRDB
import Ledger
import OrderFlow
import Orders
import SinkKit
import Testing

@testable import LedgerSQLite

/// Messages in the file: erased, checked, and taken over by a rebuild.
@Suite("Care of messages")
struct MessageCareTests {
    private let folder: LedgerFolder
    private let later = noon + .seconds(86_400)

    init() throws { folder = try LedgerFolder() }

    private static let secret = "Agnes Beispiel, Musterweg 1"

    /// Message `m1` settled order 1, `m2` is nobody's, `m3` waits.
    private func writeMessages() async throws {
        try await folder.writeLedger()
        let ledger = try folder.open()
        for id in ["m1", "m2", "m3"] {
            try await ledger.keep(
                InboundMessage(
                    id: id, receivedAt: noon, headers: ["x-buyer": Self.secret], body: Array("\(id) \(Self.secret)".utf8)),
                flow: "main")
        }
        try await ledger.settle(
            MessageOutcome(
                flow: "main", id: "m1", state: .handled, sentence: "Yes.",
                findings: [MessageFinding(order: key(1), reason: .accepted, sentence: "The ERP has it.")], tries: 0))
        try await ledger.settle(MessageOutcome(flow: "main", id: "m2", state: .notOurs, sentence: "No.", tries: 0))
    }

    private func rows() async throws -> [MessageRow] { try await folder.open().messages(MessageFilter(), after: 0, limit: 9) }

    @Test func `old ones are erased with their headers, what became of them stays, and one that waits keeps its bytes`()
        async throws
    {
        try await writeMessages()
        let ledger = try folder.open()
        #expect(try await ledger.prune(storedBefore: noon).messages == 0)
        let report = try await ledger.prune(storedBefore: later)
        #expect(report.messages == 2 && report.keptWaitingMessages == 1)
        #expect(try await rows().map(\.bytes) == [nil, nil, 30])
        #expect(try await rows().first?.findings.first?.reason == .accepted)
        try await ledger.settle(MessageOutcome(flow: "main", id: "m3", state: .unreadable, sentence: "No.", tries: 1))
        #expect(try await ledger.prune(storedBefore: later).messages == 1)
        let files = try folder.names.filter { folder.bytes(of: $0)?.range(of: Data(Self.secret.utf8)) != nil }
        #expect(files == [], "what is erased is nowhere in the files any more")
        #expect(try await ledger.verify().isWhole)
    }

    @Test func `one order's are erased and others stay`() async throws {
        try await writeMessages()
        #expect(try await folder.open().prune(storedBefore: later, order: key(1)).messages == 1)
        #expect(try await rows().map { $0.bytes == nil } == [true, false, false])
    }

    @Test(arguments: [
        ("UPDATE messages SET body = x'00' WHERE id = 'm3'", "message m3 isn't as it came"),
        ("UPDATE message_findings SET reason = 'hoped'", "came to 'hoped'"),
        ("INSERT INTO tickets (ticket, position) VALUES ('T', 1)", "isn't what its journal says"),
    ])
    func `damage is found`(_ sql: String, _ words: String) async throws {
        try await writeMessages()
        #expect(try await folder.open().verify().messages == 3)
        try folder.damage(sql)
        let faults = try await folder.open().verify().faults.map(\.message)
        #expect(faults.count == 1 && faults.first?.contains(words) == true, "\(faults)")
    }

    @Test func `a message whose bytes aren't those that came isn't handled`() async throws {
        try await writeMessages()
        try folder.damage("UPDATE messages SET body = x'00' WHERE id = 'm3'")
        let ledger = try folder.open()
        await #expect(throws: LedgerError.self) { try await ledger.waitingMessages(flow: "main", at: noon, limit: 9) }
    }

    @Test func `a rebuild takes them over`() async throws {
        try await writeMessages()
        let before = try await rows()
        #expect(try folder.rebuild().messages == 3)
        #expect(try await rows() == before)
        #expect(try await folder.open().verify().isWhole)
    }

    @Test func `a rebuild reads again what settled an order that starts anew`() async throws {
        try await writeMessages()
        try folder.damage(
            "DELETE FROM journal WHERE position = 1 AND sequence = 4", "UPDATE messages SET body = x'00' WHERE id = 'm2'")
        let report = try folder.rebuild()
        #expect(report.doubtful.map(\.key) == [key(1)] && report.messages == 2)
        let waiting = try await folder.open().waitingMessages(flow: "main", at: noon, limit: 9)
        #expect(waiting.map(\.message.id) == ["m1", "m3"])
    }

    @Test func `a ledger of a release that knew no messages finds orders by the tickets in its journals`() async throws {
        try await folder.foreignConnection().write { db in
            try db.execute(sql: "PRAGMA application_id = \(LedgerSchema.applicationID)")
        }
        try LedgerSchema.migrator.migrate(folder.foreignConnection(), upTo: "007 codes and shared rate limits")
        let entry = StoredEntry(JournalEntry(sequence: 1, at: noon, event: .createEnded(attempt: 1, .pending(SinkTicket("T7")))))
        let digest = JournalDigest(of: key(1)).appending([entry]).text
        try await folder.foreignConnection().write { db in
            try db.execute(
                sql: """
                    INSERT INTO orders (shop, order_id, flow, first_listed_at, updated_at, standing, reason, sentence, due_at, journal_digest)
                    VALUES ('demo', 1, 'main', 0, 0, 'waiting', 'awaiting_erp', 'x', 0, ?)
                    """, arguments: [digest])
            try LedgerStatements.insert([entry], at: 1, db)
        }
        #expect(try await folder.open().orders(ticket: "T7", flow: "main") == [key(1)])
    }
}
