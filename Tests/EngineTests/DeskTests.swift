import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import SinkKit
import Testing
import Transport

/// What a person orders by what is known, where that changes before the order is free.
@Suite struct DeskTests {
    /// Does something the first time that somebody waits.
    private final class Interlude: Timekeeper, @unchecked Sendable {
        private let clock = SystemTimekeeper()
        private var action: (() async throws -> Void)?

        init(_ action: @escaping () async throws -> Void) { self.action = action }

        var millisecondsSince1970: Int64 { clock.millisecondsSince1970 }

        func sleep(milliseconds: Int64) async throws {
            let action = action
            self.action = nil
            try await action?()
        }
    }

    private func desk(_ bench: Workbench, waiting interlude: @escaping () async throws -> Void) -> OrderDesk {
        var surroundings = bench.surroundings
        surroundings.timekeeper = Interlude(interlude)
        return OrderDesk(bench.flow, surroundings: surroundings)
    }

    private let again = PersonDecision(kind: .createAgain, by: "ops", reason: "I looked: the ERP hasn't got it")

    @Test(arguments: [false, true])
    func `another create is refused where one was sent while the command waited for the order`(_ wasUnderWay: Bool) async throws {
        let bench = try await Workbench(.neither)
        let key = OrderKey(shop: "test", orderID: Int64(bench.orderID))
        let now = bench.surroundings.now
        let ledger: any Ledger = bench.ledger
        _ = try await ledger.record(
            [ListedOrder(orderID: key.orderID, reference: nil, modifiedDate: nil)], flow: "main", shop: "test", at: now)
        guard case .claimed(let cron) = try await ledger.claim(key, by: "cron", leasesEndBy: now, until: now + .seconds(60))
        else {
            Issue.record("nobody has it")
            return
        }
        let intent = JournalEvent.createIntended(
            CreateIntent(attempt: 1, generation: 1, contentDigest: "content", payloadDigest: "payload"))
        let ended = JournalEvent.createEnded(attempt: 1, .unknown("the connection ended"))
        func append(_ events: [JournalEvent], releases: Bool) async throws {
            let count = try await ledger.journal(key).count
            let entries = events.enumerated().map { JournalEntry(sequence: count + $0 + 1, at: now, event: $1) }
            try await ledger.append(
                LedgerChange(claim: cron.claim, at: now, entries: entries, state: nil, releasesClaim: releases))
        }
        if wasUnderWay { try await append([intent], releases: false) }
        let desk = desk(bench) { try await append(wasUnderWay ? [ended] : [intent, ended], releases: true) }
        await #expect(throws: OrderDesk.Refusal.self) { try await desk.rerun(key, [again]) }
        #expect(bench.erp.requestCounts["POST orders"] ?? 0 == 0)
        // Said once more by somebody who knows of it.
        _ = try await bench.desk.rerun(key, [again])
        #expect(bench.erp.orders.count == 1)
        await bench.stop()
    }
}
