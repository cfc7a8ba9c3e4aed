import Ledger
import OrderFlow
import Orders
import Testing

@Suite("What the shop lists")
struct RecordTests {
    @Test(arguments: LedgerKind.allCases)
    func `a listed order gets a row with a reason in words`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            let count = try await ledger.list(7)
            #expect(count == ListingCount(new: 1))
            let row = try #require(try await ledger.row(key(7)))
            #expect(row.flow == "main" && row.firstListedAt == noon && row.updatedAt == noon)
            #expect(row.state.reference == "CS7" && row.state.modifiedDate == "m1" && row.state.dueAt == noon)
            #expect(row.state.standing == .new && row.state.reason == .listed && !row.state.sentence.isEmpty)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `an order listed again unchanged keeps its row as it is`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(7)
            try await ledger.settle(7, .finished, .finished, due: nil)
            let before = try await ledger.row(key(7))
            let count = try await ledger.list(7, at: noon + .seconds(5))
            #expect(count == ListingCount())
            let after = try await ledger.row(key(7))
            #expect(after == before)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `another modified date makes a settled order due at once`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(7)
            try await ledger.settle(7, .finished, .finished, due: nil)
            let later = noon + .seconds(5)
            let count = try await ledger.list(7, modified: "m2", at: later)
            #expect(count == ListingCount(changed: 1))
            let row = try #require(try await ledger.row(key(7)))
            #expect(row.state.dueAt == later && row.state.modifiedDate == "m2")
            #expect(row.state.standing == .finished)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a change brings the next look forward, and never puts it off`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            try await ledger.settle(1, .held, .unpaid, due: noon + .seconds(3600))
            try await ledger.settle(2, .held, .unpaid, due: noon + .seconds(1))
            let listed = noon + .seconds(10)
            #expect(try await ledger.list(1, 2, modified: "m2", at: listed).changed == 2)
            #expect(try await ledger.row(key(1))?.state.dueAt == listed)
            #expect(try await ledger.row(key(2))?.state.dueAt == noon + .seconds(1))
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a list without modified dates makes nothing due`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(7)
            try await ledger.settle(7, .held, .unpaid, due: nil)
            #expect(try await ledger.list(7, modified: nil) == ListingCount())
            #expect(try await ledger.row(key(7))?.state.modifiedDate == "m1")
            #expect(try await ledger.row(key(7))?.state.dueAt == nil)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `one id in two shops is two orders, and one id twice in a list is one`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            let order = ListedOrder(orderID: 7, reference: nil, modifiedDate: nil)
            let first = try await ledger.record([order, order], flow: "a", shop: "one", at: noon)
            let second = try await ledger.record([order], flow: "b", shop: "two", at: noon)
            #expect(first == ListingCount(new: 1) && second == ListingCount(new: 1))
            #expect(try await ledger.rows(named: "7").map(\.key.shop) == ["one", "two"])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `what an order was listed as first is what it stays`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            let listed = [true, false].map { ListedOrder(orderID: $0 ? 7 : 8, reference: nil, modifiedDate: "m1", isOffline: $0) }
            let first = try await ledger.record(listed, flow: "main", shop: "demo", at: noon)
            let turned = listed.map {
                ListedOrder(orderID: $0.orderID, reference: nil, modifiedDate: "m2", isOffline: !$0.isOffline)
            }
            let second = try await ledger.record(turned, flow: "main", shop: "demo", at: noon)
            #expect(first == ListingCount(new: 2) && second == ListingCount(changed: 2))
            for id in [7, 8] as [Int64] {
                #expect(try await ledger.row(key(id))?.isListedOffline == (id == 7))
                #expect(try await ledger.take(id).row.isListedOffline == (id == 7))
            }
            #expect(try await ledger.rows(OrderFilter(), after: 0, limit: 9).map(\.isListedOffline) == [true, false])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a claim outlives a listing, and so does what the worker appends`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(7)
            let order = try await ledger.take(7)
            try await ledger.list(7, modified: "m2")
            try await ledger.append(order.change(.held, .unpaid))
            #expect(try await ledger.row(key(7))?.state.reason == .unpaid)
        }
    }
}
