package import Orders

/// A cXML ShipNoticeRequest: what was sent. Source: `Fulfill.dtd` 1.2.050.
package struct ShipNoticeRequest: Sendable, Equatable {
    package enum Operation: Sendable, Equatable {
        case new
        /// Complete: what the earlier one said and this one doesn't is dropped. - Parameter replaces: the payloadID of the latest version.
        case update(replaces: String)
        case delete(replaces: String)
    }

    package enum Fulfilment: String, Sendable { case partial, complete }

    package var shipmentID: String
    package var operation: Operation
    package var noticeTime: ZonedTime
    package var shipmentTime: ZonedTime?
    package var deliveryTime: ZonedTime?
    /// `false` for a shipment that is only planned.
    package var isActual = true
    package var fulfilment: Fulfilment?
    package var serviceLevels: [ServiceLevel] = []
    package var contacts: [CXMLContact] = []
    package var comments: [String] = []
    package var extrinsics: [CXMLExtrinsic] = []
    package var controls: [Control] = []
    package var portions: [Portion] = []

    package init(shipmentID: String, operation: Operation = .new, noticeTime: ZonedTime) {
        self.shipmentID = shipmentID
        self.operation = operation
        self.noticeTime = noticeTime
    }

    /// A level of service, in one language.
    package struct ServiceLevel: Sendable, Equatable {
        package var language: String
        package var text: String

        package init(language: String, text: String) {
            self.language = language
            self.text = text
        }
    }

    /// `ShipControl`: a carrier and its numbers for the shipment.
    package struct Control: Sendable, Equatable {
        package var carriers: [Identifier]
        package var trackingCodes: [TrackingCode]
        /// When this carrier took over; the first one has none.
        package var startTime: ZonedTime?
        package var contacts: [CXMLContact] = []

        package init(carriers: [Identifier], trackingCodes: [TrackingCode]) {
            self.carriers = carriers
            self.trackingCodes = trackingCodes
        }
    }

    /// A name in a domain, such as `SCAC` or `companyName`.
    package struct Identifier: Sendable, Equatable {
        package var domain: String
        package var text: String

        package init(domain: String, text: String) {
            self.domain = domain
            self.text = text
        }
    }

    package struct TrackingCode: Sendable, Equatable {
        package var text: String
        package var address: String?

        package init(_ text: String, address: String? = nil) {
            self.text = text
            self.address = address
        }
    }

    /// `ShipNoticePortion`: what of one order is in the shipment. Without items it is the whole order.
    package struct Portion: Sendable, Equatable {
        package var order: CXMLOrderReference
        package var comments: [String] = []
        package var extrinsics: [CXMLExtrinsic] = []
        package var items: [Item]

        package init(order: CXMLOrderReference, items: [Item]) {
            self.order = order
            self.items = items
        }
    }

    /// `ShipNoticeItem`: what of one line.
    package struct Item: Sendable, Equatable {
        package var lineNumber: Int64
        package var shipNoticeLineNumber: Int64?
        package var quantity: ExactDecimal
        package var unit: String
        package var supplierPartID: String?
        package var packages: [Packaging] = []
        package var batches: [Batch] = []

        package init(lineNumber: Int64, quantity: ExactDecimal, unit: String) {
            self.lineNumber = lineNumber
            self.quantity = quantity
            self.unit = unit
        }
    }

    /// `Packaging`: a package in which the item, or a part of it, lies.
    package struct Packaging: Sendable, Equatable {
        package var code: String?
        package var grossWeightKilograms: ExactDecimal?
        /// SSCC.
        package var containerCode: String?

        package init(code: String?, grossWeightKilograms: ExactDecimal? = nil, containerCode: String? = nil) {
            self.code = code
            self.grossWeightKilograms = grossWeightKilograms
            self.containerCode = containerCode
        }
    }

    package struct Batch: Sendable, Equatable {
        package var supplierBatchID: String?
        package var expirationTime: ZonedTime?

        package init(supplierBatchID: String?, expirationTime: ZonedTime?) {
            self.supplierBatchID = supplierBatchID
            self.expirationTime = expirationTime
        }
    }
}

