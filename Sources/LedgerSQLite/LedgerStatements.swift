internal import GRDB
import Ledger
import OrderFlow
import Orders

/// What is done to the tables, each to be called inside a transaction of the caller's.
enum LedgerStatements {
    static func record(_ listed: [ListedOrder], flow: String, shop: String, at now: Timestamp, _ db: Database) throws
        -> ListingCount
    {
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO orders (shop, order_id, flow, first_listed_at, updated_at, reference, modified_date, standing, reason, sentence,
                    due_at, journal_digest, listed_as)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (shop, order_id) DO NOTHING
                """)
        let touch = try db.cachedStatement(
            sql: """
                UPDATE orders SET modified_date = :modified, due_at = min(coalesce(due_at, :now), :now)
                WHERE shop = :shop AND order_id = :id AND modified_date IS NOT :modified
                """)
        var count = ListingCount()
        for order in listed {
            let state = RowState(listed: order, at: now)
            try insert.execute(arguments: [
                shop, order.orderID, flow, now.milliseconds, now.milliseconds, state.reference, state.modifiedDate,
                state.standing.rawValue, state.reason.rawValue, state.sentence, state.dueAt?.milliseconds,
                JournalDigest(of: OrderKey(shop: shop, orderID: order.orderID)).text,
                order.isOffline ? OrderRow.offlineWord : nil,
            ])
            if db.changesCount > 0 {
                count.new += 1
            } else if let modified = order.modifiedDate {
                try touch.execute(arguments: ["modified": modified, "now": now.milliseconds, "shop": shop, "id": order.orderID])
                count.changed += db.changesCount
            }
        }
        return count
    }

    /// An order is new only where the index that doesn't know it can be believed: a damaged one would let it be pushed again.
    ///
    /// - Throws: SQLITE_CORRUPT, which undoes the whole transaction.
    static func proveIndexes(_ db: Database) throws {
        // https://www.sqlite.org/pragma.html#pragma_integrity_check: one table with its indexes.
        let finding = try String.fetchOne(db.cachedStatement(sql: "PRAGMA integrity_check('orders')"))
        guard finding == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: finding) }
    }

    static func wake(flow: String, preparedWith: String, limit: Int, at now: Timestamp, _ db: Database) throws -> Int {
        // Two ranges of the index, so that orders made ready with the same aren't looked at.
        let statement = try db.cachedStatement(
            sql: """
                UPDATE orders SET due_at = :now WHERE position IN (
                    SELECT * FROM (
                        SELECT position FROM orders
                        WHERE flow = :flow AND lacked_with IS NOT NULL AND due_at IS NULL AND lacked_with < :with LIMIT :limit)
                    UNION ALL SELECT * FROM (
                        SELECT position FROM orders
                        WHERE flow = :flow AND lacked_with IS NOT NULL AND due_at IS NULL AND lacked_with > :with LIMIT :limit)
                    LIMIT :limit)
                """)
        try statement.execute(
            arguments: ["now": now.milliseconds, "flow": flow, "with": preparedWith, "limit": limit])
        return db.changesCount
    }

    static func claimDue(_ request: ClaimRequest, _ db: Database) throws -> [ClaimedOrder] {
        try freeClaimsOfTheDead(db)
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(OrderRow.columns), claim_token, journal_digest FROM orders
                WHERE flow = :flow AND due_at IS NOT NULL AND due_at <= max(:dueBy, :now)
                    AND (due_at <= :dueBy OR standing = 'waiting')
                    AND (claim_holder IS NULL OR claim_until <= :leasesEndBy)
                    AND order_id NOT IN (SELECT value FROM json_each(:inHand))
                ORDER BY due_at, position LIMIT :limit
                """)
        let rows = try Row.fetchAll(
            statement,
            arguments: [
                "flow": request.flow, "dueBy": request.dueBy.milliseconds, "now": request.now.milliseconds,
                "leasesEndBy": request.leasesEndBy.milliseconds, "limit": request.limit,
                "inHand": "[\(request.inHand.map(String.init).joined(separator: ","))]",
            ])
        // What can't be read must be found out before anything is written.
        let orders = try rows.map { try claimedOrder($0, db) }
        for order in orders { try claim(order, by: request.holder, until: request.until, db) }
        return orders
    }

    static func claim(
        _ key: OrderKey, by holder: String, leasesEndBy: Timestamp, until: Timestamp, _ db: Database
    ) throws -> ClaimAnswer {
        try freeClaimsOfTheDead(db)
        let found = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT \(OrderRow.columns), claim_token, journal_digest, claim_holder, claim_until FROM orders
                    WHERE shop = ? AND order_id = ?
                    """),
            arguments: [key.shop, key.orderID])
        guard let row = found else { return .unknownOrder }
        if let other: String = try row.decode(atIndex: OrderRow.columnCount + 2),
            let otherUntil: Int64 = try row.decode(atIndex: OrderRow.columnCount + 3),
            otherUntil > leasesEndBy.milliseconds
        {
            return .busy(holder: other, until: Timestamp(milliseconds: otherUntil))
        }
        let order = try claimedOrder(row, db)
        try claim(order, by: holder, until: until, db)
        return .claimed(order)
    }

    /// `row`: ``OrderRow/columns``, the token of the last claim, and the journal's digest.
    private static func claimedOrder(_ row: Row, _ db: Database) throws -> ClaimedOrder {
        let order = try OrderRow(row)
        let stored = try storedJournal(at: order.position, db)
        guard
            JournalDigest(of: order.key).appending(stored)
                == JournalDigest(stored: try row.decode(atIndex: OrderRow.columnCount + 1))
        else {
            throw LedgerError.unusable(
                "the journal of order \(order.key) isn't what was written: the ledger is damaged. Nothing is sent. \(LedgerFile.remedy)"
            )
        }
        return ClaimedOrder(
            claim: Claim(key: order.key, token: try row.decode(Int64.self, atIndex: OrderRow.columnCount) + 1), row: order,
            progress: OrderProgress(try stored.map { try $0.readable() }))
    }

    private static func claim(_ order: ClaimedOrder, by holder: String, until: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE orders SET claim_token = ?, claim_holder = ?, claim_until = ? WHERE position = ?")
            .execute(arguments: [order.claim.token, holder, until.milliseconds, order.row.position])
    }

    /// A process that is gone can't come back: what it held is free at once, its lease notwithstanding.
    private static func freeClaimsOfTheDead(_ db: Database) throws {
        let holders = try String.fetchAll(
            db.cachedStatement(sql: "SELECT DISTINCT claim_holder FROM orders WHERE claim_holder IS NOT NULL"))
        for holder in holders where ProcessIdentity(holder)?.isDead ?? false {
            try db.cachedStatement(sql: "UPDATE orders SET claim_holder = NULL, claim_until = NULL WHERE claim_holder = ?")
                .execute(arguments: [holder])
        }
    }

    static func append(_ change: LedgerChange, _ db: Database) throws {
        let stored = change.entries.map { StoredEntry($0) }
        // Changes of several orders share a transaction: what refuses one of them must do so before it has written anything.
        try checkNumbers(change.documents, of: change.claim.key, db)
        guard let position = try claimedPosition(change, stored, db) else { throw LedgerError.claimLost(change.claim.key) }
        try insert(stored, at: position, db)
        try insertTickets(of: change.entries, at: position, db)
        for payload in change.payloads {
            try db.cachedStatement(
                sql: "INSERT INTO payloads (position, digest, stored_at, bytes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            ).execute(arguments: [position, payload.digest, change.at.milliseconds, payload.bytes.asData])
        }
        try insert(change.codes.map { ($0, change.at.milliseconds) }, at: position, db)
        try record(change.documents, ofOrderAt: position, at: change.at, db)
    }

    /// Checks the claim, carries the journal's digest on, and updates the row where the change has something for it.
    ///
    /// - Returns: the order's position; `nil` where the claim is somebody else's.
    private static func claimedPosition(_ change: LedgerChange, _ entries: [StoredEntry], _ db: Database) throws -> Int64? {
        var (columns, values) = journalDigest(entries)
        if let state = change.state {
            columns += [
                "updated_at = ?", "reference = ?", "webshop = ?", "modified_date = ?", "erp_order_number = ?", "standing = ?",
                "reason = ?", "sentence = ?", "due_at = ?", "lacked_with = ?",
            ]
            values += [
                change.at.milliseconds, state.reference, state.webshop, state.modifiedDate, state.erpOrderNumber,
                state.standing.rawValue, state.reason.rawValue, state.sentence, state.dueAt?.milliseconds,
                state.lackedWith,
            ]
        }
        if change.releasesClaim {
            columns += ["claim_holder = NULL", "claim_until = NULL"]
        } else if let until = change.claimedUntil {
            columns.append("claim_until = max(claim_until, ?)")
            values.append(until.milliseconds)
        }
        let claimed = "WHERE shop = ? AND order_id = ? AND claim_token = ? AND claim_holder IS NOT NULL"
        values += [change.claim.key.shop, change.claim.key.orderID, change.claim.token]
        let sql =
            columns.isEmpty
            ? "SELECT position FROM orders \(claimed)"
            : "UPDATE orders SET \(columns.joined(separator: ", ")) \(claimed) RETURNING position"
        return try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: StatementArguments(values))
    }

    private static func journalDigest(_ entries: [StoredEntry]) -> ([String], [(any DatabaseValueConvertible)?]) {
        guard !entries.isEmpty else { return ([], []) }
        let digest = entries.reduce("journal_digest") { digest, _ in "\(JournalDigest.functionName)(\(digest), ?)" }
        return (["journal_digest = \(digest)"], entries.map(\.digestedText))
    }

    static func release(_ claims: [Claim], _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "UPDATE orders SET claim_holder = NULL, claim_until = NULL WHERE shop = ? AND order_id = ? AND claim_token = ?")
        for claim in claims { try statement.execute(arguments: [claim.key.shop, claim.key.orderID, claim.token]) }
    }

    static func insert(_ entries: [StoredEntry], at position: Int64, _ db: Database) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT INTO journal (position, \(StoredEntry.columns)) VALUES (?, ?, ?, ?, ?)")
        for entry in entries {
            try insert.execute(arguments: [position, entry.sequence, entry.at, entry.kind, entry.body])
        }
    }

    static func storedJournal(at position: Int64, _ db: Database) throws -> [StoredEntry] {
        let statement = try db.cachedStatement(
            sql: "SELECT \(StoredEntry.columns) FROM journal WHERE position = ? ORDER BY sequence")
        return try Row.fetchAll(statement, arguments: [position]).map { try StoredEntry($0) }
    }

    static func journal(at position: Int64, _ db: Database) throws -> [JournalEntry] {
        try storedJournal(at: position, db).map { try $0.readable() }
    }

    static func register(_ registration: FlowRegistration, _ db: Database) throws {
        let known = try Row.fetchAll(db.cachedStatement(sql: "SELECT \(FlowRegistration.columns) FROM flows")).map {
            try FlowRegistration($0)
        }
        try registration.check(against: known)
        if !known.contains(registration) {
            try db.cachedStatement(sql: "INSERT INTO flows (flow, shop, origin, webshop) VALUES (?, ?, ?, ?)").execute(
                arguments: [registration.flow, registration.shop, registration.origin, registration.webshop])
        }
    }
}
