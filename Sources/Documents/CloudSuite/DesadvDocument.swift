package import Orders

/// One delivery message for CloudSuite's `/proxy/des_adv_xml/delivery/`.
///
/// Source: CloudSuite, "Delivery (DESADV) - XML" (documented), which gives each field's path; that the elements stand in the order
/// of that table, and that `DesadvParty` holds a `BuyerParty`, is inferred.
package struct DesadvDocument: Sendable, Equatable {
    /// `DesadvNumber`: a message of one number is taken once.
    package var number: String
    package var date: CalendarDate
    package var plannedDeliveryDate: CalendarDate
    package var comment: String?
    /// `TransportModeCode`; may be empty.
    package var carrier: String
    /// `MeansOfTransport/Identification`; may be empty.
    package var trackingCode: String
    package var buyerParty: String?
    package var items: [Item]

    package init(
        number: String, date: CalendarDate, plannedDeliveryDate: CalendarDate, carrier: String = "", trackingCode: String = "",
        items: [Item]
    ) {
        self.number = number
        self.date = date
        self.plannedDeliveryDate = plannedDeliveryDate
        self.carrier = carrier
        self.trackingCode = trackingCode
        self.items = items
    }

    package struct Item: Sendable, Equatable {
        /// `ItemNum`: the ERP's line number.
        package var lineNumber: Int64
        /// `OrderNum`: the ERP's order number; the shop tries its own where it knows no such.
        package var orderNumber: String
        /// `QuantityValue`: delivered, a decimal of 12 digits, 4 of them behind the point.
        package var quantity: ExactDecimal
        package var sellerItemID: String
        /// What people call the order; for faults only, not in the message.
        package var orderReference: String?

        package init(lineNumber: Int64, orderNumber: String, quantity: ExactDecimal, sellerItemID: String) {
            self.lineNumber = lineNumber
            self.orderNumber = orderNumber
            self.quantity = quantity
            self.sellerItemID = sellerItemID
        }

        /// Equal where the messages are.
        package static func == (left: Item, right: Item) -> Bool {
            left.lineNumber == right.lineNumber && left.orderNumber == right.orderNumber && left.quantity == right.quantity
                && left.sellerItemID == right.sellerItemID
        }
    }
}

/// What becomes of a shipment whose packages have tracking codes of their own; a message has room for one.
package enum PackageSplit: Sendable, Equatable {
    /// A message for each tracking code, the shipment's number with `-1`, `-2`, … behind it, in the packages' order.
    case messagePerTrackingCode
    /// One message, all codes in it, joined by `, `.
    case oneMessage
}

extension DesadvDocument {
    /// The messages for one shipment, in the order they are to be sent in. The same shipment gives the same ones.
    ///
    /// A line that lies in several packages of one message stands in it once, with its whole quantity.
    /// - Throws: ``DocumentFaults`` for quantities whose sum can't be held.
    package static func documents(for despatch: Despatch, split: PackageSplit) throws(DocumentFaults) -> [DesadvDocument] {
        var codes: [String] = []
        for package in despatch.packages where !codes.contains(package.trackingCode ?? "") {
            codes.append(package.trackingCode ?? "")
        }
        guard split == .messagePerTrackingCode, codes.count > 1 else {
            let joined = codes.filter { !$0.isEmpty }.joined(separator: ", ")
            return [try DesadvDocument(despatch, number: despatch.number, trackingCode: joined, lines: despatch.lines)]
        }
        var documents: [DesadvDocument] = []
        for (index, code) in codes.enumerated() {
            let lines = despatch.packages.filter { ($0.trackingCode ?? "") == code }.flatMap(\.lines)
            documents.append(
                try DesadvDocument(despatch, number: "\(despatch.number)-\(index + 1)", trackingCode: code, lines: lines))
        }
        return documents
    }

    private init(_ despatch: Despatch, number: String, trackingCode: String, lines: [DespatchLine]) throws(DocumentFaults) {
        self.init(
            number: number, date: despatch.noticeTime.date, plannedDeliveryDate: despatch.deliveryTime.date,
            carrier: despatch.carrier?.name ?? "", trackingCode: trackingCode, items: [])
        comment = despatch.comment
        buyerParty = despatch.buyer?.code
        for line in lines { try add(line) }
    }

    private mutating func add(_ line: DespatchLine) throws(DocumentFaults) {
        var item = Item(
            lineNumber: line.erpLineNumber, orderNumber: line.order.erpNumber, quantity: line.quantity,
            sellerItemID: line.article.sellerNumber)
        item.orderReference = line.order.number
        let same = items.firstIndex {
            $0.lineNumber == item.lineNumber && $0.orderNumber == item.orderNumber && $0.sellerItemID == item.sellerItemID
        }
        guard let same else { return items.append(item) }
        guard let sum = items[same].quantity.adding(item.quantity) else {
            throw DocumentFaults(
                DocumentFault(
                    order: line.order.number, line: line.erpLineNumber, element: "QuantityValue", "a sum too large to be held"))
        }
        items[same].quantity = sum
    }
}
