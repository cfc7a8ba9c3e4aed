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
            let report = try LedgerRebuild(path: path, from: nil, shops: ["main": "demo"], now: noon + .seconds(600)).run()
            #expect(report.whole == 1)
            let rebuilt = try SQLiteLedger(path: path, now: noon + .seconds(601))
            let row = try #require(try await rebuilt.document(flow: "main", kind: .desadv, number: "PS-1"))
            #expect(row.status.state == .sent && row.record == Self.record)
            let progress = OrderProgress(try await rebuilt.journal(key(1)))
            #expect(progress.wasRestored && progress.mayHaveToldShipments)
            #expect(try await rebuilt.verify().faults.isEmpty)
        }
    }
}
