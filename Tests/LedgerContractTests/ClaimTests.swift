import Ledger
import OrderFlow
import Orders
import Testing

@Suite("Who works on an order")
struct ClaimTests {
    @Test(arguments: LedgerKind.allCases)
    func `due orders are handed out, those that have waited longest first, up to the limit`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            for (id, seconds) in [(Int64(1), 30), (2, 10), (3, 20), (4, 10), (5, 99)] {
                try await ledger.list(id, at: noon + .seconds(seconds))
            }
            let now = noon + .seconds(60)
            #expect(try await ledger.claimedIDs(limit: 3, at: now) == [2, 4, 3])
            #expect(try await ledger.claimedIDs(limit: 3, at: now) == [1])
            #expect(try await ledger.claimedIDs(limit: 3, at: now) == [])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `only a flow's own orders are handed out, and none that isn't due by itself`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, flow: "main")
            try await ledger.list(2, flow: "other")
            try await ledger.list(3, flow: "main")
            try await ledger.settle(3, .quarantined, .malformed, due: nil)
            #expect(try await ledger.claimedIDs(flow: "main") == [1])
            #expect(try await ledger.claimedIDs(flow: "other") == [2])
        }
    }

    /// What became due while a run was under way is left to the next run, except for what waits for a retry.
    @Test(arguments: LedgerKind.allCases, [(Verdict.Standing.waiting, ReasonCode.retryLater, true), (.held, .unpaid, false)])
    func `what became due after the run began is handed out only if it waits`(
        _ kind: LedgerKind, _ settled: (standing: Verdict.Standing, reason: ReasonCode, isHandedOut: Bool)
    ) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            try await ledger.settle(1, settled.standing, settled.reason, due: noon + .seconds(10))
            #expect(try await ledger.claimedIDs(at: noon + .seconds(9), dueBy: noon) == [])
            #expect(try await ledger.claimedIDs(at: noon + .seconds(10), dueBy: noon) == (settled.isHandedOut ? [1] : []))
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `an order has one worker at a time`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            _ = try await ledger.take(1, by: "first")
            #expect(try await ledger.claimedIDs(by: "second") == [])
            let answer = try await ledger.claim(key(1), by: "second", leasesEndBy: noon, until: noon + .seconds(9))
            guard case .busy(let holder, let until) = answer else {
                Issue.record("answered \(answer)")
                return
            }
            #expect(holder == "first" && until == noon + .seconds(60))
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a lease that is over by the clock holds where the clock isn't to be believed`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            _ = try await ledger.take(1, by: "first")
            let late = noon + .seconds(600)
            var request = ClaimRequest(
                flow: "main", limit: 9, holder: "second", now: late, until: late + .seconds(60), dueBy: late, leasesEndBy: noon)
            #expect(try await ledger.claimDue(request).isEmpty)
            let answer = try await ledger.claim(key(1), by: "second", leasesEndBy: noon, until: late)
            guard case .busy = answer else {
                Issue.record("answered \(answer)")
                return
            }
            request.leasesEndBy = late
            #expect(try await ledger.claimDue(request).count == 1)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `an expired lease is taken over, at the millisecond it ends`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            let first = try await ledger.take(1, by: "first")
            _ = try await ledger.take(2, by: "first")
            #expect(try await ledger.claimedIDs(at: noon + .milliseconds(59_999)) == [])
            let end = noon + .seconds(60)
            let second = try await ledger.take(1, by: "second", at: end)
            #expect(second.claim.token > first.claim.token)
            #expect(try await ledger.claimedIDs(by: "third", at: end) == [2])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `what whoever asks is at work on isn't handed out to it, though its lease be over`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2, 3, 4)
            #expect(try await ledger.claimedIDs(limit: 2) == [1, 2])
            let end = noon + .seconds(60)
            #expect(try await ledger.claimedIDs(limit: 2, at: end, inHand: [1, 2]) == [3, 4])
            #expect(try await ledger.claimedIDs(by: "another", at: end) == [1, 2])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a worker that comes too late can't append, and nothing of it is written`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let late = try await ledger.take(1, by: "late")
            let current = try await ledger.take(1, by: "current", at: noon + .seconds(60))
            let before = try await ledger.row(key(1))
            let payload = StoredPayload(digest: "d", bytes: [1])
            await #expect(throws: LedgerError.claimLost(key(1))) { try await ledger.append(late.change(payload: payload)) }
            #expect(try await ledger.journal(key(1)).isEmpty)
            #expect(try await ledger.payload(key(1), digest: "d") == nil)
            let after = try await ledger.row(key(1))
            #expect(after == before)
            try await ledger.append(current.change())
            #expect(try await ledger.journal(key(1)).count == 1)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a worker whose lease ended unnoticed may still append, as long as nobody has taken over`(_ kind: LedgerKind)
        async throws
    {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let order = try await ledger.take(1)
            try await ledger.append(order.change(at: noon + .seconds(600)))
            #expect(try await ledger.journal(key(1)).count == 1)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a claim that was given back is no right to append`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            let released = try await ledger.take(1)
            try await ledger.release([released.claim])
            await #expect(throws: LedgerError.claimLost(key(1))) { try await ledger.append(released.change()) }
            let finished = try await ledger.take(2)
            try await ledger.append(finished.change())
            await #expect(throws: LedgerError.claimLost(key(2))) { try await ledger.append(finished.change()) }
            #expect(try await ledger.journal(key(2)).count == 1)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `giving back changes nothing but the claim, and only the giver's`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let before = try await ledger.row(key(1))
            let late = try await ledger.take(1, by: "late")
            let current = try await ledger.take(1, by: "current", at: noon + .seconds(60))
            try await ledger.release([late.claim])
            #expect(try await ledger.claimedIDs(at: noon + .seconds(61)) == [])
            try await ledger.release([current.claim])
            let after = try await ledger.row(key(1))
            #expect(after == before)
            #expect(try await ledger.claimedIDs(at: noon + .seconds(61)) == [1])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `an order nobody has listed can't be claimed`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            guard case .unknownOrder = try await ledger.claim(key(9), by: "worker", leasesEndBy: noon, until: noon) else {
                Issue.record("it was claimed")
                return
            }
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a claim brings the order as its journal leaves it`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            try await ledger.settle(1, .held, .unpaid, due: noon)
            let order = try await ledger.take(1)
            #expect(order.progress.entryCount == 1 && order.progress.verdict?.reason == .unpaid)
            #expect(order.row.state.standing == .held)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `many workers at once get every order exactly once`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            let listed = (1...200).map { ListedOrder(orderID: $0, reference: nil, modifiedDate: nil) }
            _ = try await ledger.record(listed, flow: "main", shop: "demo", at: noon)
            let claimed = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for worker in 1...16 {
                    group.addTask { try await ledger.claimedIDs(limit: 13, by: "worker \(worker)") }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.sorted() == Array(1...200))
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `whoever goes on working on an order keeps it for as long again`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1)
            let order = try await ledger.take(1)
            var change = order.change(releasesClaim: false)
            change.claimedUntil = noon + .seconds(300)
            try await ledger.append(change)
            let late = noon + .seconds(299)
            guard case .busy = try await ledger.claim(key(1), by: "other", leasesEndBy: late, until: late + .seconds(60)) else {
                Issue.record("the order was given away")
                return
            }
            _ = try await ledger.take(1, by: "other", at: noon + .seconds(300))
        }
    }
}
