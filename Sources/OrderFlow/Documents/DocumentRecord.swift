package import Orders

/// What a document is about.
package enum DocumentCause: Sendable, Hashable {
    /// The ERP's numbers, for the shop.
    case confirmation(erpOrderNumber: String)
    /// What became of the order's lines, for a trading partner.
    case orderResponse(erpOrderNumber: String)
    /// One of the ERP's shipments, by its id.
    case shipment(String)
    /// A text for the buyer.
    case status(StatusMoment)
    /// The digital codes that the ERP handed out, for the buyer.
    case codes(erpOrderNumber: String)
}

/// When the buyer is told something by a custom order status.
package enum StatusMoment: String, Sendable, CaseIterable {
    /// The shop shows the ERP's numbers.
    case processing
    /// The last shipment has been told of.
    case shipped
    /// Nothing else is left to do.
    case done
}

/// A document as it was rendered: once, for good. Its bytes are a payload of the order's.
package struct DocumentRecord: Sendable, Equatable {
    /// From 1: which of the order's documents it is.
    package var ordinal: Int
    package var kind: DocumentKind
    /// ``OutgoingDocument/number``; of one flow and kind, no two documents share a number, be it this one or the message's.
    package var number: String
    /// ``OutgoingDocument/messageNumber``.
    package var messageNumber: String?
    package var cause: DocumentCause
    /// SHA-256 of the bytes, in hexadecimal.
    package var digest: String
    /// ``KnownShipment/digest`` of the shipment that it tells of.
    package var shipmentDigest: String?

    package init(
        ordinal: Int, kind: DocumentKind, number: String, messageNumber: String? = nil, cause: DocumentCause, digest: String,
        shipmentDigest: String? = nil
    ) {
        self.ordinal = ordinal
        self.kind = kind
        self.number = number
        self.messageNumber = messageNumber
        self.cause = cause
        self.digest = digest
        self.shipmentDigest = shipmentDigest
    }

    /// All that its receiver may know it by.
    package var numbers: [String] { [number] + [messageNumber].compactMap(\.self) }
}

/// What came of sending a document.
package enum DocumentEnd: Sendable, Equatable {
    /// Taken, without a verdict.
    case sent
    /// The receiver says that it has it.
    case acknowledged
    case refused(String)
    /// It certainly wasn't taken.
    case notSent(String)
    /// It may have been taken.
    case unknown(String)
}

/// What the ERP told of an order's shipments, as far as decisions need it. Holds no personal data.
package struct KnownShipments: Sendable, Equatable {
    /// What was ordered, of every pushed line.
    package var ordered: [LineQuantity]
    /// Oldest first.
    package var shipments: [KnownShipment]
    /// Keys of lines of which nothing further will be sent out.
    package var closedLines: [String]
    /// The ERP's order was cancelled since it was accepted.
    package var isCancelled: Bool

    package init(
        ordered: [LineQuantity] = [], shipments: [KnownShipment] = [], closedLines: [String] = [], isCancelled: Bool = false
    ) {
        self.ordered = ordered
        self.shipments = shipments
        self.closedLines = closedLines
        self.isCancelled = isCancelled
    }
}

package struct KnownShipment: Sendable, Equatable {
    package var id: String
    /// SHA-256 over everything the ERP told of it, in hexadecimal.
    package var digest: String
    /// What left with it, each line once.
    package var lines: [LineQuantity]

    package init(id: String, digest: String, lines: [LineQuantity]) {
        self.id = id
        self.digest = digest
        self.lines = lines
    }
}

/// A quantity of one order line.
package struct LineQuantity: Sendable, Equatable {
    /// ``Orders/OrderLine/key``.
    package var key: String
    package var quantity: ExactDecimal

    package init(key: String, quantity: ExactDecimal) {
        self.key = key
        self.quantity = quantity
    }
}
