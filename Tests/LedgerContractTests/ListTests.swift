import Ledger
import OrderFlow
import Orders
import Testing

@Suite("Lists and sums over orders")
struct ListTests {
    @Test(arguments: LedgerKind.allCases)
    func `a reference or an id names rows, in the order of first listing`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            let listed = [(11, "CS1"), (12, "13"), (13, "CS1"), (14, nil)].map {
                ListedOrder(orderID: $0.0, reference: $0.1, modifiedDate: nil)
            }
            _ = try await ledger.record(listed, flow: "main", shop: "demo", at: noon)
            let expected: [(name: String, ids: [Int64])] = [
                ("CS1", [11, 13]), ("13", [12, 13]), ("14", [14]), ("cs1", []), ("014", []), ("+14", []), ("", []), ("CS", []),
                ("99999999999999999999", []), ("%", []),
            ]
            for (name, ids) in expected {
                #expect(try await ledger.rows(named: name).map(\.key.orderID) == ids, "named '\(name)'")
            }
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `pages follow one another without a gap or a repeat`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            for id in Int64(1)...25 { try await ledger.list(100 - id) }
            var seen: [Int64] = []
            var cursor: Int64 = 0
            while let last = try await ledger.rows(OrderFilter(), after: cursor, limit: 4).last {
                seen += try await ledger.rows(OrderFilter(), after: cursor, limit: 4).map(\.key.orderID)
                cursor = last.position
            }
            #expect(seen == (75...99).reversed())
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a filter asks for a flow, for standings, or for both`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2, 3, flow: "main")
            try await ledger.list(4, 5, flow: "other")
            try await ledger.settle(2, .held, .unpaid, due: nil)
            try await ledger.settle(3, .finished, .finished, due: nil)
            try await ledger.settle(5, .held, .settling, due: nil)
            let expected: [(OrderFilter, [Int64])] = [
                (OrderFilter(), [1, 2, 3, 4, 5]), (OrderFilter(flow: "main"), [1, 2, 3]), (OrderFilter(flow: "none"), []),
                (OrderFilter(standings: [.held]), [2, 5]), (OrderFilter(standings: [.new, .finished]), [1, 3, 4]),
                (OrderFilter(flow: "other", standings: [.held]), [5]),
            ]
            for (filter, ids) in expected {
                #expect(try await ledger.rows(filter, after: 0, limit: 10).map(\.key.orderID) == ids, "\(filter)")
            }
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `counts add up by flow, standing and reason`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            #expect(try await ledger.counts() == [])
            try await ledger.list(4, flow: "other")
            try await ledger.list(1, 2, 3, flow: "main")
            try await ledger.settle(1, .held, .unpaid, due: nil)
            try await ledger.settle(2, .held, .unpaid, due: nil)
            try await ledger.settle(3, .held, .settling, due: nil)
            let expected = [
                StandingCount(flow: "main", standing: .held, reason: .settling, count: 1),
                StandingCount(flow: "main", standing: .held, reason: .unpaid, count: 2),
                StandingCount(flow: "other", standing: .new, reason: .listed, count: 1),
            ]
            #expect(try await ledger.counts() == expected)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `the next wait is the earliest of those that go on by themselves`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            #expect(try await ledger.nextWaiting(flow: "main") == nil)
            try await ledger.list(1, 2, 3, flow: "main")
            try await ledger.list(4, flow: "other")
            try await ledger.settle(1, .held, .unpaid, due: noon + .seconds(1))
            #expect(try await ledger.nextWaiting(flow: "main") == nil)
            try await ledger.settle(2, .waiting, .retryLater, due: noon + .seconds(30))
            try await ledger.settle(3, .waiting, .outcomeSettling, due: noon + .seconds(20))
            try await ledger.settle(4, .waiting, .retryLater, due: noon + .seconds(2))
            #expect(try await ledger.nextWaiting(flow: "main") == noon + .seconds(20))
            #expect(try await ledger.nextWaiting(flow: "other") == noon + .seconds(2))
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `runs are kept by id and flow, and shown newest first`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            var first = RunRecord(id: "r1", flow: "main", startedAt: noon, counts: RunCounts())
            let sibling = RunRecord(id: "r1", flow: "other", startedAt: noon, counts: RunCounts())
            let later = RunRecord(id: "r2", flow: "main", startedAt: noon + .seconds(1), counts: RunCounts())
            try await ledger.record(later)
            try await ledger.record(first)
            try await ledger.record(sibling)
            (first.endedAt, first.outcome) = (noon + .seconds(9), "done")
            first.counts.listed = 1
            first.counts.new = 2
            first.counts.lookedAt = 3
            first.counts.pushed = 4
            first.counts.finished = 5
            first.counts.newlyQuarantined = 6
            first.counts.writes = 7
            try await ledger.record(first)
            #expect(try await ledger.runs(limit: 9) == [later, sibling, first])
            #expect(try await ledger.runs(limit: 1) == [later])
        }
    }
}
