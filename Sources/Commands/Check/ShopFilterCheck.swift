import CloudSuite
import Engine
import OrderFlow
import Orders
import Transport

/// Asks a shop which of its list's filters it knows, and what it does with one that it doesn't.
struct ShopFilterCheck {
    let flow: Flow
    let subject: String
    let now: Timestamp

    func run(everything: ListPage) async throws(ShopError) -> [Finding] {
        let unknown = try await unknownFilter(everything)
        let future = flow.shop.settings.clock.text(Self.future(now))
        return [
            try await offlineFilter(), try await dateFilter(), try await webshopFilter(), unknown,
            try await others(["create_date__gte", "modified_date__gte", "order_date__gte"], value: future, everything, unknown),
            try await others(
                ["payment_status", "shipment_state", "erp_order_number", "customer_order_number"], value: "crossdock-none",
                everything,
                unknown),
        ]
    }

    /// When nothing was confirmed, made or changed yet.
    private static func future(_ now: Timestamp) -> Timestamp { now + .seconds(400 * 86_400) }

    private func offlineFilter() async throws(ShopError) -> Finding {
        var query = OrderQuery()
        query.isOffline = true
        let offline = try await flow.shop.page(query, offset: 0)
        query.isOffline = false
        let online = try await flow.shop.page(query, offset: 0)
        let onlineIDs = Set(online.entries.map(\.id))
        if let both = offline.entries.first(where: { onlineIDs.contains($0.id) }) {
            return Finding(
                subject, .contradicted, "order \(both.id) is listed as offline and as not offline; the filter is ignored")
        }
        return offline.entries.isEmpty
            ? Finding(subject, .cannotTell, "the filter offline: there are no offline orders")
            : Finding(subject, .confirmed, "the filter offline tells the two kinds apart")
    }

    private func dateFilter() async throws(ShopError) -> Finding {
        var query = OrderQuery()
        query.confirmedFrom = Self.future(now)
        let page = try await flow.shop.page(query, offset: 0)
        return page.entries.isEmpty
            ? Finding(subject, .confirmed, "the filter confirm_date__gte leaves out what was confirmed before")
            : Finding(
                subject, .contradicted,
                "the filter confirm_date__gte lets orders of the past through; every run lists all of them")
    }

    private func webshopFilter() async throws(ShopError) -> Finding {
        guard let webshop = flow.policy.webshop else {
            return Finding(subject, .cannotTell, "the filter webshop: the flow names none")
        }
        var query = OrderQuery()
        query.webshop = webshop
        guard let id = try await flow.shop.page(query, offset: 0, limit: 2).entries.first?.id else {
            return Finding(subject, .cannotTell, "the filter webshop=\(webshop): it has no orders; is that its id?")
        }
        let actual = try await flow.shop.order(id).reading.webshop
        return actual == webshop
            ? Finding(subject, .confirmed, "the filter webshop=\(webshop) gives orders of that webshop")
            : Finding(
                subject, .contradicted,
                "the filter webshop=\(webshop) gives order \(id) of webshop \(actual.map(String.init) ?? "?")")
    }

    private func unknownFilter(_ everything: ListPage) async throws(ShopError) -> Finding {
        let what = "a filter it doesn't know"
        guard let page = try await unlessRefused("crossdock_unknown_filter=1&limit=2") else {
            return Finding(subject, .contradicted, "\(what) is refused, which is safer than being ignored")
        }
        return page.count == everything.count
            ? Finding(subject, .confirmed, "\(what) is ignored, so every listed order's state is checked here once more")
            : Finding(subject, .contradicted, "\(what) changes the list")
    }

    /// Filters that Crossdock does without, with a value that no order has: who knows them lists nothing, or refuses the value.
    private func others(
        _ names: [String], value: String, _ everything: ListPage, _ unknown: Finding
    ) async throws(ShopError) -> Finding {
        let list = names.joined(separator: ", ")
        guard !everything.entries.isEmpty, unknown.verdict == .confirmed else {
            return Finding(
                subject, .cannotTell, "whether it knows the filters \(list): what it doesn't know shows in the same way")
        }
        var ignored: [String] = []
        for name in names {
            let page = try await unlessRefused(PercentEncoding.query([(name, value), ("limit", "2")]))
            if let page, !page.entries.isEmpty { ignored.append(name) }
        }
        return ignored.isEmpty
            ? Finding(subject, .confirmed, "it knows the filters \(list); Crossdock does without")
            : Finding(
                subject, .contradicted,
                "of the filters \(list) it ignores \(ignored.count == names.count ? "all" : ignored.joined(separator: ", ")); "
                    + "Crossdock does without")
    }

    /// `nil` where the shop refuses the query.
    private func unlessRefused(_ query: String) async throws(ShopError) -> ListPage? {
        try await ShopError.unlessRefused { () async throws(ShopError) in try await flow.shop.page(rawQuery: query) }
    }
}

extension ShopError {
    /// `nil` where the shop refuses what is asked.
    static func unlessRefused<Answer>(_ ask: () async throws(ShopError) -> Answer) async throws(ShopError) -> Answer? {
        do throws(ShopError) { return try await ask() } catch {
            guard error.failureClass == .rejected else { throw error }
            return nil
        }
    }
}
