import Orders
import XMLKit

/// A cXML OrderRequest: a new order. Source: cXML 1.2.050, `OrderRequest` in the DTD.
package struct OrderRequest: Sendable, Equatable {
    package var order: PurchaseOrder
    package var orderTime: ZonedTime
    /// Of all lines, without tax.
    package var total: CXMLMoney

    /// - Throws: ``DocumentFaults`` where a price is missing or the total can't be told exactly.
    package init(_ order: PurchaseOrder, at time: ZonedTime) throws(DocumentFaults) {
        self.order = order
        orderTime = time
        var faults = FaultList()
        faults.order = order.number
        var sum = ExactDecimal?.some(.zero)
        for line in order.lines {
            faults.line = Int64(line.number)
            guard let price = line.unitPrice else {
                faults.add("ItemOut/ItemDetail/UnitPrice", "the line has no price")
                continue
            }
            sum = line.quantity.multiplied(by: price).flatMap { sum?.adding($0) }
        }
        faults.line = nil
        if sum == nil { faults.add("OrderRequestHeader/Total", "the total is too long a number") }
        try faults.throwIfAny()
        total = CXMLMoney(sum ?? .zero, order.currency)
    }
}

extension OrderRequest: CXMLWritable {
    static let elementName = "OrderRequest"
    static let definition = "cXML"

    /// The whole document in UTF-8; the same values give the same bytes.
    ///
    /// - Throws: ``DocumentFaults`` for everything that cXML has no room for.
    package func render(in envelope: CXMLEnvelope) throws(DocumentFaults) -> [UInt8] { try bytes(in: envelope) }

    func check(_ faults: inout FaultList) {
        faults.order = order.number
        faults.require(order.number, "OrderRequestHeader/@orderID")
        faults.check(total, "OrderRequestHeader/Total")
        faults.check(order.comment, "OrderRequestHeader/Comments")
        if order.invoiceTo == nil { faults.add("BillTo", "who pays is not known") }
        for (name, party) in [("ShipTo", order.deliverTo), ("BillTo", order.invoiceTo)] {
            guard let party else { continue }
            faults.check([CXMLContact(role: "address", party)], "\(name)/Address")
        }
        if order.lines.isEmpty { faults.add("ItemOut", "the order has no lines") }
        for line in order.lines {
            faults.line = Int64(line.number)
            if line.quantity.isNegative { faults.add("ItemOut/@quantity", "\(line.quantity) is below zero") }
            faults.require(line.article.sellerNumber, "ItemOut/ItemID/SupplierPartID")
            faults.checkUnit(line.unit, "ItemOut/ItemDetail")
            faults.check(line.article.description, "ItemOut/ItemDetail/Description")
        }
    }

    func element(language: String) -> XMLElement {
        var header = XMLElement(
            "OrderRequestHeader", children: [.element(XMLElement("Total", children: [.element(.money(total))]))])
        header.set("orderID", order.number)
        header.set("orderDate", orderTime.iso)
        header.set("type", "new")
        header.set("requestedDeliveryDate", order.requestedDate?.iso)
        for (name, party) in [("ShipTo", order.deliverTo), ("BillTo", order.invoiceTo)] {
            if let party { header.append(XMLElement(name, children: [.element(.address(party, language))])) }
        }
        if let comment = order.comment { header.append(.inLanguage("Comments", comment, language)) }
        var request = XMLElement(Self.elementName, children: [.element(header)])
        request.append(order.lines.map { $0.element(currency: order.currency, language: language) })
        return request
    }
}

extension XMLElement {
    fileprivate static func address(_ party: DocumentParty, _ language: String) -> XMLElement {
        let contact = CXMLContact(role: "address", party)
        var address = XMLElement("Address", children: [.element(.inLanguage("Name", contact.name, language))])
        address.set("addressID", contact.addressID)
        if let country = contact.country { address.set("isoCountryCode", country) }
        if let postal = postalAddress(contact) { address.append(postal) }
        return address
    }
}

extension PurchaseOrder.Line {
    fileprivate func element(currency: String, language: String) -> XMLElement {
        let detail = XMLElement(
            "ItemDetail",
            children: [
                .element(
                    XMLElement("UnitPrice", children: [.element(.money(CXMLMoney(unitPrice ?? .zero, currency)))])),
                .element(.inLanguage("Description", article.description ?? article.sellerNumber, language)),
                .element(.unit(unit)),
                // The DTD wants a classification; a webshop has none.
                .element(
                    XMLElement(
                        "Classification", attributes: [XMLAttribute("domain", "SupplierPartID")], text: article.sellerNumber)),
                .element(.extrinsic(CXMLExtrinsic("lineReference", reference))),
            ])
        let itemID = XMLElement("ItemID", children: [.element(XMLElement("SupplierPartID", text: article.sellerNumber))])
        var element = XMLElement("ItemOut", children: [.element(itemID), .element(detail)])
        element.set("quantity", quantity.plain)
        element.set("lineNumber", String(number))
        return element
    }
}

extension OrderRequest {
    private static let lineReferenceName = "lineReference"

    /// What a document that ``render(in:)`` wrote calls its lines, in their order.
    ///
    /// - Throws: ``DocumentFault`` for anything but an OrderRequest of such lines.
    package static func lineReferences(_ bytes: [UInt8]) throws(DocumentFault) -> [String] {
        let document: XMLDocument
        do throws(XMLFault) { document = try XMLReader(limits: .document).read(bytes) } catch { throw DocumentFault(error) }
        var references: [String] = []
        for line in try document.root.child("Request").child(elementName).elements("ItemOut") {
            let extrinsics = try line.child("ItemDetail").elements("Extrinsic")
            guard let reference = extrinsics.first(where: { $0.attribute("name") == lineReferenceName })?.text else {
                throw DocumentFault(element: "ItemDetail/Extrinsic", "a line has no reference")
            }
            references.append(reference)
        }
        return references
    }
}
