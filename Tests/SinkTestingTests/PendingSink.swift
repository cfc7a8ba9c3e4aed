import Orders
import SinkKit
import SinkTesting
import Synchronization
import Testing

/// A sink whose ERP takes orders in at once and says only after a while what became of them.
private final class PendingSink: ERPSink {
    let capabilities = SinkCapabilities(sinkClass: .key(retention: nil, latestEffect: .zero))
    private let base: ReferenceSink
    private let isDead = Mutex(false)
    private let polls = Mutex(0)

    /// So many polls it takes.
    private static let pollsNeeded = 4

    init(_ erp: ReferenceERP) { base = ReferenceSink(erp) }

    func kill() { isDead.withLock { $0 = true } }

    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        try await base.find(key, context)
    }

    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        if isDead.withLock({ $0 }) { throw SinkError(.unknownOutcome, "the program ended") }
        guard case .accepted = try await base.create(order, context) else { return .rejected([SinkFault(message: "no")]) }
        return .pending(SinkTicket("\(order.key.order.orderID)"))
    }

    /// As a plugin's host says it: a poll that wasn't answered had no effect.
    func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        await Task.yield(for: .milliseconds(30))
        if isDead.withLock({ $0 }) { throw SinkError(.unavailable, "the program ended") }
        let count = polls.withLock { polls in
            polls += 1
            return polls
        }
        if count < Self.pollsNeeded { return .pending(ticket) }
        let key = IdempotencyKey(order: OrderKey(shop: "sinkcheck", orderID: Int64(ticket.text) ?? 0))
        guard let receipt = try await base.find(key, context) else { throw SinkError(.conflict, "there is no such order") }
        return .accepted(receipt)
    }

    func check(_ context: SinkContext) async throws(SinkError) -> [String] { ["fine"] }
}

@Suite struct PendingSinkTests {
    @Test func `a kill that strikes a poll leaves an order that its ticket still tells of`() async throws {
        let erp = ReferenceERP("K", nil)
        var target = SinkUnderTest.reference()
        target.open = { PendingSink(erp) }
        target.auditor = SinkAuditor(orders: { key in erp.orders(key).map { SinkAuditedOrder(number: $0.number) } })
        target.process = SinkProcess(open: { PendingSink(erp) }, kill: { ($0 as? PendingSink)?.kill() })
        target.process?.meetsMishaps = false
        let found = try await verdict("create.killed", target)
        guard case .held(let seen)? = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(seen.contains("the error unavailable") && seen.contains("polled: accepted"), "\(seen)")
    }
}
