import OrderFlow
package import Orders
package import SinkKit
import Synchronization

/// Shows another ledger as it is and forgets everything it is told, except what a run needs to know of its own listing.
package final class DryRunLedger: LedgerOverlay {
    private let base: any Ledger

    private struct Session {
        /// What is handed out next: listed orders that the base doesn't know or shows differently, or a page of its due ones.
        var next: ArraySlice<OrderKey> = []
        /// How far the base's own due orders were handed out.
        var cursor: Int64 = 0
        var handedOut: Set<OrderKey> = []
        var listed: [OrderKey: ListedOrder] = [:]
        /// What the orders are made ready with now.
        var preparedWith: String?
    }

    /// By the names of the flows.
    private let sessions = Mutex<[String: Session]>([:])

    package init(_ base: any Ledger) { self.base = base }

    package var identity: LedgerIdentity { base.identity }

    package func readable() -> any Ledger { base }

    package func register(_ registration: FlowRegistration) {}
    package func tryLockPull(flow: String) -> PullLock? { PullLock {} }
    package func remember(_ clock: ClockRecord) {}
    package func remember(_ memory: FlowMemory, flow: String) {}
    package func append(_ change: LedgerChange) {}
    package func release(_ claims: [Claim]) {}
    package func nextWaiting(flow: String) -> Timestamp? { nil }
    package func record(_ run: RunRecord) {}
    package func keep(_ message: InboundMessage, flow: String) {}
    package func settle(_ outcome: MessageOutcome) {}

    package func record(
        _ listed: [ListedOrder], flow: String, shop: String, at now: Timestamp
    ) async throws(LedgerError) -> ListingCount {
        var count = ListingCount()
        for order in listed {
            let key = OrderKey(shop: shop, orderID: order.orderID)
            // Of two flows that list an order, the first has it.
            if let first = lister(of: key), first != flow { continue }
            if let known = try await base.row(key) {
                guard known.flow == flow else { continue }
                guard let modified = order.modifiedDate, modified != known.state.modifiedDate else { continue }
                count.changed += 1
            } else {
                count.new += 1
            }
            withSession(flow) { session in
                session.next.append(key)
                session.listed[key] = order
            }
        }
        return count
    }

    private func withSession<Value>(_ flow: String, _ body: (inout Session) -> Value) -> Value {
        sessions.withLock { body(&$0[flow, default: Session()]) }
    }

    private func lister(of key: OrderKey) -> String? {
        sessions.withLock { $0.first { $0.value.listed[key] != nil }?.key }
    }

    package func wake(flow: String, preparedWith: String, limit: Int, at now: Timestamp) -> Int {
        withSession(flow) { $0.preparedWith = preparedWith }
        return 0
    }

    package func claimDue(_ request: ClaimRequest) async throws(LedgerError) -> [ClaimedOrder] {
        var claimed: [ClaimedOrder] = []
        while claimed.count < request.limit, let key = try await nextDue(request) {
            if let order = try await load(key, flow: request.flow, at: request.now) { claimed.append(order) }
        }
        return claimed
    }

    /// First what was listed, then what is due in the base, each once.
    private func nextDue(_ request: ClaimRequest) async throws(LedgerError) -> OrderKey? {
        while true {
            let next: OrderKey? = withSession(request.flow) { $0.next.popFirst() }
            if let next {
                if withSession(request.flow, { $0.handedOut.insert(next).inserted }) { return next }
                continue
            }
            let cursor = withSession(request.flow) { $0.cursor }
            let rows = try await base.rows(OrderFilter(flow: request.flow), after: cursor, limit: 256)
            guard let last = rows.last else { return nil }
            withSession(request.flow) { session in
                session.cursor = last.position
                let preparedWith = session.preparedWith
                let due = rows.filter { row in
                    if let dueAt = row.state.dueAt { return dueAt <= request.dueBy }
                    return row.state.lackedWith != nil && preparedWith != nil && row.state.lackedWith != preparedWith
                }
                session.next = ArraySlice(due.map(\.key))
            }
        }
    }

    package func claim(
        _ key: OrderKey, by holder: String, leasesEndBy: Timestamp, until: Timestamp
    ) async throws(LedgerError) -> ClaimAnswer {
        let flow = lister(of: key)
        guard let order = try await load(key, flow: flow, at: base.identity.createdAt), flow != nil || order.row.position > 0
        else {
            return .unknownOrder
        }
        return .claimed(order)
    }

    private func load(_ key: OrderKey, flow: String?, at now: Timestamp) async throws(LedgerError) -> ClaimedOrder? {
        let known = try await base.row(key)
        let listed =
            flow.flatMap { withSession($0) { $0.listed[key] } }
            ?? ListedOrder(orderID: key.orderID, reference: nil, modifiedDate: nil)
        let row =
            known
            ?? OrderRow(
                position: 0, key: key, flow: flow ?? "", firstListedAt: now, updatedAt: now,
                state: RowState(listed: listed, at: now), isListedOffline: listed.isOffline)
        return ClaimedOrder(
            claim: Claim(key: key, token: 0), row: row, progress: OrderProgress(try await base.journal(key)))
    }

    package func rows(named name: String) async throws(LedgerError) -> [OrderRow] {
        var rows = try await base.rows(named: name)
        let listed = sessions.withLock { sessions in
            sessions.flatMap { flow, session in
                session.next.filter { session.listed[$0]?.reference == name || String($0.orderID) == name }.map { (flow, $0) }
            }
        }
        for (flow, key) in listed where !rows.contains(where: { $0.key == key }) {
            if let order = try await load(key, flow: flow, at: base.identity.createdAt) { rows.append(order.row) }
        }
        return rows
    }
}
