package import Orders

/// What the seller says to an order, line by line: the input of every confirmation document.
package struct OrderConfirmation: Sendable, Equatable {
    /// The confirmation's own number, unique for its sender.
    package var number: String
    package var order: OrderIdentity
    package var time: ZonedTime
    /// ISO 4217.
    package var currency: String
    package var comment: String?
    package var buyer: DocumentParty?
    package var supplier: DocumentParty?
    /// In the order's sequence; empty for an order that is accepted as a whole.
    package var lines: [ConfirmedLine]

    package init(number: String, order: OrderIdentity, time: ZonedTime, currency: String, lines: [ConfirmedLine]) {
        self.number = number
        self.order = order
        self.time = time
        self.currency = currency
        self.lines = lines
    }
}

/// One order line, and what becomes of each part of its quantity.
package struct ConfirmedLine: Sendable, Equatable {
    package var orderLineNumber: Int64
    /// `nil` where the ERP didn't take the line.
    package var erpLineNumber: Int64?
    package var article: Article
    /// As ordered, in `unit`.
    package var quantity: ExactDecimal
    package var unit: String
    /// For one unit, as ordered, where it is known.
    package var unitPrice: ExactDecimal?
    /// Their quantities add up to `quantity`.
    package var parts: [ConfirmedPart]

    package init(
        orderLineNumber: Int64, erpLineNumber: Int64?, article: Article, quantity: ExactDecimal, unit: String = "EA",
        parts: [ConfirmedPart]
    ) {
        self.orderLineNumber = orderLineNumber
        self.erpLineNumber = erpLineNumber
        self.article = article
        self.quantity = quantity
        self.unit = unit
        self.parts = parts
    }
}

/// A part of a line's quantity that shares one fate.
package struct ConfirmedPart: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        case accepted
        /// Accepted at another price for one unit.
        case repriced(ExactDecimal)
        /// Accepted otherwise than ordered; how is at most told in words.
        case changed
        case backordered
        case rejected
    }

    package var quantity: ExactDecimal
    package var outcome: Outcome
    /// When it is to arrive, where that differs from what was asked for.
    package var deliveryTime: ZonedTime?
    package var reason: String?

    package init(quantity: ExactDecimal, outcome: Outcome, deliveryTime: ZonedTime? = nil, reason: String? = nil) {
        self.quantity = quantity
        self.outcome = outcome
        self.deliveryTime = deliveryTime
        self.reason = reason
    }
}
