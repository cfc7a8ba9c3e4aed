import Foundation
import GRDB
import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import TestSupport
import Testing

@Suite("Rebuilding a ledger")
struct RebuildTests {
    private let folder: LedgerFolder

    init() throws { folder = try LedgerFolder() }

    @Test func `what is whole is taken over, and everything without a receipt counts as possibly sent`() async throws {
        try await folder.writeLedger()
        let before = folder.bytes(of: "ledger.db")
        let report = try folder.rebuild()
        #expect(report.whole == 5 && report.isComplete)
        #expect(report.keptAs == folder.ledgerPath + ".damaged")
        #expect(folder.bytes(of: "ledger.db.damaged") == before)
        #expect(try folder.permissions(of: "ledger.db") == 0o600)
        #expect(try folder.names.filter { $0.hasPrefix("ledger.db.reb") } == [])
        #expect(try await folder.open().verify().isWhole)
        let finished = try await folder.progress(1)
        #expect(finished.receipt == Past.receipt && finished.restored == nil)
        for id in 2...5 as ClosedRange<Int64> {
            let progress = try await folder.progress(id)
            #expect(progress.restored?.at == noon + .seconds(3600) && !progress.isKnownAbsent, "order \(id)")
        }
        #expect(try await folder.progress(2).openIntent?.uncertainSince == noon + .seconds(3600))
        #expect(try await folder.progress(4).skip?.reason == "typed in by hand")
        let rows = try await folder.open().rows(OrderFilter(), after: 0, limit: 9)
        #expect(rows.map { $0.state.dueAt != nil } == [false, true, true, false, true])
    }

    /// Damage to order 1, which is finished, and what its journal is afterwards.
    @Test(arguments: [
        "DELETE FROM journal WHERE position = 1 AND sequence = 4",
        "UPDATE journal SET body = replace(body, 'E1', 'E2') WHERE position = 1",
        "UPDATE journal SET kind = 'dreamt' WHERE position = 1 AND sequence = 6",
        "UPDATE orders SET standing = 'asleep' WHERE position = 1",
    ])
    func `a journal that isn't what was written is left out, and its ERP number only warns`(_ sql: String) async throws {
        try await folder.writeLedger()
        try folder.damage(sql)
        let report = try folder.rebuild()
        #expect(report.whole == 4 && report.doubtful.map(\.key) == [key(1)] && report.lost.isEmpty, "\(report)")
        let progress = try await folder.progress(1)
        #expect(progress.receipt == nil && progress.restored?.doubt?.contains("names ERP order 'E") == true)
        let row = try #require(try await folder.open().row(key(1)))
        #expect(row.state.dueAt != nil && row.state.standing == .waiting && row.state.reference == "CS1")
        #expect(try await folder.open().verify().isWhole)
    }

    @Test func `an open create without its bytes is looked up instead of repeated`() async throws {
        try await folder.writeLedger()
        try folder.damage("UPDATE payloads SET bytes = x'00' WHERE position = 2")
        #expect(try folder.rebuild().doubtful.map(\.key) == [key(2)])
        let progress = try await folder.progress(2)
        #expect(progress.openIntent == nil && progress.restored != nil)
    }

    @Test func `bytes that aren't those that were sent are left out`() async throws {
        try await folder.writeLedger()
        try folder.damage("UPDATE payloads SET bytes = x'00' WHERE position = 1")
        #expect(try folder.rebuild().whole == 5)
        #expect(try await folder.open().verify().payloads == 1)
    }

