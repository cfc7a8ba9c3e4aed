import Ledger
import OrderFlow
import Orders
import Testing

@Suite("Orders that lack something")
struct WakeTests {
    /// An order that stands still for want of something.
    private func stop(_ id: Int64, with digest: String?, due: Timestamp? = nil, in ledger: any Ledger) async throws {
        let order = try await ledger.take(id)
        var change = order.change(.quarantined, .rejected, due: due)
        change.state?.lackedWith = digest
        try await ledger.append(change)
    }

    @Test(arguments: LedgerKind.allCases)
    func `they become due where they would be made ready otherwise, and no others do`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2, 3, 4, 5, 6)
            try await ledger.list(7, flow: "other")
            for (id, digest) in [(1, "a"), (2, "b"), (3, "c"), (4, nil), (7, "a")] as [(Int64, String?)] {
                try await stop(id, with: digest, in: ledger)
            }
            try await stop(5, with: "a", due: noon + .seconds(60), in: ledger)
            try await ledger.settle(6, .finished, .finished, due: nil)
            #expect(try await ledger.row(key(1))?.state.lackedWith == "a")
            #expect(try await ledger.wake(flow: "main", preparedWith: "b", limit: 10, at: noon) == 2)
            #expect(try await ledger.claimedIDs() == [1, 3])
            #expect(try await ledger.row(key(2))?.state.dueAt == nil)
            #expect(try await ledger.row(key(5))?.state.dueAt == noon + .seconds(60))
            #expect(try await ledger.wake(flow: "main", preparedWith: "b", limit: 10, at: noon) == 0, "once is enough")
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `as many at once as were asked for, until there are no more`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2, 3, 4, 5)
            for id in Int64(1)...5 { try await stop(id, with: id.isMultiple(of: 2) ? "a" : "c", in: ledger) }
            var counts: [Int] = []
            for _ in 0..<4 { counts.append(try await ledger.wake(flow: "main", preparedWith: "b", limit: 2, at: noon)) }
            #expect(counts == [2, 2, 1, 0])
            #expect(try await ledger.claimedIDs() == [1, 2, 3, 4, 5])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a dry run sees them, and leaves them where they are`(_ kind: LedgerKind) async throws {
        try await kind.ledger { base in
            try await base.list(1, 2)
            try await stop(1, with: "a", in: base)
            try await stop(2, with: "b", in: base)
            let dry = DryRunLedger(base)
            _ = dry.wake(flow: "main", preparedWith: "b", limit: 10, at: noon)
            #expect(try await dry.claimedIDs() == [1])
            #expect(try await base.claimedIDs() == [])
        }
    }
}
