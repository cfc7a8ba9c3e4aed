package import Orders

/// An order as the simulated Khumbu holds it.
package struct KhumbuOrder: Sendable, Equatable {
    package enum State: String, Sendable {
        /// Parked until it is fired.
        case hold
        /// The POS was asked, and hasn't answered.
        case atPOS = "at_pos"
        case succeeded, failed, cancelled
        /// Taken by the POS, and it was asked to cancel it.
        case cancelling
    }

    package struct Item: Sendable, Equatable {
        package let id: String
        package let name: String
        /// For one, as it was sent.
        package let price: ExactDecimal
        package let quantity: Int
        /// Those within options too.
        package let optionIDs: [String]
    }

    package let providerOrderID: String
    package let providerStoreID: String
    /// Khumbu's own id.
    package let ksOrderID: String
    package let partnerOrderID: String
    package let items: [Item]
    package var state: State
    /// How often the POS was given it.
    package var timesAtPOS = 0

    package var json: JSONValue {
        [
            "ks_order_id": .text(ksOrderID), "partner_order_id": .text(partnerOrderID), "state": .text(state.rawValue),
            "times_at_pos": .integer(timesAtPOS),
            "items": .array(
                items.map {
                    ["id": .text($0.id), "quantity": .integer($0.quantity), "options": .array($0.optionIDs.map { .text($0) })]
                }),
        ]
    }
}

/// What really happened under one `providerOrderId`.
package struct KhumbuAudit: Sendable, Equatable {
    /// Creates that came, whatever became of them.
    package var creates = 0
    /// Creates that were taken.
    package var accepted = 0
    package var fires = 0
    package var cancels = 0
    /// Orders that the POS was given.
    package var ordersAtPOS = 0
    /// `orderStatus` of the webhooks that were taken with 200, in their order.
    package var told: [String] = []

    package init() {}

    package var json: JSONValue {
        [
            "creates": .integer(creates), "accepted": .integer(accepted), "fires": .integer(fires), "cancels": .integer(cancels),
            "orders_at_pos": .integer(ordersAtPOS), "told": .array(told.map { .text($0) }),
        ]
    }
}
