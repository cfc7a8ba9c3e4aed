import Orders
import XMLKit

extension ShipNoticeRequest: CXMLBody {
    static let elementName = "ShipNoticeRequest"
    static let definition = "Fulfill"

    /// The whole document in UTF-8; the same values give the same bytes.
    ///
    /// - Throws: ``DocumentFaults`` for everything that cXML has no room for or that breaks a rule of its own.
    package func render(in envelope: CXMLEnvelope) throws(DocumentFaults) -> [UInt8] { try bytes(in: envelope) }

    /// - Throws: ``DocumentFault``. What this type has no field for is passed over.
    package static func parse(_ bytes: [UInt8]) throws(DocumentFault) -> (envelope: CXMLEnvelope, body: ShipNoticeRequest) {
        try read(bytes)
    }

    func element(language: String) -> XMLElement {
        var header = XMLElement("ShipNoticeHeader")
        header.set("shipmentID", shipmentID)
        header.set("operation", operation.name)
        header.set("noticeDate", noticeTime.iso)
        header.set("shipmentDate", shipmentTime?.iso)
        header.set("deliveryDate", deliveryTime?.iso)
        header.set("shipmentType", isActual ? "actual" : "planned")
        header.set("fulfillmentType", fulfilment?.rawValue)
        header.append(serviceLevels.map { .inLanguage("ServiceLevel", $0.text, $0.language) })
        if let replaced = operation.replaced { header.append(.documentReference(replaced)) }
        header.append(contacts.map { .contact($0, language) })
        header.append(comments.map { .inLanguage("Comments", $0, language) })
        header.append(extrinsics.map { .extrinsic($0) })
        var request = XMLElement(Self.elementName, children: [.element(header)])
        request.append(controls.map { $0.element(language: language) })
        request.append(portions.map { $0.element(language: language) })
        return request
    }

    init(_ element: XMLElement) throws(DocumentFault) {
        let header = try element.child("ShipNoticeHeader")
        self.init(
            shipmentID: try header.requiredAttribute("shipmentID"), operation: try Operation(header),
            noticeTime: try header.requiredTime("noticeDate"))
        shipmentTime = try header.optionalTime("shipmentDate")
        deliveryTime = try header.optionalTime("deliveryDate")
        isActual = header.attribute("shipmentType") != "planned"
        fulfilment = try header.value("fulfillmentType", as: Fulfilment.self)
        for level in header.elements("ServiceLevel") {
            serviceLevels.append(ServiceLevel(language: try level.requiredAttribute("xml:lang"), text: level.text))
        }
        contacts = try header.contacts()
        comments = header.comments()
        extrinsics = try header.extrinsics()
        for control in element.elements("ShipControl") { controls.append(try Control(control)) }
        for portion in element.elements("ShipNoticePortion") { portions.append(try Portion(portion)) }
    }
}

extension ShipNoticeRequest.Operation {
    fileprivate var name: String {
        switch self {
        case .new: "new"
        case .update: "update"
        case .delete: "delete"
        }
    }

    var replaced: String? {
        switch self {
        case .new: nil
        case .update(let payloadID), .delete(let payloadID): payloadID
        }
    }

    fileprivate init(_ header: XMLElement) throws(DocumentFault) {
        switch header.attribute("operation") {
        case nil, "new":
            try header.replacesNothing()
            self = .new
        case "update": self = .update(replaces: try header.replacedPayloadID())
        case "delete": self = .delete(replaces: try header.replacedPayloadID())
        case .some: throw DocumentFault(element: "ShipNoticeHeader/@operation", "neither new nor update nor delete")
        }
    }
}

