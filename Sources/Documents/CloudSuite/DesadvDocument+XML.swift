import Orders
import XMLKit

extension DesadvDocument {
    /// Digits of `QuantityValue`, decimal(12,4) (CloudSuite, "Delivery (DESADV) - XML").
    private static let fractionDigitsMax = 4
    private static let integerDigitsMax = 8

    /// The message in UTF-8. The same value gives the same bytes.
    ///
    /// - Throws: ``DocumentFaults`` with everything that the message has no room for; nothing is rounded or cut.
    package func render() throws(DocumentFaults) -> [UInt8] {
        try check()
        do throws(XMLWriteFault) {
            return try XMLWriter().write(XMLDocument(root: root))
        } catch {
            throw DocumentFaults(error)
        }
    }

    private var root: XMLElement {
        var header = XMLElement(
            "DesadvHeader",
            children: [
                .element(XMLElement("DesadvNumber", text: number)), .element(XMLElement("DesadvDate", text: date.iso)),
                .element(XMLElement("PlannedDeliveryDate", text: plannedDeliveryDate.iso)),
            ])
        if let comment { header.children.append(.element(XMLElement("Comment", text: comment))) }
        let means = XMLElement("MeansOfTransport", children: [.element(XMLElement("Identification", text: trackingCode))])
        header.children.append(
            .element(
                XMLElement(
                    "TransportDetails", children: [.element(XMLElement("TransportModeCode", text: carrier)), .element(means)])))
        let party = XMLElement(
            "DesadvParty", children: buyerParty.map { [.element(XMLElement("BuyerParty", text: $0))] } ?? [])
        let lines = XMLElement("LineItems", children: items.map { .element($0.element) })
        let detail = XMLElement("DesadvDetail", children: [.element(XMLElement("Packaging", children: [.element(lines)]))])
        return XMLElement("Desadv", children: [.element(header), .element(party), .element(detail)])
    }

    private func check() throws(DocumentFaults) {
        var faults = FaultList()
        faults.order = items.first.map { $0.orderReference ?? $0.orderNumber }
        faults.require(number, "DesadvHeader/DesadvNumber")
        faults.check(comment, "DesadvHeader/Comment")
        faults.check(carrier, "TransportDetails/TransportModeCode")
        faults.check(trackingCode, "MeansOfTransport/Identification")
        faults.check(buyerParty, "DesadvParty/BuyerParty")
        if items.isEmpty { faults.add("LineItems", "there is nothing in the shipment") }
        for item in items {
            faults.order = item.orderReference ?? item.orderNumber
            faults.line = item.lineNumber
            item.check(&faults)
        }
        try faults.throwIfAny()
    }

    /// Reads a message.
    ///
    /// - Throws: ``DocumentFault`` that names the element that is missing or wrong.
    package init(_ bytes: [UInt8]) throws(DocumentFault) {
        let root: XMLElement
        do throws(XMLFault) {
            root = try XMLReader(limits: .document).read(bytes).root
        } catch {
            throw DocumentFault(error)
        }
        guard root.name == "Desadv" else { throw DocumentFault(element: root.name, "the root is to be 'Desadv'") }
        let header = try root.child("DesadvHeader")
        let transport = try header.child("TransportDetails")
        let lines = try root.child("DesadvDetail").child("Packaging").child("LineItems")
        self.init(
            number: try header.child("DesadvNumber").text, date: try header.day("DesadvDate"),
            plannedDeliveryDate: try header.day("PlannedDeliveryDate"), carrier: try transport.child("TransportModeCode").text,
            trackingCode: try transport.child("MeansOfTransport").child("Identification").text, items: [])
        comment = header["Comment"]?.text
        buyerParty = root["DesadvParty"]?["BuyerParty"]?.text
        for element in lines.elements("Item") { items.append(try Item(element)) }
    }

    /// Why the message has no room for a quantity; `nil`: it has.
    static func hasRoom(for quantity: ExactDecimal) -> String? {
        if quantity.fractionDigits > fractionDigitsMax { return "\(quantity) has more than \(fractionDigitsMax) decimals" }
        if quantity.integerDigits > integerDigitsMax {
            return "\(quantity) has more than \(integerDigitsMax) digits before the point"
        }
        return nil
    }
}

extension DesadvDocument.Item {
    fileprivate var element: XMLElement {
        XMLElement(
            "Item",
            children: [
                .element(XMLElement("ItemNum", text: String(lineNumber))), .element(XMLElement("OrderNum", text: orderNumber)),
                .element(XMLElement("QuantityValue", text: quantity.plain(fractionDigits: 4))),
                .element(XMLElement("SellerItemID", text: sellerItemID)),
            ])
    }

    fileprivate func check(_ faults: inout FaultList) {
        if !(1...Int64(Int32.max)).contains(lineNumber) { faults.add("Item/ItemNum", "\(lineNumber) is not a line number") }
        faults.require(orderNumber, "Item/OrderNum")
        faults.require(sellerItemID, "Item/SellerItemID")
        faults.requirePositive(quantity, "Item/QuantityValue")
        if let message = DesadvDocument.hasRoom(for: quantity) { faults.add("Item/QuantityValue", message) }
    }

    fileprivate init(_ element: XMLElement) throws(DocumentFault) {
        let (line, quantity) = (try element.child("ItemNum").text, try element.child("QuantityValue").text)
        guard let line = Int64(line) else { throw DocumentFault(element: "Item/ItemNum", "'\(line.prefix(40))' is not a number") }
        guard let quantity = try? ExactDecimal(quantity) else {
            throw DocumentFault(line: line, element: "Item/QuantityValue", "'\(quantity.prefix(40))' is not a decimal")
        }
        self.init(
            lineNumber: line, orderNumber: try element.child("OrderNum").text, quantity: quantity,
            sellerItemID: try element.child("SellerItemID").text)
    }
}

extension XMLElement {
    /// The one child of that name.
    func child(_ name: String) throws(DocumentFault) -> XMLElement {
        let found = elements(name)
        guard let child = found.first, found.count == 1 else {
            throw DocumentFault(
                element: "\(self.name)/\(name)", found.isEmpty ? "the element is missing" : "the element stands twice")
        }
        return child
    }

    fileprivate func day(_ name: String) throws(DocumentFault) -> CalendarDate {
        let text = try child(name).text
        guard let date = CalendarDate(iso: text) else {
            throw DocumentFault(element: "\(self.name)/\(name)", "'\(text.prefix(40))' is not a date such as 2025-03-01")
        }
        return date
    }
}
