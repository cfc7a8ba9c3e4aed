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
        /// What the shop calls orders that it listed without an id.
        var withoutID: [String] = []
        var isComplete = true

        /// Takes in how a list's walk ended.
        mutating func add(_ ending: ListReading.Ending) {
            total += ending.seen
            foreign += ending.foreign
            withoutID += ending.withoutID.filter { !withoutID.contains($0) }
            isComplete = isComplete && ending.isComplete && ending.withoutID.isEmpty
        }
    }

    /// The watermark moves only when every selected state's list was walked to its end with every id recorded.
    func run() async throws(FlowStop) -> Result {
        let now = surroundings.now
        let memory = try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.memory(flow: flow.name) }
        let isSweep = flow.pull.isSweepDue(memory.sweptAt, at: now)
        var result = Result()
        var listingBegan: Timestamp?
        for state in flow.policy.selectedStates {
            let query = flow.query(
                state, isOffline: false, confirmedFrom: isSweep ? flow.pull.since : flow.pull.from(memory.watermark))
            let reading = ListReading(query: query, flow: flow, surroundings: surroundings)
            let ending = try await reading.run { page throws(FlowStop) in
                listingBegan = listingBegan ?? page.serverTime
                result.new += try await record(page.entries)
                return true
            }
            result.add(ending)
        }
        if flow.policy.cancel == .erp { result.add(try await cancelled(isSweep: isSweep, at: now, &result.new)) }
        if result.isComplete {
            var memory = memory
            memory.watermark = listingBegan ?? now
            if isSweep { memory.sweptAt = now }
            try await surroundings.ledger { [memory] ledger throws(LedgerError) in
                try await ledger.remember(memory, flow: flow.name)
            }
        }
        surroundings.warn(of: result, flow)
        return result
    }

    /// How long ago an order may have been confirmed whose cancellation is looked for by each listing; others' by sweeps.
    private static let cancelledWithin: Duration = .seconds(86_400)

    /// The orders that the shop cancelled: where the ERP has one, it is cancelled there, too. An order may be cancelled long after it was
    /// confirmed, so the watermark, which goes by that, is of no use here.
    private func cancelled(isSweep: Bool, at now: Timestamp, _ new: inout Int) async throws(FlowStop) -> ListReading.Ending {
        let query = flow.query(
            .cancelled, isOffline: false,
            confirmedFrom: isSweep ? flow.pull.since : max(flow.pull.since, now - Self.cancelledWithin))
        var found = 0
        let ending = try await ListReading(query: query, flow: flow, surroundings: surroundings).run { page throws(FlowStop) in
            found += try await record(page.entries)
            return true
        }
        new += found
        return ending
    }

    /// - Returns: how many were new.
    private func record(_ entries: [ListPage.Entry]) async throws(FlowStop) -> Int {
        guard !entries.isEmpty else { return 0 }
        let listed = entries.map { ListedOrder(orderID: $0.id, reference: $0.reference, modifiedDate: $0.modifiedDate) }
        return try await surroundings.ledger { ledger throws(LedgerError) in
            try await ledger.record(listed, flow: flow.name, shop: flow.shopName, at: surroundings.now).new
        }
    }
}

extension PullPolicy {
    func isSweepDue(_ sweptAt: Timestamp?, at now: Timestamp) -> Bool {
        sweptAt.map { now - $0 >= sweepEvery } ?? true
    }

    /// From when on a listing that isn't a sweep asks for orders.
    func from(_ watermark: Timestamp?) -> Timestamp { max(since, (watermark ?? since) - overlap) }
}

extension Surroundings {
    func warn(of result: Listing.Result, _ flow: Flow) {
        if !result.isComplete, result.withoutID.isEmpty, !stop.isRequested {
            logger.warning(
                "The list changed too fast to see all of it; the next run begins where this one began",
                metadata: ["flow": "\(flow.name)", "seen": "\(result.total)"])
        }
        if result.foreign > 0 {
            logger.warning(
                "The shop lists orders that don't match the filter; they are left out",
                metadata: ["flow": "\(flow.name)", "orders": "\(result.foreign)"])
        }
    }
}