extension ShipNoticeRequest.Control {
    fileprivate func element(language: String) -> XMLElement {
        var element = XMLElement("ShipControl")
        element.set("startDate", startTime?.iso)
        element.append(
            carriers.map { XMLElement("CarrierIdentifier", attributes: [XMLAttribute("domain", $0.domain)], text: $0.text) })
        for code in trackingCodes {
            var identifier = XMLElement("ShipmentIdentifier", text: code.text)
            identifier.set("domain", "trackingNumber")
            identifier.set("trackingURL", code.address)
            element.append(identifier)
        }
        element.append(contacts.map { .contact($0, language) })
        return element
    }

    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        self.init(carriers: [], trackingCodes: [])
        startTime = try element.optionalTime("startDate")
        for carrier in element.elements("CarrierIdentifier") {
            carriers.append(ShipNoticeRequest.Identifier(domain: try carrier.requiredAttribute("domain"), text: carrier.text))
        }
        for code in element.elements("ShipmentIdentifier") {
            trackingCodes.append(ShipNoticeRequest.TrackingCode(code.text, address: code.attribute("trackingURL")))
        }
        contacts = try element.contacts()
    }
}

extension ShipNoticeRequest.Portion {
    fileprivate func element(language: String) -> XMLElement {
        var element = XMLElement("ShipNoticePortion", children: [.element(.orderReference(order))])
        element.append(comments.map { .inLanguage("Comments", $0, language) })
        // Here items come after extrinsics, elsewhere extrinsics come last.
        element.append(extrinsics.map { .extrinsic($0) })
        element.append(items.map { $0.element(language: language) })
        return element
    }

    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        self.init(order: try element.orderReference(), items: [])
        comments = element.comments()
        extrinsics = try element.extrinsics()
        for item in element.elements("ShipNoticeItem") { items.append(try ShipNoticeRequest.Item(item)) }
    }
}

extension ShipNoticeRequest.Item {
    fileprivate func element(language: String) -> XMLElement {
        var element = XMLElement("ShipNoticeItem")
        element.set("quantity", quantity.plain)
        element.set("lineNumber", String(lineNumber))
        element.set("shipNoticeLineNumber", shipNoticeLineNumber.map { String($0) })
        if let supplierPartID {
            element.append(XMLElement("ItemID", children: [.element(XMLElement("SupplierPartID", text: supplierPartID))]))
        }
        element.append(.unit(unit))
        element.append(packages.map { $0.element(language: language) })
        for batch in batches {
            var node = XMLElement("Batch")
            node.set("expirationDate", batch.expirationTime?.iso)
            if let number = batch.supplierBatchID { node.append(XMLElement("SupplierBatchID", text: number)) }
            element.append(node)
        }
        return element
    }

    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        self.init(
            lineNumber: try element.requiredNumber("lineNumber"), quantity: try element.requiredDecimal("quantity"),
            unit: try element.child("UnitOfMeasure").text)
        if element.attribute("shipNoticeLineNumber") != nil {
            shipNoticeLineNumber = try element.requiredNumber("shipNoticeLineNumber")
        }
        supplierPartID = try element["ItemID"]?.child("SupplierPartID").text
        for packaging in element.elements("Packaging") { packages.append(try ShipNoticeRequest.Packaging(packaging)) }
        for batch in element.elements("Batch") {
            batches.append(
                ShipNoticeRequest.Batch(
                    supplierBatchID: batch["SupplierBatchID"]?.text, expirationTime: try batch.optionalTime("expirationDate")))
        }
    }
}

extension ShipNoticeRequest.Packaging {
    fileprivate func element(language: String) -> XMLElement {
        var element = XMLElement("Packaging")
        if let code { element.append(.inLanguage("PackagingCode", code, language)) }
        if let grossWeightKilograms {
            var dimension = XMLElement("Dimension", children: [.element(.unit("KGM"))])
            dimension.set("quantity", grossWeightKilograms.plain)
            dimension.set("type", "grossWeight")
            element.append(dimension)
        }
        if let containerCode { element.append(XMLElement("ShippingContainerSerialCode", text: containerCode)) }
        return element
    }

    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        self.init(code: element["PackagingCode"]?.text, containerCode: element["ShippingContainerSerialCode"]?.text)
        for dimension in element.elements("Dimension") where dimension.attribute("type") == "grossWeight" {
            guard try dimension.child("UnitOfMeasure").text == "KGM" else {
                throw DocumentFault(element: "Packaging/Dimension", "a weight that is not in kilograms")
            }
            grossWeightKilograms = try dimension.requiredDecimal("quantity")
        }
    }
}
