package import Orders
import XMLKit

/// A cXML OrderRequest that tells CloudSuite what the ERP calls an order and its lines.
///
/// The page of the shop's documentation that describes it is not public; this follows its sibling for offline orders ("Order incoming
/// offline (OCI XML)"), so everything about it is inferred. With `sync` as its type, which that page asks for, no DTD takes it.
package struct OrderFeedback: Sendable, Equatable {
    /// `OrderRequestHeader/@type`.
    package var type: String
    /// `@orderID`: the ERP's order number.
    package var erpOrderNumber: String
    package var orderTime: ZonedTime
    package var requestedDeliveryDate: CalendarDate?
    package var total: CXMLMoney
    /// `ShipTo` and `BillTo` name a customer or an address by its import key.
    package var shipTo: Address?
    package var billTo: Address
    package var extrinsics: [CXMLExtrinsic] = []
    package var lines: [Line]
    /// What people call the order; for faults only, not in the document.
    package var orderReference: String?

    package init(
        type: String = "sync", erpOrderNumber: String, orderTime: ZonedTime, total: CXMLMoney, billTo: Address, lines: [Line]
    ) {
        self.type = type
        self.erpOrderNumber = erpOrderNumber
        self.orderTime = orderTime
        self.total = total
        self.billTo = billTo
        self.lines = lines
    }

    package struct Address: Sendable, Equatable {
        package var addressID: String
        package var name: String

        package init(addressID: String, name: String) {
            self.addressID = addressID
            self.name = name
        }
    }

    /// `ItemOut`.
    package struct Line: Sendable, Equatable {
        package var erpLineNumber: Int64
        package var quantity: ExactDecimal
        package var unit: String
        package var supplierPartID: String
        package var unitPrice: CXMLMoney
        package var description: String

        package init(
            erpLineNumber: Int64, quantity: ExactDecimal, unit: String, supplierPartID: String, unitPrice: CXMLMoney,
            description: String
        ) {
            self.erpLineNumber = erpLineNumber
            self.quantity = quantity
            self.unit = unit
            self.supplierPartID = supplierPartID
            self.unitPrice = unitPrice
            self.description = description
        }
    }
}

extension OrderFeedback: CXMLBody {
    static let elementName = "OrderRequest"
    static let definition = "cXML"

    /// The whole document in UTF-8; the same values give the same bytes.
    ///
    /// - Throws: ``DocumentFaults`` for everything that cXML has no room for.
    package func render(in envelope: CXMLEnvelope) throws(DocumentFaults) -> [UInt8] { try bytes(in: envelope) }

    /// - Throws: ``DocumentFault``. What this type has no field for is passed over.
    package static func parse(_ bytes: [UInt8]) throws(DocumentFault) -> (envelope: CXMLEnvelope, body: OrderFeedback) {
        try read(bytes)
    }

    func check(_ faults: inout FaultList) {
        faults.order = orderReference ?? erpOrderNumber
        faults.require(erpOrderNumber, "OrderRequestHeader/@orderID")
        faults.require(type, "OrderRequestHeader/@type")
        faults.check(total, "OrderRequestHeader/Total")
        for (name, address) in [("ShipTo", shipTo), ("BillTo", billTo)] {
            guard let address else { continue }
            faults.require(address.addressID, "\(name)/Address/@addressID")
            faults.require(address.name, "\(name)/Address/Name")
        }
        faults.check(extrinsics, "OrderRequestHeader")
        if lines.isEmpty { faults.add("ItemOut", "the order has no lines") }
        var numbers: [Int64] = []
        for line in lines {
            faults.line = line.erpLineNumber
            if line.erpLineNumber < 0 { faults.add("ItemOut/@lineNumber", "\(line.erpLineNumber) is not a line number") }
            if numbers.contains(line.erpLineNumber) { faults.add("ItemOut/@lineNumber", "two lines have the same number") }
            numbers.append(line.erpLineNumber)
            faults.require(line.supplierPartID, "ItemOut/ItemID/SupplierPartID")
            faults.checkUnit(line.unit, "ItemOut/ItemDetail")
            faults.check(line.unitPrice, "ItemOut/ItemDetail/UnitPrice")
            faults.check(line.description, "ItemOut/ItemDetail/Description")
        }
    }

    func element(language: String) -> XMLElement {
        var header = XMLElement(
            "OrderRequestHeader", children: [.element(XMLElement("Total", children: [.element(.money(total))]))])
        header.set("orderID", erpOrderNumber)
        header.set("orderDate", orderTime.iso)
        header.set("type", type)
        header.set("requestedDeliveryDate", requestedDeliveryDate?.iso)
        for (name, address) in [("ShipTo", shipTo), ("BillTo", billTo)] {
            guard let address else { continue }
            var node = XMLElement("Address", children: [.element(.inLanguage("Name", address.name, language))])
            node.set("addressID", address.addressID)
            header.append(XMLElement(name, children: [.element(node)]))
        }
        header.append(extrinsics.map { .extrinsic($0) })
        var request = XMLElement(Self.elementName, children: [.element(header)])
        request.append(lines.map { $0.element(language: language) })
        return request
    }

    init(_ element: XMLElement) throws(DocumentFault) {
        let header = try element.child("OrderRequestHeader")
        self.init(
            type: header.attribute("type") ?? "new", erpOrderNumber: try header.requiredAttribute("orderID"),
            orderTime: try header.requiredTime("orderDate"), total: try header.child("Total").money(),
            billTo: try Address(header.child("BillTo").child("Address")), lines: [])
        requestedDeliveryDate = header.attribute("requestedDeliveryDate").flatMap { CalendarDate(iso: $0) }
        shipTo = try header["ShipTo"].map { shipTo throws(DocumentFault) in try Address(shipTo.child("Address")) }
        extrinsics = try header.extrinsics()
        for line in element.elements("ItemOut") { lines.append(try Line(line)) }
    }
}

extension OrderFeedback.Address {
    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        self.init(addressID: try element.requiredAttribute("addressID"), name: try element.child("Name").text)
    }
}

extension OrderFeedback.Line {
    fileprivate func element(language: String) -> XMLElement {
        let detail = XMLElement(
            "ItemDetail",
            children: [
                .element(XMLElement("UnitPrice", children: [.element(.money(unitPrice))])),
                .element(.inLanguage("Description", description, language)), .element(.unit(unit)),
                // The DTD wants a classification; the shop's documentation names none.
                .element(
                    XMLElement("Classification", attributes: [XMLAttribute("domain", "SupplierPartID")], text: supplierPartID)),
            ])
        let itemID = XMLElement("ItemID", children: [.element(XMLElement("SupplierPartID", text: supplierPartID))])
        var element = XMLElement("ItemOut", children: [.element(itemID), .element(detail)])
        element.set("quantity", quantity.plain)
        element.set("lineNumber", String(erpLineNumber))
        return element
    }

    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        let detail = try element.child("ItemDetail")
        guard let description = detail["Description"] else {
            throw DocumentFault(element: "ItemDetail/Description", "the element is missing")
        }
        self.init(
            erpLineNumber: try element.requiredNumber("lineNumber"), quantity: try element.requiredDecimal("quantity"),
            unit: try detail.child("UnitOfMeasure").text,
            supplierPartID: try element.child("ItemID").child("SupplierPartID").text,
            unitPrice: try detail.child("UnitPrice").money(), description: description.text)
    }
}
