package import Orders

/// Filters of the shop's order list; those given are joined with AND (CloudSuite, "Orders GET - json").
package struct OrderQuery: Sendable, Equatable {
    package var state: OrderState?
    /// Inclusive; rounded down to a whole second, which is all that the filter takes.
    package var confirmedFrom: Timestamp?
    /// Inclusive; rounded up to a whole second, so that no order of that second is left out.
    package var confirmedUntil: Timestamp?
    package var isOffline: Bool?
    package var reference: String?
    package var webshop: Int64?

    package init() {}

    /// Name and value of each filter, in a fixed order.
    func items(_ clock: ShopClock) -> [(name: String, value: String)] {
        var items: [(name: String, value: String)] = []
        if let state { items.append(("state", state.rawValue)) }
        if let confirmedFrom { items.append(("confirm_date__gte", clock.text(confirmedFrom))) }
        if let confirmedUntil { items.append(("confirm_date__lte", clock.text(confirmedUntil + .milliseconds(999)))) }
        if let isOffline { items.append(("offline", isOffline ? "true" : "false")) }
        if let reference { items.append(("reference", reference)) }
        if let webshop { items.append(("webshop", String(webshop))) }
        return items
    }
}
