import Orders
import XMLKit

extension XMLElement {
    func requiredAttribute(_ name: String) throws(DocumentFault) -> String {
        guard let value = attribute(name) else {
            throw DocumentFault(element: "\(self.name)/@\(name)", "the attribute is missing")
        }
        return value
    }

    func requiredTime(_ name: String) throws(DocumentFault) -> ZonedTime {
        guard let time = try optionalTime(name) else {
            throw DocumentFault(element: "\(self.name)/@\(name)", "the attribute is missing")
        }
        return time
    }

    func optionalTime(_ name: String) throws(DocumentFault) -> ZonedTime? {
        guard let text = attribute(name) else { return nil }
        guard let time = ZonedTime(iso: text) else {
            throw DocumentFault(
                element: "\(self.name)/@\(name)", "'\(text.prefix(40))' is not a time such as 2024-03-05T10:15:30+01:00")
        }
        return time
    }

    func requiredDecimal(_ name: String) throws(DocumentFault) -> ExactDecimal {
        try Self.decimal(requiredAttribute(name), "\(self.name)/@\(name)")
    }

    func requiredNumber(_ name: String) throws(DocumentFault) -> Int64 {
        let text = try requiredAttribute(name)
        guard let number = Int64(text), number >= 0 else {
            throw DocumentFault(element: "\(self.name)/@\(name)", "'\(text.prefix(40))' is not a number")
        }
        return number
    }

    /// One of the values an attribute may have; `nil` where it isn't there.
    func value<Value: RawRepresentable<String>>(_ name: String, as type: Value.Type) throws(DocumentFault) -> Value? {
        guard let text = attribute(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            throw DocumentFault(element: "\(self.name)/@\(name)", "'\(text.prefix(40))' is not one of its values")
        }
        return value
    }

    func money() throws(DocumentFault) -> CXMLMoney {
        let money = try child("Money")
        return CXMLMoney(try Self.decimal(money.text, "\(name)/Money"), try money.requiredAttribute("currency"))
    }

    func charge(_ name: String) throws(DocumentFault) -> CXMLCharge? {
        guard let charge = self[name] else { return nil }
        return CXMLCharge(money: try charge.money(), description: try charge.child("Description").text)
    }

    func comments() -> [String] { elements("Comments").map(\.text) }

    func extrinsics() throws(DocumentFault) -> [CXMLExtrinsic] {
        var extrinsics: [CXMLExtrinsic] = []
        for element in elements("Extrinsic") {
            extrinsics.append(CXMLExtrinsic(try element.requiredAttribute("name"), element.text))
        }
        return extrinsics
    }

    func contacts() throws(DocumentFault) -> [CXMLContact] {
        var contacts: [CXMLContact] = []
        for element in elements("Contact") {
            var contact = CXMLContact(role: element.attribute("role") ?? "", name: try element.child("Name").text)
            contact.addressID = element.attribute("addressID")
            contact.email = element["Email"]?.text
            if let address = element["PostalAddress"] {
                contact.streets = address.elements("Street").map(\.text)
                contact.city = address["City"]?.text
                contact.postalCode = address["PostalCode"]?.text
                contact.country = address["Country"]?.attribute("isoCountryCode")
            }
            contacts.append(contact)
        }
        return contacts
    }

    func orderReference() throws(DocumentFault) -> CXMLOrderReference {
        let order = try child("OrderReference")
        return CXMLOrderReference(
            orderID: order.attribute("orderID"), orderDate: order.attribute("orderDate"),
            payloadID: try order.child("DocumentReference").requiredAttribute("payloadID"))
    }

    /// `update` and `delete` need to name what they replace.
    func replacedPayloadID() throws(DocumentFault) -> String { try child("DocumentReference").requiredAttribute("payloadID") }

    /// `new` replaces nothing, so it may name nothing.
    func replacesNothing() throws(DocumentFault) {
        guard self["DocumentReference"] != nil else { return }
        throw DocumentFault(element: "\(name)/DocumentReference", "it stands only where an earlier document is replaced")
    }

    /// Accepts space around the number, as pretty-printed documents have it.
    static func decimal(_ text: String, _ element: String) throws(DocumentFault) -> ExactDecimal {
        let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let decimal = try? ExactDecimal(trimmed) else {
            throw DocumentFault(element: element, "'\(text.prefix(40))' is not a decimal")
        }
        return decimal
    }
}
