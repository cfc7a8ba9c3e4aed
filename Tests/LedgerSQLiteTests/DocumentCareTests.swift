import Foundation
import GRDB
import Ledger
import OrderFlow
import Orders
import SQLiteStore
import SinkKit
import TestSupport
import Testing

@testable import LedgerSQLite

/// Documents through verify, prune and rebuild.
@Suite struct DocumentCareTests {
    private static let record = DocumentRecord(
        ordinal: 1, kind: .desadv, number: "PS-1", cause: .shipment("S1"), digest: Past.payload.digest, shipmentDigest: "d")

    private static let pushed: [JournalEvent] = Past.intended + [.createEnded(attempt: 1, .accepted(Past.receipt))]

    private static func rendered(_ ends: [JournalEvent]) -> [JournalEvent] { pushed + [.documentRendered(record)] + ends }

    private func withLedger(
        _ events: [JournalEvent], _ test: (SQLiteLedger, _ path: String) async throws -> Void
    ) async throws {
        let folder = try ProjectFolder.Temporary()
        let path = folder.path + "/ledger.db"
        let ledger = try SQLiteLedger(path: path, now: noon)
        try await ledger.list(1...1)
        try await ledger.write(events, to: key(1), payload: Past.payload)
        try await test(ledger, path)
        withExtendedLifetime(folder) {}
    }

    @Test func `a row that its journal doesn't account for is found`() async throws {
        try await withLedger(Self.rendered([.documentSending(ordinal: 1)])) { ledger, path in
            #expect(try await ledger.verify().faults.isEmpty)
            try await ledger.commits.write { db in try db.execute(sql: "UPDATE documents SET state = 'acknowledged'") }
            #expect(try await ledger.verify().faults.contains { $0.message.contains("documents aren't those of its journal") })
        }
    }

    @Test func `bytes are kept until the receiver has them, then pruned`() async throws {
        for (ends, areKept) in [
            ([.documentSending(ordinal: 1)], true),
            ([.documentSending(ordinal: 1), .documentEnded(ordinal: 1, .unknown("cut"))], true),
            ([.documentSending(ordinal: 1), .documentEnded(ordinal: 1, .sent)], false),
        ] as [([JournalEvent], Bool)] {
            try await withLedger(Self.rendered(ends)) { ledger, _ in
                let report = try await ledger.prune(storedBefore: noon + .seconds(60))
                #expect((report.keptForOpenDocuments, report.erased) == (areKept ? 1 : 0, areKept ? 0 : 1))
                #expect(try await ledger.payload(key(1), digest: Past.payload.digest) == (areKept ? Past.bytes : nil))
            }
        }
    }

    @Test func `a rebuilt ledger has the documents, and doubts what it may have lost`() async throws {
        try await withLedger(Self.rendered([.documentSending(ordinal: 1), .documentEnded(ordinal: 1, .sent)])) { ledger, path in
            try await ledger.close()
            let report = try LedgerFolder.rebuild(path, at: noon + .seconds(600))
            #expect(report.whole == 1 && report.documents == 1 && report.documentsLost == 0)
            let rebuilt = try SQLiteLedger(path: path, now: noon + .seconds(601))
            let row = try #require(try await rebuilt.document(flow: "main", kind: .desadv, number: "PS-1"))
            #expect(row.status.state == .sent && row.record == Self.record)
            let progress = OrderProgress(try await rebuilt.journal(key(1)))
            #expect(progress.wasRestored && progress.mayHaveToldShipments)
            #expect(try await rebuilt.verify().faults.isEmpty)
        }
    }

    /// Two orders with a document each; of the first one's journal a part is lost.
    @Test func `a rebuilt ledger calls documents as before, and gives neither their numbers nor its control references again`()
        async throws
    {
        try await withLedger(Self.rendered([])) { ledger, path in
            try await ledger.list(2...2)
            var second = Self.record
            (second.number, second.cause) = ("PS-2", .shipment("S2"))
            try await ledger.write(
                Self.pushed + [.documentRendered(second)], to: key(2), payload: Past.payload, at: noon + .seconds(5))
            let kept = try #require(try await ledger.document(flow: "main", kind: .desadv, number: "PS-2"))
            #expect(kept.id == 2)
            try await ledger.commits.write { db in
                try db.execute(sql: "DELETE FROM journal WHERE position = 1 AND sequence = 2")
            }
            try await ledger.close()
            // Within the second in which it was made, which is the epoch of its control references.
            let report = try LedgerFolder.rebuild(path, at: noon + .milliseconds(10))
            #expect(report.whole == 1 && report.doubtful.count == 1)
            #expect(report.documents == 1 && report.documentsLost == 1)
            let rebuilt = try SQLiteLedger(path: path, now: noon + .seconds(601))
            #expect(rebuilt.identity.createdAt >= noon + .seconds(1))
            #expect(try await rebuilt.document(id: 1) == nil)
            let row = try #require(try await rebuilt.document(id: 2))
            #expect(row.record == second && row.renderedAt == kept.renderedAt)
            var third = Self.record
            third.number = "PS-3"
            try await rebuilt.write(Self.pushed + [.documentRendered(third)], to: key(1), at: noon + .seconds(602))
            #expect(try await rebuilt.document(flow: "main", kind: .desadv, number: "PS-3")?.id == 3, "1 was another document")
            #expect(try await rebuilt.verify().faults.isEmpty)
        }
    }

    @Test func `an id that no ledger gives isn't kept`() async throws {
        try await withLedger(Self.rendered([])) { ledger, path in
            try await ledger.commits.write { db in try db.execute(sql: "UPDATE documents SET id = 4000000000000") }
            try await ledger.close()
            let report = try LedgerFolder.rebuild(path, at: noon + .seconds(600))
            #expect(report.whole == 1 && report.documents == 0)
            let rebuilt = try SQLiteLedger(path: path, now: noon + .seconds(601))
            #expect(try await rebuilt.document(flow: "main", kind: .desadv, number: "PS-1")?.id == 2)
        }
    }
}
