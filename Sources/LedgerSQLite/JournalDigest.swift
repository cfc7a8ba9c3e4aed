internal import GRDB
import OrderFlow
import Orders

/// A digest over an order's key and the whole of its journal, kept in the order's row and carried on with every append.
///
/// SQLite notices damage to its own structure, not to what it stores. With this, an entry that was changed, lost or moved to
/// another order is noticed when the order is taken up, before anything is decided from it.
struct JournalDigest: Equatable {
    /// SHA-256 in hexadecimal.
    let text: String

    /// Of an order that has no entry yet.
    init(of key: OrderKey) { text = Self.sha256("\(key.shop)\n\(key.orderID)") }

    /// As it stands in the row.
    init(stored text: String) { self.text = text }

    private init(text: String) { self.text = text }

    func appending(_ entry: StoredEntry) -> JournalDigest { JournalDigest(text: Self.sha256(text + entry.digestedText)) }

    func appending(_ entries: [StoredEntry]) -> JournalDigest { entries.reduce(self) { $0.appending($1) } }

    static let functionName = "journal_digest_after"

    /// `journal_digest_after(digest, text)`, in SQL: so an append reads and writes the row in one statement.
    static var function: DatabaseFunction {
        DatabaseFunction(functionName, argumentCount: 2, pure: true) { values in
            guard let digest = String.fromDatabaseValue(values[0]), let text = String.fromDatabaseValue(values[1]) else {
                return nil
            }
            return sha256(digest + text)
        }
    }

    private static func sha256(_ text: String) -> String { ContentDigest.sha256(Array(text.utf8)) }
}

/// A row of the journal as it is stored.
struct StoredEntry: Equatable {
    var sequence: Int
    /// Milliseconds since 1970.
    var at: Int64
    var kind: String
    /// JSON.
    var body: String

    static let columns = "sequence, at, kind, body"

    /// What ``JournalDigest`` is carried on with.
    var digestedText: String { "\n\(sequence)\n\(at)\n\(kind)\n\(body)" }

    init(_ row: Row) throws {
        sequence = try row.decode(atIndex: 0)
        at = try row.decode(atIndex: 1)
        kind = try row.decode(atIndex: 2)
        body = try row.decode(atIndex: 3)
    }

    init(_ entry: JournalEntry) {
        sequence = entry.sequence
        at = entry.at.milliseconds
        kind = entry.event.kind.rawValue
        body = JSONValue.object(entry.event.body).compactText
    }

    var entry: JournalEntry {
        get throws(JournalFormatError) {
            guard let known = JournalEvent.Kind(rawValue: kind) else { throw JournalFormatError(kind: kind, member: "kind") }
            guard let body = (try? JSONValue(parsing: body))?.objectValue else {
                throw JournalFormatError(kind: kind, member: "body")
            }
            return JournalEntry(
                sequence: sequence, at: Timestamp(milliseconds: at), event: try JournalEvent(kind: known, body: body))
        }
    }
}
