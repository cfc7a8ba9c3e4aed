import CloudSuite
package import Ledger
import OrderFlow
import Orders

/// Orders by what people call them.
extension OrderDesk {
    /// Gives orders that the shop knows by this reference, and the ledger doesn't, a row.
    ///
    /// - Returns: all rows of that name.
    package func rows(named name: String, webshop: Int64?) async throws(Refusal) -> [OrderRow] {
        let known = try await rows(name, webshop)
        if !known.isEmpty { return known }
        try await register()
        let listed = try await shop { shop throws(ShopError) in
            try await self.listed(reference: name, webshop ?? flow.policy.webshop, shop)
        }
        let found = listed.isEmpty ? try await listedByID(name) : listed
        guard !found.isEmpty else { return [] }
        if flow.policy.offline == .ignore, found.contains(where: \.isOffline) { throw .notPossible(Self.placedElsewhere) }
        _ = try await ledger { ledger throws(LedgerError) in
            try await ledger.record(found, flow: flow.name, shop: flow.shopName, at: surroundings.now)
        }
        return try await rows(name, webshop)
    }

    /// Where an order of that reference is that no flow of this shop's may take: its id and its webshop's.
    package func elsewhere(named name: String) async throws(Refusal) -> (id: Int64, webshop: Int64)? {
        guard let own = flow.policy.webshop else { return nil }
        do throws(ShopError) {
            for entry in try await flow.shop.orders(reference: name) {
                if let webshop = try await flow.shop.order(entry.id).reading.webshop, webshop != own {
                    return (entry.id, webshop)
                }
            }
            return nil
        } catch { throw .stopped(FlowStop(error)) }
    }

    private func rows(_ name: String, _ webshop: Int64?) async throws(Refusal) -> [OrderRow] {
        try await ledger { ledger throws(LedgerError) in try await ledger.rows(named: name) }.filter { row in
            row.flow == flow.name && row.mayBe(inWebshop: webshop)
        }
    }

    /// What a refusal means here is that the shop has no such order.
    private func shop(
        _ body: (CloudSuiteClient) async throws(ShopError) -> [ListedOrder]
    ) async throws(Refusal) -> [ListedOrder] {
        do throws(ShopError) { return try await body(flow.shop) } catch {
            if error.failureClass == .rejected { return [] }
            throw .stopped(FlowStop(error))
        }
    }

    /// That an order is offline only the lists say (``OfflineListing``): one that the list without them has isn't, as for a run.
    private func listed(
        reference: String, _ webshop: Int64?, _ shop: CloudSuiteClient
    ) async throws(ShopError) -> [ListedOrder] {
        let others = try await shop.orders(reference: reference, webshop: webshop, isOffline: false)
        guard others.isEmpty || flow.policy.offline == .markSent else { return others.map { ListedOrder($0, isOffline: false) } }
        let offline = try await shop.orders(reference: reference, webshop: webshop, isOffline: true)
        if let both = offline.first(where: { entry in others.contains { $0.id == entry.id } }) {
            throw ShopError(.misconfigured, OfflineListing.ambiguity(both, flow))
        }
        return others.map { ListedOrder($0, isOffline: false) } + offline.map { ListedOrder($0, isOffline: true) }
    }

    private func listedByID(_ name: String) async throws(Refusal) -> [ListedOrder] {
        guard let id = Int64(name) else { return [] }
        var mayBeOffline = false
        let found = try await shop { shop throws(ShopError) in
            let reading = try await shop.order(id).reading
            let reference = reading.reference ?? ""
            let lists = reference.isEmpty ? [] : try await listed(reference: reference, reading.webshop, shop)
            if let entry = lists.first(where: { $0.orderID == id }) { return [entry] }
            mayBeOffline = OfflineListing.states.contains(reading.state)
            return [ListedOrder(orderID: id, reference: reading.reference, modifiedDate: reading.modifiedDate)]
        }
        guard !mayBeOffline else {
            throw .notPossible(
                "the shop's lists don't show it by its reference, so nothing tells whether it was placed elsewhere, and such orders never "
                    + "go to the ERP")
        }
        return found
    }
}

extension ListedOrder {
    fileprivate init(_ entry: ListPage.Entry, isOffline: Bool) {
        self.init(
            orderID: entry.id, reference: entry.reference, modifiedDate: entry.modifiedDate, isOffline: isOffline)
    }
}
