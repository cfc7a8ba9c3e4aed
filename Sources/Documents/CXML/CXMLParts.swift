package import Orders
import XMLKit

/// An amount with its currency.
package struct CXMLMoney: Sendable, Hashable {
    package var amount: ExactDecimal
    /// ISO 4217.
    package var currency: String

    package init(_ amount: ExactDecimal, _ currency: String) {
        self.amount = amount
        self.currency = currency
    }
}

/// What shipping or tax costs, and what it is.
package struct CXMLCharge: Sendable, Equatable {
    package var money: CXMLMoney
    package var description: String

    package init(money: CXMLMoney, description: String) {
        self.money = money
        self.description = description
    }
}

/// A value that cXML has no place for, under a name that both sides know.
package struct CXMLExtrinsic: Sendable, Equatable {
    package var name: String
    package var text: String

    package init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }
}

/// Somebody with a role, such as `shipFrom`.
package struct CXMLContact: Sendable, Equatable {
    /// A name token.
    package var role: String
    package var name: String
    package var addressID: String?
    package var streets: [String] = []
    package var city: String?
    package var postalCode: String?
    /// ISO 3166-1 alpha-2.
    package var country: String?
    package var email: String?

    package init(role: String, name: String) {
        self.role = role
        self.name = name
    }

    package init(role: String, _ party: DocumentParty) {
        self.init(role: role, name: party.name ?? "")
        addressID = party.code
        streets = party.streets
        city = party.city
        postalCode = party.postalCode
        country = party.country
    }
}

/// Which order a document speaks of, exactly as the order document spelled it.
package struct CXMLOrderReference: Sendable, Hashable {
    package var orderID: String?
    package var orderDate: String?
    /// Empty where the order didn't come as cXML.
    package var payloadID: String

    package init(orderID: String?, orderDate: String? = nil, payloadID: String = "") {
        self.orderID = orderID
        self.orderDate = orderDate
        self.payloadID = payloadID
    }

    package init(_ order: OrderIdentity) {
        self.init(orderID: order.number, orderDate: order.date, payloadID: order.payloadID ?? "")
    }

    /// For people.
    var name: String? { orderID ?? (payloadID.isEmpty ? nil : payloadID) }
}

/// Whether a document is a first one or takes the place of an earlier one.
package enum CXMLOperation: Sendable, Equatable {
    case new
    /// Complete: what the earlier one said and this one doesn't is dropped. - Parameter replaces: the payloadID of the latest version.
    case update(replaces: String)
}

extension XMLElement {
    static func money(_ money: CXMLMoney) -> XMLElement {
        XMLElement("Money", attributes: [XMLAttribute("currency", money.currency)], text: money.amount.plain)
    }

    static func charge(_ name: String, _ charge: CXMLCharge, _ language: String) -> XMLElement {
        XMLElement(
            name,
            children: [
                .element(.money(charge.money)), .element(.inLanguage("Description", charge.description, language)),
            ])
    }

    static func inLanguage(_ name: String, _ text: String, _ language: String) -> XMLElement {
        XMLElement(name, attributes: [XMLAttribute("xml:lang", language)], text: text)
    }

    static func extrinsic(_ extrinsic: CXMLExtrinsic) -> XMLElement {
        XMLElement("Extrinsic", attributes: [XMLAttribute("name", extrinsic.name)], text: extrinsic.text)
    }

    static func unit(_ unit: String) -> XMLElement { XMLElement("UnitOfMeasure", text: unit) }

    static func documentReference(_ payloadID: String) -> XMLElement {
        XMLElement("DocumentReference", attributes: [XMLAttribute("payloadID", payloadID)])
    }

    static func orderReference(_ order: CXMLOrderReference) -> XMLElement {
        var element = XMLElement("OrderReference", children: [.element(.documentReference(order.payloadID))])
        element.set("orderID", order.orderID)
        element.set("orderDate", order.orderDate)
        return element
    }

    static func contact(_ contact: CXMLContact, _ language: String) -> XMLElement {
        var element = XMLElement(
            "Contact", attributes: [XMLAttribute("role", contact.role)],
            children: [.element(.inLanguage("Name", contact.name, language))])
        element.set("addressID", contact.addressID)
        if let address = postalAddress(contact) { element.append(address) }
        if let email = contact.email { element.append(XMLElement("Email", text: email)) }
        return element
    }