    @Test(arguments: [
        "", "UPDATE orders SET standing = 'asleep' WHERE order_id = 9",
        "UPDATE orders SET journal_digest = '' WHERE order_id = 9",
    ])
    func `an order that was listed as placed elsewhere stays one, as far as anything of it can be read`(_ sql: String)
        async throws
    {
        try await folder.writeLedger()
        let ledger = try folder.open()
        let listed = ListedOrder(orderID: 9, reference: "CS9", modifiedDate: nil, isOffline: true)
        _ = try await ledger.record([listed], flow: "main", shop: "demo", at: noon)
        let claim = ClaimRequest(
            flow: "main", limit: 9, holder: "w", now: noon + .seconds(9), until: noon + .seconds(60), dueBy: noon,
            leasesEndBy: noon + .seconds(9))
        let order = try #require(try await ledger.claimDue(claim).first { $0.row.key == key(9) })
        let entry = JournalEntry(sequence: 1, at: noon, event: .listedOffline)
        try await ledger.append(LedgerChange(claim: order.claim, at: noon, entries: [entry], state: nil, releasesClaim: true))
        try await ledger.close()
        if !sql.isEmpty { try folder.damage(sql) }
        _ = try folder.rebuild()
        #expect(try await folder.progress(9).isListedOffline)
        if !sql.contains("standing") { #expect(try await folder.open().row(key(9))?.isListedOffline == true) }
    }

    @Test(arguments: ["UPDATE journal SET at = at + 1 WHERE position = 4", "DELETE FROM journal WHERE position = 4"])
    func `a person's veto outlives its journal`(_ sql: String) async throws {
        try await folder.writeLedger()
        try folder.damage(sql)
        _ = try folder.rebuild()
        let skip = try await folder.progress(4).skip
        #expect(skip != nil)
    }

    @Test func `another order's key, or another shop's, isn't made of a damaged one`() async throws {
        try await folder.writeLedger()
        try folder.damage(
            "UPDATE orders SET shop = 'dxmo' WHERE position = 3", "UPDATE orders SET order_id = 1005 WHERE position = 5",
            "INSERT INTO orders SELECT 6, 'DEMO', 1, flow, first_listed_at, updated_at, reference, webshop, modified_date, NULL, 'new', 'listed', "
                + "'x', NULL, 0, NULL, NULL, '', NULL, NULL FROM orders WHERE position = 1",
            "UPDATE orders SET shop = 'demo', order_id = 2 WHERE position = 6 AND 0")
        let report = try folder.rebuild()
        #expect(report.lost.map(\.position) == [3, 6], "\(report)")
        #expect(report.doubtful.map(\.key.orderID) == [1005])
    }

    @Test func `damaged pages take only what lies on them, and every order is either there or named`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...300)
        for id in 1...300 as ClosedRange<Int64> {
            try await ledger.write(id.isMultiple(of: 3) ? Past.asked : Past.finished, to: key(id), payload: Past.payload)
        }
        _ = try await ledger.backup(to: folder.path + "/sound.db")
        let sound = try #require(folder.bytes(of: "sound.db"))
        // Without the table of tables there is nothing to look for.
        let tableOfTables = Set(
            try await folder.foreignConnection("sound.db").read { db in
                try Int.fetchAll(db, sql: "SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'")
            })
        #expect(tableOfTables.contains(1))
        var random = SeededGenerator(seed: 7)
        var whole = 0
        for _ in 1...6 {
            let other = try LedgerFolder()
            var bytes = sound
            for _ in 1...3 {
                let number = Int.random(in: 1...bytes.count / 4096, using: &random)
                if tableOfTables.contains(number) { continue }
                bytes.replaceSubrange((number - 1) * 4096..<number * 4096, with: Data(repeating: 0xA5, count: 4096))
            }
            try bytes.write(to: URL(fileURLWithPath: other.path + "/damaged.db"))
            let report = try other.rebuild(from: other.path + "/damaged.db")
            #expect(report.whole + report.doubtful.count + report.lost.count == 300, "\(report)")
            whole += report.whole
            let ledger = try other.open()
            #expect(try await ledger.verify().isWhole)
            for row in try await ledger.rows(OrderFilter(), after: 0, limit: 999) {
                let progress = OrderProgress(try await ledger.journal(row.key))
                #expect(progress.receipt != nil || progress.restored != nil, "\(row.key)")
            }
        }
        // A page high up in a tree takes much with it, a page with rows only those.
        #expect(whole >= 600, "\(whole) of 1800")
    }

    @Test func `a file that is nothing at all becomes an empty ledger, and is kept`() async throws {
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: folder.ledgerPath))
        let report = try folder.rebuild()
        #expect(report.unreadable != nil && !report.isComplete)
        #expect(folder.bytes(of: "ledger.db.damaged")?.count == 8192)
        #expect(try await folder.open().rows(OrderFilter(), after: 0, limit: 9).isEmpty)
    }

    @Test func `the log of a killed process counts, and is kept with the file`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...5)
        let killed = try LedgerFolder()
        for name in ["ledger.db", "ledger.db-wal"] {
            try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(killed.path)/\(name)")
        }
        #expect(try killed.rebuild().whole == 5)
        #expect(try killed.names == ["ledger.db", "ledger.db.damaged", "ledger.db.damaged-wal"])
        #expect(try killed.rebuild().keptAs == killed.ledgerPath + ".damaged-2")
    }

    @Test func `a ledger that is in use is left alone`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...1)
        #expect(throws: LedgerError.self) {
            try LedgerRebuild(path: folder.ledgerPath, from: nil, shops: ["main": "demo"], now: noon).run()
        }
        #expect(try folder.names == ["ledger.db", "ledger.db-shm", "ledger.db-wal"])
        try await ledger.list(2...2)
    }

    @Test func `a rebuild that was broken off is finished by the next one, and until then nothing opens the ledger`() async throws
    {
        try await folder.writeLedger()
        _ = try folder.rebuild()
        try FileManager.default.moveItem(atPath: folder.ledgerPath, toPath: folder.ledgerPath + ".rebuilt")
        let refusal = refusal { () throws(LedgerError) in try SQLiteLedger(path: folder.ledgerPath, now: noon) }
        #expect(refusal?.contains("run 'crossdock ledger rebuild' again") == true, "\(refusal ?? "opened")")
        _ = try folder.rebuild()
        #expect(try await folder.open().rows(OrderFilter(), after: 0, limit: 9).count == 5)
    }
}
