internal import GRDB
import Ledger
import OrderFlow
import Orders

/// The rows of the ledger's tables, to and from values.
extension OrderRow {
    static let columns = """
        position, shop, order_id, flow, first_listed_at, updated_at, reference, webshop, modified_date, erp_order_number,
        standing, reason, sentence, due_at
        """

    /// Reads ``columns``, in their order.
    init(_ row: Row) throws(LedgerError) {
        guard let standing = Verdict.Standing(rawValue: row[10]), let reason = ReasonCode(rawValue: row[11]) else {
            throw LedgerError.unusable(
                "the ledger holds an order that stands '\(row[10] as String)' because of '\(row[11] as String)', which this release "
                    + "doesn't know; use a later one")
        }
        self.init(
            position: row[0], key: OrderKey(shop: row[1], orderID: row[2]), flow: row[3],
            firstListedAt: Timestamp(milliseconds: row[4]), updatedAt: Timestamp(milliseconds: row[5]),
            state: RowState(
                reference: row[6], webshop: row[7], modifiedDate: row[8], erpOrderNumber: row[9], standing: standing,
                reason: reason,
                sentence: row[12], dueAt: (row[13] as Int64?).map(Timestamp.init(milliseconds:))))
    }
}

extension JournalEntry {
    /// Reads sequence, at, kind, body.
    init(_ row: Row) throws(LedgerError) {
        do throws(JournalFormatError) {
            self.init(sequence: row[0], at: Timestamp(milliseconds: row[1]), event: try Self.event(kind: row[2], body: row[3]))
        } catch {
            throw .unusable("the ledger can't be read: \(error); it was damaged, or written by a later release of Crossdock")
        }
    }

    private static func event(kind name: String, body text: String) throws(JournalFormatError) -> JournalEvent {
        guard let kind = JournalEvent.Kind(rawValue: name) else { throw JournalFormatError(kind: name, member: "kind") }
        guard let body = try? JSONValue(parsing: text), let body = body.objectValue else {
            throw JournalFormatError(kind: name, member: "body")
        }
        return try JournalEvent(kind: kind, body: body)
    }
}

extension RunRecord {
    static let columns =
        "id, flow, started_at, ended_at, outcome, listed, new, looked_at, pushed, finished, newly_quarantined, writes"

    init(_ row: Row) {
        var counts = RunCounts()
        counts.listed = row[5]
        counts.new = row[6]
        counts.lookedAt = row[7]
        counts.pushed = row[8]
        counts.finished = row[9]
        counts.newlyQuarantined = row[10]
        counts.writes = row[11]
        self.init(
            id: row[0], flow: row[1], startedAt: Timestamp(milliseconds: row[2]),
            endedAt: (row[3] as Int64?).map(Timestamp.init(milliseconds:)), outcome: row[4], counts: counts)
    }

    var arguments: StatementArguments {
        [
            id, flow, startedAt.milliseconds, endedAt?.milliseconds, outcome, counts.listed, counts.new, counts.lookedAt,
            counts.pushed, counts.finished, counts.newlyQuarantined, counts.writes,
        ]
    }
}
