import Ledger
import OrderFlow
import Orders
import Testing

/// The documents of all orders in one list, each number once.
@Suite struct DocumentTests {
    /// Renders one document of the order, and says how far it got.
    private static func change(
        _ order: ClaimedOrder, _ number: String, message: String? = nil, kind: DocumentKind = .desadv,
        _ events: [JournalEvent] = []
    ) -> LedgerChange {
        var progress = order.progress
        let bytes = Array(number.utf8)
        let record = DocumentRecord(
            ordinal: progress.documents.count + 1, kind: kind, number: number, messageNumber: message,
            cause: .shipment(number), digest: ContentDigest.sha256(bytes), shipmentDigest: "as told")
        var entries: [JournalEntry] = []
        for event in [.documentRendered(record)] + events {
            progress.apply(event, at: noon)
            entries.append(JournalEntry(sequence: progress.entryCount, at: noon, event: event))
        }
        return LedgerChange(
            claim: order.claim, at: noon, entries: entries, state: nil,
            payloads: [StoredPayload(digest: record.digest, bytes: bytes)],
            documents: progress.documents.filter { !order.progress.documents.contains($0) }, releasesClaim: true)
    }

    @Test(arguments: LedgerKind.allCases)
    func `a document has its row with its journal, and moves with it`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            try await ledger.append(Self.change(try await ledger.take(1), "PS-1", [.documentSending(ordinal: 1)]))
            let row = try #require(try await ledger.document(flow: "main", kind: .desadv, number: "PS-1"))
            #expect(row.order == key(1) && row.flow == "main" && row.record.cause == .shipment("PS-1"))
            #expect(row.status == DocumentStatus(state: .sending, since: noon, tries: 1))
            #expect(try await ledger.document(id: row.id) == row)
            var order = try await ledger.take(1, at: noon + .seconds(90))
            #expect(order.progress.documents.map(\.state) == [.sending])
            order.progress.apply(.documentEnded(ordinal: 1, .unknown("cut off")), at: noon + .seconds(90))
            try await ledger.append(
                LedgerChange(
                    claim: order.claim, at: noon + .seconds(90),
                    entries: [
                        JournalEntry(
                            sequence: order.progress.entryCount, at: noon + .seconds(90),
                            event: .documentEnded(ordinal: 1, .unknown("cut off")))
                    ], state: nil, documents: order.progress.documents, releasesClaim: true))
            let moved = try #require(try await ledger.document(id: row.id))
            #expect(moved.status == DocumentStatus(state: .unknown, since: noon + .seconds(90), tries: 1))
            #expect(moved.renderedAt == noon)
            #expect(try await ledger.payload(key(1), digest: row.record.digest) == Array("PS-1".utf8))
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a number is used once in a flow and kind, and the change that would use it again leaves nothing behind`(
        _ kind: LedgerKind
    ) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            try await ledger.append(Self.change(try await ledger.take(1), "PS-1"))
            let second = try await ledger.take(2)
            await #expect(throws: LedgerError.documentNumberUsed("PS-1")) {
                try await ledger.append(Self.change(second, "PS-1"))
            }
            #expect(try await ledger.journal(key(2)).isEmpty)
            try await ledger.append(Self.change(second, "PS-1", kind: .shipNotice))
            let rows = try await ledger.documents(DocumentFilter(), after: 0, limit: 10)
            #expect(rows.map(\.order) == [key(1), key(2)])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a number inside a file is used once too, whatever the files are called`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            let edifact = DocumentKind.despatchAdvice
            try await ledger.append(Self.change(try await ledger.take(1), "REF1", message: "PS-1", kind: edifact))
            let row = try #require(try await ledger.document(flow: "main", kind: edifact, number: "PS-1"))
            #expect(row.record.number == "REF1" && row.record.messageNumber == "PS-1")
            #expect(try await ledger.document(flow: "main", kind: edifact, number: "REF1") == row)
            let second = try await ledger.take(2)
            for (number, message) in [("REF2", "PS-1"), ("REF1", "PS-2"), ("PS-1", "PS-2"), ("REF2", "REF1")] {
                let used = [number, message].filter { ["REF1", "PS-1"].contains($0) }
                await #expect(throws: LedgerError.documentNumberUsed(used[0])) {
                    try await ledger.append(Self.change(second, number, message: message, kind: edifact))
                }
            }
            #expect(try await ledger.journal(key(2)).isEmpty)
            try await ledger.append(Self.change(second, "REF2", message: "PS-2", kind: edifact))
            var first = try await ledger.take(1, at: noon + .seconds(90))
            first.progress.apply(.documentSending(ordinal: 1), at: noon)
            try await ledger.append(
                LedgerChange(
                    claim: first.claim, at: noon,
                    entries: [
                        JournalEntry(sequence: first.progress.entryCount, at: noon, event: .documentSending(ordinal: 1))
                    ], state: nil, documents: first.progress.documents, releasesClaim: true))
            #expect(try await ledger.document(id: row.id)?.record.messageNumber == "PS-1", "its own numbers stay its own")
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `documents are listed oldest first, a page after the other, by order, flow and state`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            try await ledger.list(3, flow: "other")
            for number in 1...5 {
                let order = try await ledger.take(number.isMultiple(of: 2) ? 2 : 1, at: noon)
                let end: [JournalEvent] =
                    number == 3
                    ? [.documentSending(ordinal: order.progress.documents.count + 1)] : []
                try await ledger.append(Self.change(order, "PS-\(number)", end))
            }
            try await ledger.append(Self.change(try await ledger.take(3), "PS-1"))
            func numbers(_ filter: DocumentFilter, after cursor: Int64 = 0, limit: Int = 10) async throws -> [String] {
                try await ledger.documents(filter, after: cursor, limit: limit).map(\.record.number)
            }
            #expect(try await numbers(DocumentFilter(order: key(1))) == ["PS-1", "PS-3", "PS-5"])
            #expect(try await numbers(DocumentFilter(flow: "other")) == ["PS-1"])
            #expect(try await numbers(DocumentFilter(states: [.sending])) == ["PS-3"])
            #expect(
                try await numbers(DocumentFilter(flow: "main", states: [.rendered, .unknown])) == [
                    "PS-1", "PS-2", "PS-4", "PS-5",
                ])
            let first = try await ledger.documents(DocumentFilter(), after: 0, limit: 2)
            #expect(first.map(\.record.number) == ["PS-1", "PS-2"])
            #expect(try await numbers(DocumentFilter(), after: first[1].id, limit: 3) == ["PS-3", "PS-4", "PS-5"])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a worker that lost its claim renders nothing`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let late = try await ledger.take(1)
            _ = try await ledger.take(1, by: "other", at: noon + .seconds(61))
            await #expect(throws: LedgerError.claimLost(key(1))) { try await ledger.append(Self.change(late, "PS-1")) }
            #expect(try await ledger.documents(DocumentFilter(), after: 0, limit: 10).isEmpty)
        }
    }
}
