import Orders
import XMLKit

extension ConfirmationRequest: CXMLBody {
    static let elementName = "ConfirmationRequest"
    static let definition = "Fulfill"

    /// The whole document in UTF-8; the same values give the same bytes.
    ///
    /// - Throws: ``DocumentFaults`` for everything that cXML has no room for or that breaks a rule of its own; see ``ConfirmationContext``
    ///   for the rules that need the order or earlier confirmations.
    package func render(in envelope: CXMLEnvelope) throws(DocumentFaults) -> [UInt8] { try bytes(in: envelope) }

    /// - Throws: ``DocumentFault``. What this type has no field for is passed over.
    package static func parse(_ bytes: [UInt8]) throws(DocumentFault) -> (envelope: CXMLEnvelope, body: ConfirmationRequest) {
        try read(bytes)
    }

    func element(language: String) -> XMLElement {
        var header = XMLElement("ConfirmationHeader")
        header.set("confirmID", confirmID)
        header.set("operation", operation == .new ? "new" : "update")
        header.set("type", kind.rawValue)
        header.set("noticeDate", noticeTime.iso)
        if case .update(let payloadID) = operation { header.append(.documentReference(payloadID)) }
        if let total { header.append(XMLElement("Total", children: [.element(.money(total))])) }
        // Here shipping comes before tax, in a status after it.
        if let shipping { header.append(.charge("Shipping", shipping, language)) }
        if let tax { header.append(.charge("Tax", tax, language)) }
        header.append(contacts.map { .contact($0, language) })
        header.append(comments.map { .inLanguage("Comments", $0, language) })
        header.append(extrinsics.map { .extrinsic($0) })
        var request = XMLElement(Self.elementName, children: [.element(header), .element(.orderReference(order))])
        request.append(items.map { $0.element(language: language) })
        return request
    }

    init(_ element: XMLElement) throws(DocumentFault) {
        let header = try element.child("ConfirmationHeader")
        guard let kind = try header.value("type", as: Kind.self) else {
            throw DocumentFault(element: "ConfirmationHeader/@type", "the attribute is missing")
        }
        self.init(
            kind: kind, confirmID: header.attribute("confirmID"), noticeTime: try header.requiredTime("noticeDate"),
            operation: try CXMLOperation(header), order: try element.orderReference())
        total = try header["Total"]?.money()
        shipping = try header.charge("Shipping")
        tax = try header.charge("Tax")
        contacts = try header.contacts()
        comments = header.comments()
        extrinsics = try header.extrinsics()
        for item in element.elements("ConfirmationItem") { items.append(try Item(item)) }
    }
}

extension ConfirmationRequest.Item {
    fileprivate func element(language: String) -> XMLElement {
        var element = XMLElement("ConfirmationItem")
        element.set("quantity", quantity.plain)
        element.set("lineNumber", String(lineNumber))
        element.append(.unit(unit))
        element.append(contacts.map { .contact($0, language) })
        element.append(statuses.map { $0.element(lineNumber: lineNumber, language: language) })
        return element
    }

    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        self.init(
            lineNumber: try element.requiredNumber("lineNumber"), quantity: try element.requiredDecimal("quantity"),
            unit: try element.child("UnitOfMeasure").text, statuses: [])
        contacts = try element.contacts()
        for status in element.elements("ConfirmationStatus") { statuses.append(try ConfirmationRequest.Status(status)) }
    }
}

extension ConfirmationRequest.Status {
    fileprivate func element(lineNumber: Int64, language: String) -> XMLElement {
        var element = XMLElement("ConfirmationStatus")
        element.set("quantity", quantity.plain)
        element.set("type", kind.rawValue)
        element.set("shipmentDate", shipmentTime?.iso)
        element.set("deliveryDate", deliveryTime?.iso)
        element.append(.unit(unit))
        if let replacement {
            element.append(replacement.element(lineNumber: lineNumber, language: language))
        }
        if let unitPrice { element.append(XMLElement("UnitPrice", children: [.element(.money(unitPrice))])) }
        if let tax { element.append(.charge("Tax", tax, language)) }
        if let shipping { element.append(.charge("Shipping", shipping, language)) }
        element.append(comments.map { .inLanguage("Comments", $0, language) })
        element.append(extrinsics.map { .extrinsic($0) })
        return element
    }

    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        guard let kind = try element.value("type", as: Kind.self) else {
            throw DocumentFault(element: "ConfirmationStatus/@type", "the attribute is missing")
        }
        self.init(kind: kind, quantity: try element.requiredDecimal("quantity"), unit: try element.child("UnitOfMeasure").text)
        shipmentTime = try element.optionalTime("shipmentDate")
        deliveryTime = try element.optionalTime("deliveryDate")
        unitPrice = try element["UnitPrice"]?.money()
        tax = try element.charge("Tax")
        shipping = try element.charge("Shipping")
        if let item = element["ItemIn"] { replacement = try ConfirmationRequest.Replacement(item) }
        comments = element.comments()
        extrinsics = try element.extrinsics()
    }
}

extension ConfirmationRequest.Replacement {
    fileprivate func element(lineNumber: Int64, language: String) -> XMLElement {
        let itemID = XMLElement("ItemID", children: [.element(XMLElement("SupplierPartID", text: supplierPartID))])
        let detail = XMLElement(
            "ItemDetail",
            children: [
                .element(XMLElement("UnitPrice", children: [.element(.money(unitPrice))])),
                .element(.inLanguage("Description", description, language)), .element(.unit(unit)),
                .element(
                    XMLElement("Classification", attributes: [XMLAttribute("domain", classificationDomain)], text: classification)
                ),
            ])
        var element = XMLElement("ItemIn", children: [.element(itemID), .element(detail)])
        element.set("quantity", quantity.plain)
        element.set("lineNumber", String(lineNumber))
        return element
    }

    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        let detail = try element.child("ItemDetail")
        guard let classification = detail["Classification"], let description = detail["Description"] else {
            throw DocumentFault(element: "ItemDetail", "a Classification and a Description are needed")
        }
        self.init(
            quantity: try element.requiredDecimal("quantity"),
            supplierPartID: try element.child("ItemID").child("SupplierPartID").text,
            unitPrice: try detail.child("UnitPrice").money(),
            description: description.text, unit: try detail.child("UnitOfMeasure").text,
            classificationDomain: try classification.requiredAttribute("domain"), classification: classification.text)
    }
}

extension CXMLOperation {
    fileprivate init(_ header: XMLElement) throws(DocumentFault) {
        switch header.attribute("operation") {
        case nil, "new":
            try header.replacesNothing()
            self = .new
        case "update": self = .update(replaces: try header.replacedPayloadID())
        case .some: throw DocumentFault(element: "ConfirmationHeader/@operation", "neither new nor update")
        }
    }
}
