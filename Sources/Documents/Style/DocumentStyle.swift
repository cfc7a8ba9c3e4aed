/// How one flow's documents look: which there are, and what is agreed about them with their receivers.
package struct DocumentStyle: Sendable, Equatable {
    /// The document that tells the shop the ERP's numbers.
    package enum Confirmation: String, Sendable, CaseIterable {
        /// cXML ``ConfirmationRequest``.
        case confirmationRequest = "confirmation_request"
        /// cXML ``OrderFeedback``, as the shop's sibling page for offline orders has it; unverified.
        case orderRequest = "order_request"
    }

    /// The document that tells a shipment.
    package enum Despatch: String, Sendable, CaseIterable {
        /// ``DesadvDocument``.
        case desadv
        /// cXML ``ShipNoticeRequest``.
        case cxml
        /// UN/EDIFACT ``DespatchAdvice``.
        case edifact
    }

    /// The document that tells a trading partner what became of an order's lines.
    package enum Response: String, Sendable, CaseIterable {
        /// UN/EDIFACT ``OrderResponse``.
        case edifact
    }

    /// The document that hands an order's digital codes over.
    package enum Codes: Sendable, Equatable {
        /// JSON with every line's codes by unit.
        case lines
        /// An entry for the buyer's timeline, whose text has the codes in place of `{codes}`; see ``StatusText``.
        case status(id: String?, language: String, text: String)
    }

    /// `nil`: the shop isn't told by a document.
    package var confirmation: Confirmation?
    /// `nil`: no trading partner is told.
    package var response: Response?
    /// `nil`: shipments aren't told.
    package var despatch: Despatch?
    /// `nil`: codes stay in the ledger.
    package var codes: Codes?
    /// Of ``Despatch/desadv``.
    package var packageSplit = PackageSplit.messagePerTrackingCode
    /// For every cXML document; needed where there is one.
    package var cxml: CXMLStyle?
    /// For every EDIFACT document; needed where there is one.
    package var edifact: EDIFACTStyle?
    /// Who carries what the ERP names no carrier for.
    package var carrier: String?
    /// From 0: how long a shipment is on its way where the ERP doesn't say.
    package var daysUntilDelivery = 1
    /// UN/CEFACT recommendation 20, of every line's quantity: neither shop nor ERP tells units.
    package var unit = "EA"
    /// UN/CEFACT recommendation 21 or element 7065, such as `CT`; `nil`: it isn't said.
    package var packageType: String?
    /// `DesadvParty/BuyerParty` of ``Despatch/desadv``; what belongs there is not documented.
    package var buyerParty: String?

    package init() {}
}

/// A text for the buyer's timeline at one point of an order's way (CloudSuite, "Custom order status").
package struct StatusText: Sendable, Equatable {
    package enum Step: String, Sendable, CaseIterable {
        /// The ERP has the order and the shop has its numbers.
        case processing
        /// Everything that the policy asks for was told of the last shipment.
        case shipped
        /// The order is closed.
        case done
    }

    package var step: Step
    /// The shop's own id of the status, as its owner defined it.
    package var id: String?
    /// Such as `nl_NL`.
    package var language: String
    package var text: String

    package init(step: Step, id: String? = nil, language: String, text: String) {
        self.step = step
        self.id = id
        self.language = language
        self.text = text
    }
}
