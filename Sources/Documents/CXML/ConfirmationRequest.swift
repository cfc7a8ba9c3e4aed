package import Orders

/// A cXML ConfirmationRequest: what the seller says to an order. Source: `Fulfill.dtd`, the same in 1.2.050 and 1.2.063.
package struct ConfirmationRequest: Sendable, Equatable {
    /// `ConfirmationHeader/@type`.
    package enum Kind: String, Sendable, CaseIterable {
        /// The whole order as it is.
        case accept
        /// Every line in full.
        case allDetail
        /// Only the lines named; the others keep their state.
        case detail
        case backordered
        /// As the lines named say; all others are accepted.
        case except
        /// The whole order is refused.
        case reject
        case requestToPay
        /// Takes the place of the whole order.
        case replace
    }

    package var kind: Kind
    package var confirmID: String?
    package var noticeTime: ZonedTime
    package var operation: CXMLOperation
    /// Only where it differs from the order's, as are shipping and tax.
    package var total: CXMLMoney?
    package var shipping: CXMLCharge?
    package var tax: CXMLCharge?
    package var contacts: [CXMLContact] = []
    package var comments: [String] = []
    package var extrinsics: [CXMLExtrinsic] = []
    package var order: CXMLOrderReference
    package var items: [Item]

    package init(
        kind: Kind, confirmID: String?, noticeTime: ZonedTime, operation: CXMLOperation = .new, order: CXMLOrderReference,
        items: [Item] = []
    ) {
        self.kind = kind
        self.confirmID = confirmID
        self.noticeTime = noticeTime
        self.operation = operation
        self.order = order
        self.items = items
    }

    /// `ConfirmationItem`: one line, its quantity and unit copied from the order.
    package struct Item: Sendable, Equatable {
        package var lineNumber: Int64
        package var quantity: ExactDecimal
        package var unit: String
        package var contacts: [CXMLContact] = []
        package var statuses: [Status]

        package init(lineNumber: Int64, quantity: ExactDecimal, unit: String, statuses: [Status]) {
            self.lineNumber = lineNumber
            self.quantity = quantity
            self.unit = unit
            self.statuses = statuses
        }
    }

    /// `ConfirmationStatus`: what becomes of a part of a line.
    package struct Status: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable {
            case accept, allDetail, detail, backordered, reject, unknown, requestToPay
        }

        package var kind: Kind
        package var quantity: ExactDecimal
        package var unit: String
        package var shipmentTime: ZonedTime?
        package var deliveryTime: ZonedTime?
        package var unitPrice: CXMLMoney?
        package var tax: CXMLCharge?
        package var shipping: CXMLCharge?
        /// What is sent instead, or the line in full.
        package var replacement: Replacement?
        package var comments: [String] = []
        package var extrinsics: [CXMLExtrinsic] = []

        package init(kind: Kind, quantity: ExactDecimal, unit: String) {
            self.kind = kind
            self.quantity = quantity
            self.unit = unit
        }
    }

    /// `ItemIn`: an article in full.
    package struct Replacement: Sendable, Equatable {
        package var quantity: ExactDecimal
        package var supplierPartID: String
        package var unitPrice: CXMLMoney
        package var description: String
        package var unit: String
        /// Such as `UNSPSC`.
        package var classificationDomain: String
        package var classification: String

        package init(
            quantity: ExactDecimal, supplierPartID: String, unitPrice: CXMLMoney, description: String, unit: String,
            classificationDomain: String, classification: String
        ) {
            self.quantity = quantity
            self.supplierPartID = supplierPartID
            self.unitPrice = unitPrice
            self.description = description
            self.unit = unit
            self.classificationDomain = classificationDomain
            self.classification = classification
        }
    }
}
