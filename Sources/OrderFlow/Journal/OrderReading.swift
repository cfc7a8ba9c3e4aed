package import Orders
package import SinkKit

/// What one read of the shop's order showed, as far as decisions need it. Holds no personal data.
package struct OrderReading: Sendable, Equatable {
    /// When the request was begun: nothing edited before that instant is missing from it.
    package var beganAt: Timestamp
    package var state: OrderState
    package var payment: PaymentStatus?
    package var shipment: ShipmentState?
    package var erpOrderNumber: String?
    package var webshop: Int64?
    package var isOffline: Bool?
    package var reference: String?
    package var confirmedAt: Timestamp?
    /// As the shop spells it.
    package var modifiedDate: String?
    /// SHA-256 over what the ERP is told, in hexadecimal: changes when and only when that changes.
    package var contentDigest: String
    /// The pushed lines.
    package var lines: [LineNumber]
    /// Everything about the order's data that makes it unfit to be pushed.
    package var faults: [SinkFault]
    package var totals: Totals?

    package struct LineNumber: Sendable, Equatable {
        /// ``Orders/OrderLine/key``.
        package var key: String
        package var erpLineNumber: Int64?

        package init(key: String, erpLineNumber: Int64?) {
            self.key = key
            self.erpLineNumber = erpLineNumber
        }
    }

    /// What the shop states as the total without tax, against the sum of its lines.
    package struct Totals: Sendable, Equatable {
        package var stated: ExactDecimal
        package var summed: ExactDecimal

        package init(stated: ExactDecimal, summed: ExactDecimal) {
            self.stated = stated
            self.summed = summed
        }
    }

    package init(beganAt: Timestamp, state: OrderState, contentDigest: String) {
        self.beganAt = beganAt
        self.state = state
        self.contentDigest = contentDigest
        lines = []
        faults = []
    }

    /// Whether anything stands differently that could reopen an order that was given up on.
    package func differs(from other: OrderReading) -> Bool {
        state != other.state || payment != other.payment || contentDigest != other.contentDigest
    }

    /// Whether the two show the same, whenever they were made.
    package func showsTheSame(as other: OrderReading) -> Bool {
        var moved = other
        moved.beganAt = beganAt
        return self == moved
    }

    /// Whether `now` is close enough for a write or a create to rely on this.
    package func isFresh(at now: Timestamp) -> Bool {
        (now - beganAt) <= FlowPolicy.readAgeMax && beganAt <= now
    }
}
