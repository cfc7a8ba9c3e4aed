import Ledger
import OrderFlow
import Orders
import SinkKit
import Testing

@Suite("What is written down for an order")
struct JournalTests {
    @Test(arguments: LedgerKind.allCases)
    func `entries and row change together`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let order = try await ledger.take(1)
            var change = order.change(.quarantined, .rejected, at: noon + .seconds(3))
            var state = try #require(change.state)
            (state.reference, state.webshop, state.modifiedDate, state.erpOrderNumber) = ("CS-new", 4, "m9", "SO-1")
            change.state = state
            try await ledger.append(change)
            let row = try #require(try await ledger.row(key(1)))
            #expect(row.state == state)
            #expect(row.updatedAt == noon + .seconds(3) && row.firstListedAt == noon)
            #expect(try await ledger.journal(key(1)) == change.entries)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a change in the midst of work leaves the row as it is, under its claim`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let order = try await ledger.take(1)
            let before = try await ledger.row(key(1))
            var change = order.change(at: noon + .seconds(3), releasesClaim: false)
            change.state = nil
            try await ledger.append(change)
            #expect(try await ledger.row(key(1)) == before)
            #expect(try await ledger.journal(key(1)) == change.entries)
            (change.entries, change.releasesClaim) = ([], true)
            try await ledger.append(change)
            #expect(try await ledger.row(key(1)) == before)
            let again = try await ledger.take(1)
            #expect(again.claim.token > order.claim.token)
            do throws(LedgerError) {
                try await ledger.append(change)
                Issue.record("an old claim appended")
            } catch { #expect(error == .claimLost(key(1))) }
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `every kind of entry comes back as it was, in the order it was appended`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let order = try await ledger.take(1)
            var state = order.row.state
            state.standing = .finished
            var written: [JournalEntry] = []
            for (index, event) in Self.events.enumerated() {
                let entry = JournalEntry(sequence: index + 1, at: noon + .seconds(index), event: event)
                written.append(entry)
                try await ledger.append(
                    LedgerChange(claim: order.claim, at: entry.at, entries: [entry], state: state, releasesClaim: false))
            }
            #expect(try await ledger.journal(key(1)) == written)
            #expect(Set(written.map(\.event.kind.rawValue)).count == 9)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `several entries of one change keep their order`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let order = try await ledger.take(1)
            var change = order.change()
            change.entries = (0..<12).map { order.entry(.interrupted(attempt: $0), after: $0) }
            try await ledger.append(change)
            #expect(try await ledger.journal(key(1)).map(\.sequence) == Array(1...12))
            #expect(try await ledger.journal(key(1)).map(\.event) == (0..<12).map { .interrupted(attempt: $0) })
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a claim is kept from append to append where it isn't given up`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let order = try await ledger.take(1)
            try await ledger.append(order.change(due: noon, releasesClaim: false))
            #expect(try await ledger.claimedIDs() == [])
            var last = order.change(due: noon)
            last.entries = [order.entry(.interrupted(attempt: 1), after: 1)]
            try await ledger.append(last)
            #expect(try await ledger.claimedIDs() == [1])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `payloads are kept to the byte, by order and digest, and one sent again stays`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            let order = try await ledger.take(1)
            let bytes = (0...255).map { UInt8($0) } + Array(repeating: 0x41, count: 100_000)
            try await ledger.append(order.change(payload: StoredPayload(digest: "d1", bytes: bytes), releasesClaim: false))
            var again = order.change(payload: StoredPayload(digest: "d1", bytes: bytes))
            again.entries = []
            try await ledger.append(again)
            #expect(try await ledger.payload(key(1), digest: "d1") == bytes)
            #expect(try await ledger.payload(key(1), digest: "d2") == nil)
            #expect(try await ledger.payload(key(2), digest: "d1") == nil)
            #expect(try await ledger.payload(key(3), digest: "d1") == nil)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `an order without entries, and one without a row, have an empty journal`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            #expect(try await ledger.journal(key(1)) == [])
            #expect(try await ledger.journal(key(2)) == [])
            #expect(try await ledger.row(key(2)) == nil)
        }
    }

    private static let events: [JournalEvent] = {
        var reading = OrderReading(beganAt: noon, state: .confirmed, contentDigest: "c")
        reading.payment = .paid
        reading.reference = "CS1"
        reading.lines = [.init(key: "id:1", erpLineNumber: nil)]
        reading.faults = [SinkFault(path: "lines[0].product", message: "Öl, \"emoji\" 🧾")]
        let receipt = SinkReceipt(
            erpOrderNumber: "SO-1", state: .draft,
            lines: [SinkReceiptLine(lineKey: "id:1", erpLineNumber: 10, outcome: .backordered, message: "later")])
        let intent = CreateIntent(attempt: 1, generation: 1, contentDigest: "c", payloadDigest: "p")
        return [
            .read(reading), .verdict(Verdict(.held, .unpaid, "Not paid.", until: noon, faults: reading.faults)),
            .createIntended(intent), .createEnded(attempt: 1, .unknown("cut off")), .interrupted(attempt: 1), .sought(.absent),
            .createIntended(intent), .createEnded(attempt: 1, .accepted(receipt)), .wrote([.mark, .number], reading),
            .failed(Failure(activity: "mark", failureClass: .transient, message: "503", retryAt: noon)),
            .person(PersonDecision(kind: .adopt(receipt), by: "ann", reason: "it is there")), .sought(.found(receipt)),
        ]
    }()
}
