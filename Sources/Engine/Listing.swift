import CloudSuite
import Ledger
import Logging
import OrderFlow
import Orders

/// Lists the shop's orders and gives every one a row, page by page.
struct Listing {
    let flow: Flow
    let surroundings: Surroundings

    struct Result {
        var total = 0
        var new = 0
        /// Orders the shop listed although they don't match the filter.
        var foreign = 0
        var isComplete = true
    }

    /// The watermark moves only when every selected state's list was walked to its end with every id recorded.
    func run() async throws(FlowStop) -> Result {
        let now = surroundings.now
        let memory = try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.memory(flow: flow.name) }
        let isSweep = memory.sweptAt.map { now - $0 >= flow.pull.sweepEvery } ?? true
        let from = isSweep ? flow.pull.since : max(flow.pull.since, (memory.watermark ?? flow.pull.since) - flow.pull.overlap)
        var result = Result()
        var listingBegan: Timestamp?
        for state in flow.policy.selectedStates {
            var query = OrderQuery()
            query.state = state
            query.confirmedFrom = from
            query.isOffline = false
            query.webshop = flow.policy.webshop
            try await walk(query, into: &result, listingBegan: &listingBegan)
        }
        if result.isComplete {
            let watermark = FlowMemory(watermark: listingBegan ?? now, sweptAt: isSweep ? now : memory.sweptAt)
            try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.remember(watermark, flow: flow.name) }
        } else {
            surroundings.logger.warning(
                "The list changed too fast to see all of it; the next run begins where this one began",
                metadata: ["flow": "\(flow.name)", "seen": "\(result.total)"])
        }
        if result.foreign > 0 {
            surroundings.logger.warning(
                "The shop lists orders that don't match the filter; they are left out",
                metadata: ["flow": "\(flow.name)", "orders": "\(result.foreign)"])
        }
        return result
    }

    private func walk(_ query: OrderQuery, into result: inout Result, listingBegan: inout Timestamp?) async throws(FlowStop) {
        var walk = ListWalk()
        var step = walk.first
        while true {
            let page: ListPage
            do throws(ShopError) {
                switch step {
                case .fetch(let offset): page = try await flow.shop.page(query, offset: offset)
                case .follow(let rawQuery): page = try await flow.shop.page(rawQuery: rawQuery)
                case .end(let complete):
                    result.total += walk.seenCount
                    result.isComplete = result.isComplete && complete
                    return
                }
            } catch { throw FlowStop(error) }
            listingBegan = listingBegan ?? page.serverTime
            let (next, new) = walk.received(page)
            try await record(new, query: query, into: &result)
            step = surroundings.stop.isRequested ? .end(complete: false) : next
        }
    }

    /// A server that doesn't know a filter ignores it (inferred), so the state is checked here once more.
    private func record(_ entries: [ListPage.Entry], query: OrderQuery, into result: inout Result) async throws(FlowStop) {
        let matching = entries.filter { $0.state == nil || $0.state == query.state }
        result.foreign += entries.count - matching.count
        guard !matching.isEmpty else { return }
        let listed = matching.map { ListedOrder(orderID: $0.id, reference: $0.reference, modifiedDate: $0.modifiedDate) }
        let count = try await surroundings.ledger { ledger throws(LedgerError) in
            try await ledger.record(listed, flow: flow.name, shop: flow.shopName, at: surroundings.now)
        }
        result.new += count.new
    }
}

extension FlowStop {
    /// A failed call that isn't about one order.
    init(_ error: ShopError) {
        switch error.failureClass {
        case .unauthorized: self = .unauthorized(error.message)
        case .misconfigured, .rejected: self = .misconfigured(error.message)
        case .transient, .throttled, .outage, .unknown, .conflict: self = .outage(error.message)
        }
    }
}
