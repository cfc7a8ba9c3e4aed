package import Orders
package import SinkKit

/// Everything the decisions about one flow's orders depend on, besides the orders themselves.
package struct FlowPolicy: Sendable, Equatable {
    /// The shop's webshop id; an order of another webshop isn't this flow's.
    package var webshop: Int64?
    /// The shop states from which an order is pushed, usually `confirmed` alone.
    package var selectedStates: [OrderState] = [.confirmed]
    /// The payment statuses with which an order may go.
    package var acceptedPayments: [PaymentStatus] = [.closedSuccess, .paid, .account]
    /// How long after its confirmation an order is left alone, so that the buyer's last edits are in it.
    package var settlingDelay: Duration = .zero
    /// How long an order may be on hold before it is given up on.
    package var giveUpAfter: Duration = .seconds(30 * 86_400)
    package var totalsTolerance: ExactDecimal = ExactDecimal(0)
    package var partial: PartialAcceptance = .quarantine
    package var merge: WriteMerge = .none
    /// With cXML, one document tells the shop the ERP's numbers; `nil`: JSON does.
    package var confirmation: DocumentPolicy?
    /// How long a confirmation that was taken may take to show in the shop's order before its outcome counts as unknown.
    package var confirmationShowsWithin: Duration = .seconds(60)
    /// Whether a trading partner is told by a document what became of the order's lines, once the shop shows the ERP's numbers.
    package var orderResponse: DocumentPolicy?
    /// Whether the buyer gets the digital codes that the sink hands out, once the shop shows the ERP's numbers.
    package var codeHandOff: DocumentPolicy?
    /// Whether, and how, documents tell of every shipment; `nil`: the sink isn't asked for any.
    package var despatch: DocumentPolicy?
    /// How long at the most until the ERP is asked for shipments again: what left is to be told soon, however old the order.
    package var shipmentRecheckMax: Duration = .seconds(3600)
    /// How long nothing may be sent out, since the last document or since the ERP took the order, before a person is told.
    package var shipmentOverdueAfter: Duration = .seconds(30 * 86_400)
    /// The moments at which the buyer gets a custom order status.
    package var statusMoments: [StatusMoment] = []
    package var close: ClosePolicy = .auto
    package var cancel: CancelPolicy = .person
    package var offline: OfflinePolicy = .ignore
    /// What the sink promises about creates.
    package var sinkClass: SinkClass
    /// Whether the ERP tells by messages what becomes of orders, so that there may be nobody to ask for it.
    package var receivesMessages = false
    /// Whether what the sink makes of an order hands out codes.
    package var deliversSecrets = false
    /// When the ledger was made: with a sink of class N, an order confirmed earlier may have been pushed by another ledger.
    package var ledgerCreatedAt: Timestamp
    /// Names what orders are made ready for the ERP with; ``Lack/preparedWith`` of those that it doesn't suffice for.
    package var preparedWith: String?
    package var recheck: OrderBackoff = OrderBackoff(initial: .seconds(60), max: .seconds(6 * 3600))
    package var retry: OrderBackoff = OrderBackoff(initial: .seconds(5), max: .seconds(3600))
    /// How long until a ticket is polled again: the longer, the longer nothing new came of it. A ticket never becomes a failure by age.
    package var poll: OrderBackoff = OrderBackoff(initial: .seconds(2), max: .seconds(300))
    /// How many failed attempts in a row an order gets before a person must look.
    package var failuresMax = 12

    /// The read that a write or a create relies on is at most this old (DESIGN rule 5).
    package static let readAgeMax: Duration = .seconds(5)

    package init(sinkClass: SinkClass, ledgerCreatedAt: Timestamp) {
        self.sinkClass = sinkClass
        self.ledgerCreatedAt = ledgerCreatedAt
    }
}

/// What happens when the ERP took some lines and not others.
package enum PartialAcceptance: String, Sendable, CaseIterable {
    /// Nothing is written to the shop until a person decides.
    case quarantine
    case accept
}

/// Which writes to the shop are joined into one request. The shop's guide shows single fields, so joining is off by default.
package enum WriteMerge: String, Sendable, CaseIterable {
    case none
    /// State and number in one PATCH.
    case stateAndNumber = "state_and_number"
    /// State, number and lines in one PUT.
    case all
}

/// How an order ends in the shop.
package enum ClosePolicy: String, Sendable, CaseIterable {
    /// The shop ends up with `shipment_state=sent`: it is written where the shop hasn't moved it there by itself.
    case auto
    /// `state=done`, in the same way.
    case done
    /// Nothing is written.
    case leave
}

/// What happens to the ERP's order once the shop has cancelled its own.
package enum CancelPolicy: String, Sendable, CaseIterable {
    /// A person is told.
    case person
    /// The ERP is asked to cancel it, and a person is told where it doesn't.
    case erp
}

/// What happens to orders that were placed elsewhere, and that the shop only shows.
package enum OfflinePolicy: String, Sendable, CaseIterable {
    case ignore
    /// Each gets `shipment_state=sent` once; else they are left alone.
    case markSent = "mark_sent"
}

/// What happens when it isn't known whether a document arrived.
package struct DocumentPolicy: Sendable, Equatable {
    package enum OnUnknown: String, Sendable, CaseIterable {
        /// A person looks, and decides.
        case person
        /// The same bytes are sent again, to a receiver that is said to take a document of one number once.
        case resend
    }

    package var onUnknown: OnUnknown

    package init(onUnknown: OnUnknown = .person) { self.onUnknown = onUnknown }
}

/// How waiting times grow.
package struct OrderBackoff: Sendable, Equatable {
    package var initial: Duration
    package var max: Duration

    package init(initial: Duration, max: Duration) {
        self.initial = initial
        self.max = max
    }

    /// Doubles with every failure: `initial` after the first, never more than `max`.
    package func delay(afterFailures count: Int) -> Duration {
        min(max, initial * (1 << min(Swift.max(count - 1, 0), 20)))
    }

    /// Grows with the time already waited: a tenth of it, within `initial` and `max`. What changes soon is seen soon.
    package func delay(afterWaiting waited: Duration) -> Duration {
        min(max, Swift.max(initial, waited / 10))
    }
}
