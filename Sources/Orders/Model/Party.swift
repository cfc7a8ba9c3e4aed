/// Who ordered, or where it goes, as the order names them.
///
/// CloudSuite's samples show an integer id (documented); `{origin, key}` and a whole object are accepted too (inferred).
public enum PartyReference: Sendable, Equatable {
    case id(Int64)
    case originKey(origin: String, key: String)
    case expanded(Party)
}

/// A customer or an address with its content. Every field may be missing; a sink says which it needs.
public struct Party: Sendable, Equatable {
    /// The shop's numeric id.
    public var id: Int64?
    /// The source system's name for its keys, and the key: what to use when data is sent back.
    public var origin: String?
    public var key: String?
    /// The ERP's own number for it, where the shop knows it.
    public var code: String?
    public var name: String?
    public var attention: String?
    public var street: String?
    public var houseNumber: String?
    public var addition: String?
    public var street2: String?
    public var postalCode: String?
    public var city: String?
    public var subdivision: String?
    /// ISO 3166-1 alpha-2, such as `NL`.
    public var country: String?
    public var email: String?
    public var telephone: String?
    public var taxNumber: String?

    public init() {}

    /// Reads the object's known members; texts may also be numbers (a code, a postal code). Unknown members are passed over.
    /// Names: CloudSuite's user profile ("New user registration", documented) for the address parts, the rest inferred.
    public init(json object: JSONObject) {
        id = object["id"]?.integerValue
        origin = Self.text(object["origin"])
        key = Self.text(object["key"])
        code = Self.text(object["code"])
        name = Self.text(object["name"])
        attention = Self.text(object["attention"])
        street = Self.text(object["street1"])
        houseNumber = Self.text(object["house_number"])
        addition = Self.text(object["addition"])
        street2 = Self.text(object["street2"])
        postalCode = Self.text(object["zip"])
        city = Self.text(object["city"])
        subdivision = Self.text(object["subdivision"])
        country = Self.text(object["country"])
        email = Self.text(object["email"])
        telephone = Self.text(object["phone"])
        taxNumber = Self.text(object["vat_number"])
    }

    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)?: text.value
        case .number(let number)?: number.spelling
        default: nil
        }
    }

    /// The members that have a value, in a fixed order. (A list of key paths would spell the names once, at the price of a copy of
    /// the whole party for each of them.)
    public var json: JSONObject {
        var object = JSONObject()
        if let id { object.append("id", .integer(id)) }
        func append(_ name: String, _ text: String?) {
            if let text { object.append(name, .text(text)) }
        }
        append("origin", origin)
        append("key", key)
        append("code", code)
        append("name", name)
        append("attention", attention)
        append("street1", street)
        append("house_number", houseNumber)
        append("addition", addition)
        append("street2", street2)
        append("zip", postalCode)
        append("city", city)
        append("subdivision", subdivision)
        append("country", country)
        append("email", email)
        append("phone", telephone)
        append("vat_number", taxNumber)
        return object
    }

    /// The member of that JSON name, such as `zip`.
    public func text(named name: String) -> String? { json[name]?.stringValue }
}
