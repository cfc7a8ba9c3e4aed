import CloudSuite
import Ledger
import Logging
import OrderFlow
import Orders

/// Lists the orders that were placed elsewhere, for a flow that marks them as sent, and gives every one a row that says so.
///
/// The shop's order doesn't say that it is offline, so its list must be believed; and a shop that doesn't know a filter ignores it
/// (inferred). So where any order is new, the list of the others is walked too, and an order in both refuses the flow before
/// anything is recorded.
struct OfflineListing {
    let flow: Flow
    let surroundings: Surroundings

    /// Orders of other states aren't offline ones (CloudSuite, "Orders POST (offline orders) - json").
    static let states: [OrderState] = [.processing, .done]
    /// Rows made in one transaction.
    private static let batchMax = 500

    /// Whatever comes of it, the main list's watermark stays as it is: this list has its own.
    ///
    /// - Throws: ``FlowStop/misconfigured(_:)`` where the shop ignores the filter.
    func run() async throws(FlowStop) -> Listing.Result {
        let now = surroundings.now
        let memory = try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.memory(flow: flow.name) }
        let isSweep = flow.pull.isSweepDue(memory.offlineSweptAt, at: now)
        // Nothing says that an order placed elsewhere has a confirm_date: the sweep asks for them all.
        let from = isSweep ? nil : flow.pull.from(memory.offlineWatermark)
        var result = Listing.Result()
        var listingBegan: Timestamp?
        var listed: [ListedOrder] = []
        var unknown: Set<Int64> = []
        for state in Self.states {
            let ending = try await list(true, state, from).run { page throws(FlowStop) in
                listingBegan = listingBegan ?? page.serverTime
                for entry in page.entries {
                    let row = try await surroundings.row(flow.key(entry.id))
                    if row == nil { unknown.insert(entry.id) }
                    // One that the ledger knows as something else stays what it is.
                    guard row?.isListedOffline ?? true else { continue }
                    listed.append(
                        ListedOrder(
                            orderID: entry.id, reference: entry.reference, modifiedDate: entry.modifiedDate, isOffline: true))
                }
                return true
            }
            result.add(ending)
        }
        if !unknown.isEmpty {
            guard try await areDisjoint(unknown, from) else {
                surroundings.logger.warning(
                    "The list of orders that aren't offline couldn't be seen whole; no offline order is taken")
                return Listing.Result()
            }
        }
        result.new = try await record(listed)
        if result.isComplete { try await remember(listingBegan ?? now, sweptAt: isSweep ? now : nil) }
        surroundings.warn(of: result, flow)
        return result
    }

    private func list(_ isOffline: Bool, _ state: OrderState, _ from: Timestamp?) -> ListReading {
        ListReading(
            query: flow.query(state, isOffline: isOffline, confirmedFrom: from), flow: flow, surroundings: surroundings)
    }

    /// Whether none of them is among the orders that aren't offline; `false` where nobody knows.
    ///
    /// - Throws: ``FlowStop/misconfigured(_:)`` where one is.
    private func areDisjoint(_ offline: Set<Int64>, _ from: Timestamp?) async throws(FlowStop) -> Bool {
        for state in Self.states {
            var both: ListPage.Entry?
            let ending = try await list(false, state, from).run { page throws(FlowStop) in
                both = page.entries.first { offline.contains($0.id) }
                return both == nil
            }
            if let both {
                throw .misconfigured(Self.ambiguity(both, flow))
            }
            guard ending.isComplete else { return false }
        }
        return true
    }

    static func ambiguity(_ entry: ListPage.Entry, _ flow: Flow) -> String {
        "the shop lists order \(entry.reference ?? String(entry.id)) both as offline and as not offline, so it ignores that filter, and "
            + "nothing tells which orders were placed elsewhere; set 'offline: ignore' for flow '\(flow.name)'"
    }

    private func record(_ listed: [ListedOrder]) async throws(FlowStop) -> Int {
        var new = 0
        for start in stride(from: 0, to: listed.count, by: Self.batchMax) {
            let batch = Array(listed[start..<min(start + Self.batchMax, listed.count)])
            new += try await surroundings.ledger { ledger throws(LedgerError) in
                try await ledger.record(batch, flow: flow.name, shop: flow.shopName, at: surroundings.now).new
            }
        }
        return new
    }

    private func remember(_ began: Timestamp, sweptAt: Timestamp?) async throws(FlowStop) {
        try await surroundings.ledger { ledger throws(LedgerError) in
            var memory = try await ledger.memory(flow: flow.name)
            memory.offlineWatermark = began
            memory.offlineSweptAt = sweptAt ?? memory.offlineSweptAt
            try await ledger.remember(memory, flow: flow.name)
        }
    }
}
