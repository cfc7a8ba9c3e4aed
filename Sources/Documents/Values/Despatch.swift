package import Orders

/// One shipment, as despatch documents tell it: what left when, in which packages, for which order lines.
package struct Despatch: Sendable, Equatable {
    /// The despatch note's number: unique for its sender, never used again.
    package var number: String
    /// When the documents about it are dated.
    package var noticeTime: ZonedTime
    package var shipmentTime: ZonedTime
    /// When the goods are expected to arrive.
    package var deliveryTime: ZonedTime
    package var comment: String?
    /// Whether its orders are complete with it, where that is known.
    package var isComplete: Bool?
    package var carrier: Carrier?
    package var buyer: DocumentParty?
    package var supplier: DocumentParty?
    package var deliverTo: DocumentParty?
    package var packages: [DespatchPackage]

    package init(
        number: String, noticeTime: ZonedTime, shipmentTime: ZonedTime, deliveryTime: ZonedTime, packages: [DespatchPackage]
    ) {
        self.number = number
        self.noticeTime = noticeTime
        self.shipmentTime = shipmentTime
        self.deliveryTime = deliveryTime
        self.packages = packages
    }

    package var lines: [DespatchLine] { packages.flatMap(\.lines) }

    /// The orders on it, each once, in the order of their first lines.
    package var orders: [OrderIdentity] {
        lines.reduce(into: []) { orders, line in if !orders.contains(line.order) { orders.append(line.order) } }
    }
}

/// Who carries it.
package struct Carrier: Sendable, Equatable {
    package var name: String
    /// The Standard Carrier Alpha Code, where it has one.
    package var alphaCode: String?
    /// Such as `standard` or `next day`.
    package var serviceLevel: String?

    package init(name: String, alphaCode: String? = nil, serviceLevel: String? = nil) {
        self.name = name
        self.alphaCode = alphaCode
        self.serviceLevel = serviceLevel
    }
}

/// One package of a shipment; goods that travel loose are in one without any marks.
package struct DespatchPackage: Sendable, Equatable {
    /// The serial shipping container code (SSCC), 18 digits.
    package var containerCode: String?
    package var trackingCode: String?
    package var trackingAddress: String?
    /// UN/CEFACT recommendation 21 or element 7065, such as `CT` for a carton.
    package var typeCode: String?
    package var weightKilograms: ExactDecimal?
    package var lines: [DespatchLine]

    package init(
        containerCode: String? = nil, trackingCode: String? = nil, typeCode: String? = nil, weightKilograms: ExactDecimal? = nil,
        lines: [DespatchLine]
    ) {
        self.containerCode = containerCode
        self.trackingCode = trackingCode
        self.typeCode = typeCode
        self.weightKilograms = weightKilograms
        self.lines = lines
    }
}

/// What one package holds of one order line.
package struct DespatchLine: Sendable, Equatable {
    package var order: OrderIdentity
    /// The line's number in the order as its buyer has it.
    package var orderLineNumber: Int64
    /// The line's number in the ERP's order.
    package var erpLineNumber: Int64
    package var article: Article
    /// Delivered, in `unit`.
    package var quantity: ExactDecimal
    /// UN/CEFACT recommendation 20, such as `EA`, `KGM` or `MTR`.
    package var unit: String
    package var batch: String?
    package var expiryDate: CalendarDate?

    package init(
        order: OrderIdentity, orderLineNumber: Int64, erpLineNumber: Int64, article: Article, quantity: ExactDecimal,
        unit: String = "EA"
    ) {
        self.order = order
        self.orderLineNumber = orderLineNumber
        self.erpLineNumber = erpLineNumber
        self.article = article
        self.quantity = quantity
        self.unit = unit
    }
}

/// What is sold, by its numbers.
package struct Article: Sendable, Equatable {
    /// The seller's own number: the key on the shop's order line.
    package var sellerNumber: String
    package var buyerNumber: String?
    /// GTIN of 8, 12, 13 or 14 digits.
    package var tradeNumber: String?
    package var description: String?

    package init(sellerNumber: String, buyerNumber: String? = nil, tradeNumber: String? = nil, description: String? = nil) {
        self.sellerNumber = sellerNumber
        self.buyerNumber = buyerNumber
        self.tradeNumber = tradeNumber
        self.description = description
    }
}

/// What an order is called on either side.
package struct OrderIdentity: Sendable, Hashable {
    /// What the buyer calls it: the shop's reference, or the number of the order document.
    package var number: String
    package var erpNumber: String
    /// As the order document spelled it.
    package var date: String?
    /// The cXML order document's, where the order came as one.
    package var payloadID: String?

    package init(number: String, erpNumber: String, date: String? = nil, payloadID: String? = nil) {
        self.number = number
        self.erpNumber = erpNumber
        self.date = date
        self.payloadID = payloadID
    }
}

/// Who takes part in a trade, as documents name them.
package struct DocumentParty: Sendable, Equatable {
    /// GLN of 13 digits.
    package var locationNumber: String?
    /// The number that the other side knows it by.
    package var code: String?
    package var name: String?
    /// One entry a line.
    package var streets: [String]
    package var city: String?
    package var postalCode: String?
    /// ISO 3166-1 alpha-2.
    package var country: String?

    package init(
        locationNumber: String? = nil, code: String? = nil, name: String? = nil, streets: [String] = [], city: String? = nil,
        postalCode: String? = nil, country: String? = nil
    ) {
        self.locationNumber = locationNumber
        self.code = code
        self.name = name
        self.streets = streets
        self.city = city
        self.postalCode = postalCode
        self.country = country
    }
}
