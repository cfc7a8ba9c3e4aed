import Foundation
import GRDB
import Glibc
import Ledger
import OrderFlow
import Orders
import TestSupport
import Testing

@testable import LedgerSQLite

@Suite("The ledger's tables from release to release")
struct SchemaTests {
    private let folder: LedgerFolder

    init() throws { folder = try LedgerFolder() }

    @Test func `a ledger of a later release is refused, for writing and for reading`() throws {
        _ = try folder.open()
        try folder.foreignConnection().write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 something newer')")
        }
        for refusal in [
            refusal { () throws(LedgerError) in try SQLiteLedger(path: folder.ledgerPath, now: noon) },
            refusal { () throws(LedgerError) in try SQLiteLedger(readingOnly: folder.ledgerPath) },
        ] {
            #expect(refusal?.contains("is from a later release of Crossdock; use that one; if no later one ever had it") == true)
            #expect(refusal?.contains("crossdock ledger rebuild") == true, "a flipped bit looks the same")
        }
    }

    @Test func `a column by another name is damage, and what to do is said`() throws {
        _ = try folder.open()
        try folder.foreignConnection().write { db in
            try db.execute(sql: "ALTER TABLE identity RENAME COLUMN created_at TO crdated_at")
        }
        let refusal = refusal { () throws(LedgerError) in try SQLiteLedger(path: folder.ledgerPath, now: noon) }
        #expect(
            refusal?.contains("no column named created_at. 'crossdock ledger rebuild' makes") == true, "\(refusal ?? "opened")")
    }

    @Test func `a ledger of an earlier release is brought up to date by whoever writes, and by nobody else`() async throws {
        // As left by a process that died between marking the file and making its tables.
        try await folder.foreignConnection().write { db in
            try db.execute(sql: "PRAGMA application_id = \(LedgerSchema.applicationID)")
        }
        let refusal = refusal { () throws(LedgerError) in try SQLiteLedger(readingOnly: folder.ledgerPath) }
        #expect(refusal?.contains("is from an older release; run 'crossdock sync' once") == true)
        let ledger = try folder.open()
        #expect(try await ledger.pragma("journal_mode") == "wal")
        #expect(try await ledger.counts() == [])
    }

    @Test func `orders of a release that knew no offline ones are none, and no other word than that is taken`() async throws {
        try await folder.foreignConnection().write { db in
            try db.execute(sql: "PRAGMA application_id = \(LedgerSchema.applicationID)")
        }
        try LedgerSchema.migrator.migrate(folder.foreignConnection(), upTo: "004 documents")
        let digest = JournalDigest(of: key(1)).text
        try await folder.foreignConnection().write { db in
            try db.execute(
                sql: """
                    INSERT INTO orders (shop, order_id, flow, first_listed_at, updated_at, standing, reason, sentence, due_at, journal_digest)
                    VALUES ('demo', 1, 'main', 0, 0, 'new', 'listed', 'x', 0, ?);
                    INSERT INTO flow_memory (flow, watermark, swept_at) VALUES ('main', 5, 6)
                    """, arguments: [digest])
        }
        let ledger = try folder.open()
        #expect(try await ledger.row(key(1))?.isListedOffline == false)
        #expect(try await ledger.claimDue().map(\.row.key) == [key(1)])
        let memory = FlowMemory(watermark: Timestamp(milliseconds: 5), sweptAt: Timestamp(milliseconds: 6))
        #expect(try await ledger.memory(flow: "main") == memory)
        let connection = try folder.foreignConnection()
        await #expect(throws: DatabaseError.self) {
            try await connection.write { db in try db.execute(sql: "UPDATE orders SET listed_as = 'online'") }
        }
    }

    @Test func `an empty file becomes a ledger`() async throws {
        #expect(FileManager.default.createFile(atPath: folder.ledgerPath, contents: Data()))
        try await folder.write(1...1)
        #expect(try SQLiteLedger(readingOnly: folder.ledgerPath).identity.createdAt == noon)
    }

    @Test func `processes that meet a new file at once make one ledger of it`() async throws {
        for _ in 1...20 {
            let folder = try LedgerFolder()
            let identities = try await withThrowingTaskGroup(of: LedgerIdentity.self) { group in
                for _ in 1...8 { group.addTask { try folder.open().identity } }
                return try await group.reduce(into: [String]()) { $0.append($1.id) }
            }
            #expect(Set(identities).count == 1)
        }
    }

    @Test func `opening a ledger twice leaves the locks of the first in force`() async throws {
        let first = try folder.open()
        try await first.list(1...1)
        let second = try folder.open()
        // Were the lock on the file lost, another process would take the log away from under the ledger when it ends.
        _ = try ChildProgram.output(of: ["sqlite3", folder.ledgerPath, "UPDATE orders SET reference = 'seen'"])
        #expect(try folder.names.contains("ledger.db-wal"))
        try await first.list(2...2)
        #expect(try await second.rows(named: "seen").count == 1)
        #expect(try await folder.foreignConnection().read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM orders") } == 2)
    }

    @Test(arguments: [
        "UPDATE orders SET standing = 'meditating' WHERE order_id = 2", "UPDATE orders SET reason = 'because' WHERE order_id = 2",
        "UPDATE journal SET kind = 'dreamt'", "UPDATE journal SET body = '{'", "UPDATE journal SET body = '{}'",
    ])
    func
        `what this release can't read, or what was changed since it was written, stops a claim before anything is claimed, and spoils nothing else`(
            _ damage: String
        )
        async throws
    {
        let ledger = try folder.open()
        try await ledger.list(1...2)
        let second = try #require(try await ledger.claimDue().last)
        try await ledger.append(second.change(due: noon))
        try await folder.foreignConnection().write { db in
            try db.execute(sql: damage)
            try db.execute(sql: "UPDATE orders SET claim_holder = NULL, claim_until = NULL")
        }
        do throws(LedgerError) {
            _ = try await ledger.claimDue(
                ClaimRequest(
                    flow: "main", limit: 9, holder: "w", now: noon, until: noon + .seconds(60), dueBy: noon, leasesEndBy: noon))
            Issue.record("it was claimed")
        } catch { #expect(error.description.contains("ledger rebuild"), "\(error)") }
        let claimed = try await folder.foreignConnection().read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM orders WHERE claim_holder IS NOT NULL")
        }
        #expect(claimed == 0)
        guard case .claimed = try await ledger.claim(key(1), by: "w", leasesEndBy: noon, until: noon + .seconds(60)) else {
            Issue.record("the readable order can't be claimed any more")
            return
        }
    }
}
