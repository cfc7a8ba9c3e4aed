internal import GRDB
import Ledger
import OrderFlow
import Orders

/// What only the documents' table says of a document: all else stands in its order's journal.
struct KeptDocument {
    /// What people call it by, and wrote down somewhere.
    var id: Int64
    var renderedAt: Timestamp

    /// Which document it is.
    struct Name: Hashable {
        /// Of its order.
        var position: Int64
        var ordinal: Int
    }

    /// More documents than one file will hold; a damaged id beyond that isn't kept.
    private static let idMax: Int64 = 1_000_000_000_000

    var isPlausible: Bool { id > 0 && id <= Self.idMax }
}

extension DamagedLedger {
    /// Ids by document, from both ends of the table. Of two that bear the same id, neither is kept. Ledgers of older releases have none.
    func documents() -> [KeptDocument.Name: KeptDocument] {
        var found: [KeptDocument.Name: KeptDocument] = [:]
        var names: [Int64: KeptDocument.Name] = [:]
        var taken: Set<Int64> = []
        for direction in ["", " DESC"] {
            let sql = "SELECT position, ordinal, id, rendered_at FROM documents ORDER BY id\(direction)"
            let rows = readable(sql) { row in
                (
                    KeptDocument.Name(position: try row.decode(atIndex: 0), ordinal: try row.decode(atIndex: 1)),
                    KeptDocument(id: try row.decode(atIndex: 2), renderedAt: Timestamp(milliseconds: try row.decode(atIndex: 3)))
                )
            }
            for (name, document) in rows where document.isPlausible {
                if let other = names.updateValue(name, forKey: document.id), other != name { taken.insert(document.id) }
                found[name] = document
            }
        }
        return found.filter { !taken.contains($0.value.id) }
    }

    /// The highest id that a document ever had; 0: none, or it can't be read.
    func highestDocumentID() -> Int64 {
        let sources = ["SELECT seq FROM sqlite_sequence WHERE name = 'documents'", "SELECT max(id) FROM documents"]
        let ids: [Int64] = sources.flatMap { source in readable(source) { try $0.decode(atIndex: 0) } }
        return ids.filter { KeptDocument(id: $0, renderedAt: Timestamp(milliseconds: 0)).isPlausible }.max() ?? 0
    }
}

extension LedgerStatements {
    /// No document gets an id up to this one that isn't its own.
    static func reserveDocumentIDs(upTo highest: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM sqlite_sequence WHERE name = 'documents'")
        try db.execute(sql: "INSERT INTO sqlite_sequence (name, seq) VALUES ('documents', ?)", arguments: [highest])
    }
}
