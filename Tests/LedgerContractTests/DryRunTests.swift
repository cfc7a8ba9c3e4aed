import Ledger
import OrderFlow
import Orders
import Testing

@Suite("A dry run's ledger")
struct DryRunTests {
    @Test(arguments: LedgerKind.allCases)
    func `nothing it is told reaches the ledger below`(_ kind: LedgerKind) async throws {
        try await kind.ledger { base in
            try await base.list(1, 2)
            try await base.settle(1, .held, .unpaid, due: noon)
            try await base.remember(FlowMemory(watermark: noon), flow: "main")
            let before = try await base.rows(OrderFilter(), after: 0, limit: 10)
            let dry = DryRunLedger(base)
            try await dry.list(1, 2, 3, modified: "m2")
            let claimed = try await dry.claimDue(
                ClaimRequest(
                    flow: "main", limit: 9, holder: "dry", now: noon, until: noon + .seconds(60), dueBy: noon, leasesEndBy: noon))
            for order in claimed {
                dry.append(order.change(.quarantined, .malformed, payload: StoredPayload(digest: "d", bytes: [1])))
            }
            dry.release(claimed.map(\.claim))
            dry.register(FlowRegistration(flow: "rival", shop: "x", origin: "https://x.example", webshop: nil))
            dry.remember(FlowMemory(watermark: noon + .seconds(9)), flow: "main")
            dry.record(RunRecord(id: "r", flow: "main", startedAt: noon, counts: RunCounts()))

            #expect(try await base.rows(OrderFilter(), after: 0, limit: 10) == before)
            #expect(try await base.journal(key(1)).count == 1)
            #expect(try await base.payload(key(1), digest: "d") == nil)
            #expect(try await base.memory(flow: "main") == FlowMemory(watermark: noon))
            #expect(try await base.runs(limit: 9) == [])
            // Nor does it hold anything: a real run goes on as if there were no dry one.
            #expect(try await base.claimedIDs() == [1, 2])
            #expect(try await base.tryLockPull(flow: "main") != nil)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `it hands out what the shop lists new or changed, then what is due, each once`(_ kind: LedgerKind) async throws {
        try await kind.ledger { base in
            try await base.list(1, 2, 3, 4)
            try await base.settle(1, .held, .unpaid, due: noon)
            try await base.settle(2, .finished, .finished, due: nil)
            try await base.settle(3, .held, .unpaid, due: noon + .seconds(1))
            let dry = DryRunLedger(base)
            #expect(try await dry.list(1, modified: "m1") == ListingCount())
            #expect(try await dry.list(2, 4, modified: "m2") == ListingCount(changed: 2))
            #expect(try await dry.list(8, 9) == ListingCount(new: 2))
            #expect(try await dry.claimedIDs(limit: 3) == [2, 4, 8])
            #expect(try await dry.claimedIDs(limit: 3) == [9, 1])
            #expect(try await dry.claimedIDs(limit: 3) == [])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `each flow gets what it listed itself, and of an order that two list, the first has it`(_ kind: LedgerKind) async throws
    {
        try await kind.ledger { base in
            try await base.list(1)
            let dry = DryRunLedger(base)
            func list(_ ids: [Int64], _ flow: String, _ shop: String) async throws -> ListingCount {
                let listed = ids.map { ListedOrder(orderID: $0, reference: nil, modifiedDate: "m2") }
                return try await dry.record(listed, flow: flow, shop: shop, at: noon)
            }
            func claimed(_ flow: String) async throws -> [OrderKey] {
                let request = ClaimRequest(
                    flow: flow, limit: 9, holder: "dry", now: noon, until: noon + .seconds(60), dueBy: noon, leasesEndBy: noon)
                return try await dry.claimDue(request).map(\.row.key)
            }
            #expect(try await list([2, 3], "main", key(1).shop) == ListingCount(new: 2))
            #expect(try await list([1, 3, 4], "second", key(1).shop) == ListingCount(new: 1))
            #expect(try await list([2], "third", "elsewhere") == ListingCount(new: 1))
            #expect(try await claimed("main") == [key(2), key(3), key(1)])
            #expect(try await claimed("second") == [key(4)])
            #expect(try await claimed("third") == [OrderKey(shop: "elsewhere", orderID: 2)])
            #expect(try await dry.rows(named: "2").count == 0, "handed out")
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `an order is shown with the journal it has, a new one as the shop lists it`(_ kind: LedgerKind) async throws {
        try await kind.ledger { base in
            try await base.list(1)
            try await base.settle(1, .held, .unpaid, due: noon)
            let dry = DryRunLedger(base)
            let known = try await dry.take(1)
            #expect(known.progress.verdict?.reason == .unpaid)
            try await dry.list(9)
            let new = try await dry.take(9)
            #expect(new.row.state.reference == "CS9" && new.row.state.reason == .listed && new.progress.entryCount == 0)
            await #expect(throws: NotClaimed.self) { try await dry.take(10) }
        }
    }
}