    /// `nil` where there is no street, city or country; each of them is mandatory in it.
    static func postalAddress(_ contact: CXMLContact) -> XMLElement? {
        guard !contact.streets.isEmpty || contact.city != nil || contact.country != nil || contact.postalCode != nil else {
            return nil
        }
        var address = XMLElement("PostalAddress", children: contact.streets.map { .element(XMLElement("Street", text: $0)) })
        address.append(XMLElement("City", text: contact.city ?? ""))
        if let postalCode = contact.postalCode { address.append(XMLElement("PostalCode", text: postalCode)) }
        let country = contact.country ?? ""
        address.append(XMLElement("Country", attributes: [XMLAttribute("isoCountryCode", country)], text: country))
        return address
    }

    mutating func append(_ element: XMLElement) { children.append(.element(element)) }

    mutating func append(_ elements: [XMLElement]) { children += elements.map { .element($0) } }

    mutating func set(_ name: String, _ value: String?) {
        if let value { attributes.append(XMLAttribute(name, value)) }
    }
}

extension FaultList {
    mutating func check(_ money: CXMLMoney, _ element: String) {
        if !Patterns.currency.isWhole(money.currency) {
            add("\(element)/Money/@currency", "'\(money.currency)' is not a currency such as EUR")
        }
    }

    mutating func check(_ charge: CXMLCharge?, _ element: String) {
        guard let charge else { return }
        check(charge.money, element)
        check(charge.description, "\(element)/Description")
    }

    /// - Parameter taken: names that stand further up; a name stands in one place only (cXML, comment on `Extrinsic`).
    mutating func check(_ extrinsics: [CXMLExtrinsic], besides taken: [CXMLExtrinsic] = [], _ element: String) {
        var names = taken.map(\.name)
        for extrinsic in extrinsics {
            require(extrinsic.name, "\(element)/Extrinsic/@name")
            check(extrinsic.text, "\(element)/Extrinsic")
            if names.contains(extrinsic.name) {
                add("\(element)/Extrinsic", "the name '\(extrinsic.name)' stands more than once")
            }
            names.append(extrinsic.name)
        }
    }

    /// - Parameter taken: roles that stand further up; a role stands in one place only (cXML, comment on `Contact`).
    mutating func check(_ contacts: [CXMLContact], besides taken: [CXMLContact] = [], _ element: String) {
        var roles = taken.map(\.role)
        for contact in contacts {
            check(contact, "\(element)/Contact")
            if roles.contains(contact.role) { add("\(element)/Contact", "the role '\(contact.role)' stands more than once") }
            roles.append(contact.role)
        }
    }

    private mutating func check(_ contact: CXMLContact, _ element: String) {
        if !Patterns.role.isWhole(contact.role) { add("\(element)/@role", "'\(contact.role)' is not a role") }
        require(contact.name, "\(element)/Name")
        check(contact.addressID, "\(element)/@addressID")
        check(contact.email, "\(element)/Email")
        guard !contact.streets.isEmpty || contact.city != nil || contact.country != nil || contact.postalCode != nil else {
            return
        }
        if contact.streets.isEmpty { add("\(element)/PostalAddress/Street", "a mandatory value is missing") }
        for street in contact.streets { check(street, "\(element)/PostalAddress/Street") }
        require(contact.city ?? "", "\(element)/PostalAddress/City")
        check(contact.postalCode, "\(element)/PostalAddress/PostalCode")
        if !Patterns.country.isWhole(contact.country ?? "") {
            add("\(element)/PostalAddress/Country", "'\(contact.country ?? "")' is not a country such as NL")
        }
    }

    mutating func check(_ order: CXMLOrderReference) {
        check(order.orderID, "OrderReference/@orderID")
        check(order.orderDate, "OrderReference/@orderDate")
        check(order.payloadID, "OrderReference/DocumentReference/@payloadID")
        if order.name == nil { add("OrderReference", "neither the order's number nor its payloadID is known") }
    }

    mutating func checkUnit(_ unit: String, _ element: String) {
        if !Patterns.unit.isWhole(unit) {
            add("\(element)/UnitOfMeasure", "'\(unit)' is not a unit of UN/CEFACT recommendation 20 such as EA")
        }
    }
}
