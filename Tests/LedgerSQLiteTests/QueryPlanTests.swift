import Foundation
import GRDB
import Ledger
import OrderFlow
import Orders
import SQLiteStore
import Synchronization
import Testing

@testable import LedgerSQLite

/// What SQLite does for the calls that every run or every order makes, whatever the ledger's size.
@Suite("Query plans")
struct QueryPlanTests {
    private let folder: LedgerFolder
    private let ledger: SQLiteLedger

    init() async throws {
        folder = try LedgerFolder()
        ledger = try folder.open()
        try await ledger.list(1...1000)
        let claimed = try await ledger.claimDue(500, by: ProcessIdentity.current.description)
        for order in claimed.prefix(400) { try await ledger.append(order.change(due: noon + .seconds(5))) }
    }

    /// The plan of every statement on the tables that `body` runs.
    private func plans(_ body: () async throws -> Void) async throws -> [String] {
        let statements = StatementLog()
        _ = try await ledger.commits.read { db in db.trace { statements.add($0) } }
        try await body()
        return try await ledger.commits.read { db in
            db.trace(nil)
            return try statements.all.flatMap { sql in
                let plan = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
                // Without values, as SQLite plans it.
                plan.setUncheckedArguments([])
                return try Row.fetchAll(plan).map { row in row["detail"] as String }
            }
        }
    }

    /// - Parameter sorts: the few rows that are found may be sorted.
    private func expectNoScan(_ plans: [String], sorts: Bool = false, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(!plans.isEmpty, sourceLocation: sourceLocation)
        // json_each is a list that came with the statement.
        for plan in plans
        where plan.hasPrefix("SCAN") && !plan.hasPrefix("SCAN json_each ") || (plan.contains("TEMP B-TREE") && !sorts) {
            Issue.record("more is read or sorted than is needed: \(plan)", sourceLocation: sourceLocation)
        }
    }

    @Test func `due orders are found through their index, already in order`() async throws {
        let plans = try await plans { _ = try await ledger.claimDue(5, by: "w") }
        expectNoScan(plans)
        #expect(plans.contains { $0.contains("USING INDEX orders_due (flow=? AND due_at>? AND due_at<?)") }, "\(plans)")
        #expect(plans.contains { $0.contains("COVERING INDEX orders_claimed") }, "\(plans)")
    }

    @Test func `the next wait is the first of an index of those that wait`() async throws {
        let plans = try await plans { _ = try await ledger.nextWaiting(flow: "main") }
        expectNoScan(plans)
        #expect(plans.contains { $0.contains("orders_waiting (flow=?") }, "\(plans)")
    }

    @Test func `orders that lacked something are found by what they were made ready with, and no others are looked at`()
        async throws
    {
        let plans = try await plans {
            _ = try await ledger.wake(flow: "main", preparedWith: "digest", limit: 5, at: noon)
        }
        expectNoScan(plans.filter { !$0.hasPrefix("SCAN (subquery") })
        for range in ["lacked_with>? AND lacked_with<?", "lacked_with>?"] {
            #expect(plans.contains { $0.hasSuffix("INDEX orders_lacking (flow=? AND \(range))") }, "\(plans)")
        }
    }

    @Test func `an order is found by key, by id and by reference without reading others`() async throws {
        expectNoScan(try await plans { _ = try await ledger.row(key(7)) })
        expectNoScan(try await plans { _ = try await ledger.rows(named: "CS7") }, sorts: true)
        expectNoScan(try await plans { _ = try await ledger.rows(named: "7") }, sorts: true)
        expectNoScan(try await plans { _ = try await ledger.journal(key(7)) })
        expectNoScan(try await plans { _ = try await ledger.payload(key(7), digest: "d") })
        expectNoScan(try await plans { _ = try await ledger.claim(key(7), by: "w", leasesEndBy: noon, until: noon) })
    }

    @Test func `messages and orders by ticket are found without reading others`() async throws {
        expectNoScan(
            try await plans { _ = try await ledger.waitingMessages(flow: "main", at: noon, limit: 5) }, sorts: true)
        expectNoScan(try await plans { _ = try await ledger.nextMessage(flow: "main") })
        expectNoScan(try await plans { _ = try await ledger.orders(ticket: "T", flow: "main") }, sorts: true)
        expectNoScan(
            try await plans { _ = try await ledger.messages(MessageFilter(order: key(7)), after: 0, limit: 5) }, sorts: true)
    }

    @Test func `a page of rows begins where the last one ended`() async throws {
        let filter = OrderFilter(flow: "main", standings: [.held])
        let plans = try await plans { _ = try await ledger.rows(filter, after: 100, limit: 5) }
        expectNoScan(plans)
        #expect(plans == ["SEARCH orders USING INTEGER PRIMARY KEY (rowid>?)"])
    }

    @Test func `appending and giving back touch one row`() async throws {
        let order = try #require(try await ledger.claimDue(2, by: "w").first)
        expectNoScan(try await plans { try await ledger.append(order.change(releasesClaim: false)) })
        expectNoScan(try await plans { try await ledger.release([order.claim]) })
    }

    @Test func `a dead holder's claims are freed through their index`() async throws {
        let child = try Child()
        _ = try await ledger.claimDue(3, by: child.identity.description)
        child.kill()
        let plans = try await plans { _ = try await ledger.claimDue(1, by: "w") }
        expectNoScan(plans)
        #expect(plans.contains { $0.contains("USING") && $0.contains("INDEX orders_claimed (claim_holder=?)") }, "\(plans)")
    }
}

private final class StatementLog: Sendable {
    private let statements = Mutex<[String]>([])

    var all: [String] { statements.withLock { $0 } }

    /// Notes statements that work on tables, once each.
    func add(_ event: Database.TraceEvent) {
        guard case .statement(let statement) = event else { return }
        let sql = statement.sql.trimmingCharacters(in: .whitespacesAndNewlines)
        guard ["SELECT", "UPDATE", "INSERT", "DELETE"].contains(where: { sql.hasPrefix($0) }), !sql.contains("sqlite_") else {
            return
        }
        statements.withLock { if !$0.contains(sql) { $0.append(sql) } }
    }
}
