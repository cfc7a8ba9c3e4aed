internal import GRDB
import Ledger
import OrderFlow
import Orders

/// The rows of the ledger's tables, to and from values. A cell of another type than its column's is damage, and an error.
extension OrderRow {
    static let columns = """
        position, shop, order_id, flow, first_listed_at, updated_at, reference, webshop, modified_date, erp_order_number,
        standing, reason, sentence, due_at, listed_as, lacked_with
        """
    /// How many ``columns`` are.
    static let columnCount = 16
    static let offlineWord = "offline"

    /// Reads ``columns``, in their order.
    init(_ row: Row) throws {
        let (standingWord, reasonWord): (String, String) = (try row.decode(atIndex: 10), try row.decode(atIndex: 11))
        guard let standing = Verdict.Standing(rawValue: standingWord), let reason = ReasonCode(rawValue: reasonWord) else {
            throw LedgerError.unusable(
                "the ledger holds an order that stands '\(standingWord)' because of '\(reasonWord)', which this release doesn't know; "
                    + "use a later one, or, if none ever wrote to it: it is damaged. \(LedgerFile.remedy)")
        }
        let listedAs: String? = try row.decode(atIndex: 14)
        guard listedAs == nil || listedAs == Self.offlineWord else {
            throw LedgerError.unusable("the ledger holds an order that was listed as '\(listedAs ?? "")'. \(LedgerFile.remedy)")
        }
        self.init(
            position: try row.decode(atIndex: 0), key: try Self.key(row), flow: try row.decode(atIndex: 3),
            firstListedAt: Timestamp(milliseconds: try row.decode(atIndex: 4)),
            updatedAt: Timestamp(milliseconds: try row.decode(atIndex: 5)),
            state: RowState(
                reference: try row.decode(atIndex: 6), webshop: try row.decode(atIndex: 7),
                modifiedDate: try row.decode(atIndex: 8), erpOrderNumber: try row.decode(atIndex: 9), standing: standing,
                reason: reason, sentence: try row.decode(atIndex: 12), dueAt: try row.instant(atIndex: 13),
                lackedWith: try row.decode(atIndex: 15)),
            isListedOffline: listedAs != nil)
    }

    private static func key(_ row: Row) throws -> OrderKey {
        OrderKey(shop: try row.decode(atIndex: 1), orderID: try row.decode(atIndex: 2))
    }
}

extension Row {
    /// Milliseconds since 1970, or nothing.
    func instant(atIndex index: Int) throws -> Timestamp? {
        try decode(Int64?.self, atIndex: index).map(Timestamp.init(milliseconds:))
    }
}

extension StoredEntry {
    /// The entry, or words for a person.
    func readable() throws(LedgerError) -> JournalEntry {
        do throws(JournalFormatError) { return try entry } catch {
            throw .unusable("the ledger can't be read: \(error); it was damaged, or written by a later release of Crossdock")
        }
    }
}

extension FlowRegistration {
    static let columns = "flow, shop, origin, webshop"

    init(_ row: Row) throws {
        self.init(
            flow: try row.decode(atIndex: 0), shop: try row.decode(atIndex: 1), origin: try row.decode(atIndex: 2),
            webshop: try row.decode(atIndex: 3))
    }
}

extension RunRecord {
    static let columns =
        "id, flow, started_at, ended_at, outcome, listed, new, looked_at, pushed, finished, newly_quarantined, writes"

    init(_ row: Row) throws {
        var counts = RunCounts()
        counts.listed = try row.decode(atIndex: 5)
        counts.new = try row.decode(atIndex: 6)
        counts.lookedAt = try row.decode(atIndex: 7)
        counts.pushed = try row.decode(atIndex: 8)
        counts.finished = try row.decode(atIndex: 9)
        counts.newlyQuarantined = try row.decode(atIndex: 10)
        counts.writes = try row.decode(atIndex: 11)
        self.init(
            id: try row.decode(atIndex: 0), flow: try row.decode(atIndex: 1),
            startedAt: Timestamp(milliseconds: try row.decode(atIndex: 2)), endedAt: try row.instant(atIndex: 3),
            outcome: try row.decode(atIndex: 4), counts: counts)
    }

    var arguments: StatementArguments {
        [
            id, flow, startedAt.milliseconds, endedAt?.milliseconds, outcome, counts.listed, counts.new, counts.lookedAt,
            counts.pushed, counts.finished, counts.newlyQuarantined, counts.writes,
        ]
    }
}