extension ShipNoticeRequest {
    /// The notice of one shipment. The same shipment gives the same one.
    ///
    /// A line that lies in several packages stands in its order's portion once, with its whole quantity and all the packages.
    /// - Parameter language: of the carrier's service level.
    /// - Throws: ``DocumentFaults`` for quantities whose sum can't be held.
    package init(_ despatch: Despatch, language: String) throws(DocumentFaults) {
        self.init(shipmentID: despatch.number, noticeTime: despatch.noticeTime)
        shipmentTime = despatch.shipmentTime
        deliveryTime = despatch.deliveryTime
        fulfilment = despatch.isComplete.map { $0 ? .complete : .partial }
        serviceLevels = [ServiceLevel(language: language, text: despatch.carrier?.serviceLevel ?? "standard")]
        if let supplier = despatch.supplier { contacts.append(CXMLContact(role: "shipFrom", supplier)) }
        if let deliverTo = despatch.deliverTo { contacts.append(CXMLContact(role: "shipTo", deliverTo)) }
        comments = [despatch.comment].compactMap(\.self)
        controls = [Control(despatch)]
        var number: Int64 = 0
        for order in despatch.orders {
            var portion = Portion(order: CXMLOrderReference(order), items: [])
            for package in despatch.packages {
                for line in package.lines where line.order == order { try portion.add(line, in: package, of: despatch, &number) }
            }
            portions.append(portion)
        }
    }
}

extension ShipNoticeRequest.Control {
    fileprivate init(_ despatch: Despatch) {
        self.init(carriers: [], trackingCodes: [])
        if let carrier = despatch.carrier {
            if let code = carrier.alphaCode { carriers.append(ShipNoticeRequest.Identifier(domain: "SCAC", text: code)) }
            carriers.append(ShipNoticeRequest.Identifier(domain: "companyName", text: carrier.name))
        }
        for package in despatch.packages {
            guard let code = package.trackingCode, !trackingCodes.contains(where: { $0.text == code }) else { continue }
            trackingCodes.append(ShipNoticeRequest.TrackingCode(code, address: package.trackingAddress))
        }
    }
}

extension ShipNoticeRequest.Portion {
    fileprivate mutating func add(
        _ line: DespatchLine, in package: DespatchPackage, of despatch: Despatch, _ number: inout Int64
    ) throws(DocumentFaults) {
        var index = items.firstIndex { $0.lineNumber == line.orderLineNumber }
        if index == nil {
            number += 1
            var item = ShipNoticeRequest.Item(lineNumber: line.orderLineNumber, quantity: .zero, unit: line.unit)
            item.shipNoticeLineNumber = number
            item.supplierPartID = line.article.sellerNumber
            items.append(item)
            index = items.count - 1
        }
        guard let index, items[index].unit == line.unit, let sum = items[index].quantity.adding(line.quantity) else {
            throw DocumentFaults(
                DocumentFault(
                    order: order.orderID, line: line.orderLineNumber, element: "ShipNoticeItem/@quantity",
                    "the quantities in several packages can't be added up"))
        }
        items[index].quantity = sum
        if package.typeCode != nil || package.weightKilograms != nil || package.containerCode != nil {
            items[index].packages.append(
                ShipNoticeRequest.Packaging(
                    code: package.typeCode, grossWeightKilograms: package.weightKilograms, containerCode: package.containerCode))
        }
        if line.batch != nil || line.expiryDate != nil {
            let expiry = line.expiryDate.flatMap { ZonedTime(date: $0, offsetMinutes: despatch.noticeTime.offsetMinutes) }
            items[index].batches.append(ShipNoticeRequest.Batch(supplierBatchID: line.batch, expirationTime: expiry))
        }
    }
}
