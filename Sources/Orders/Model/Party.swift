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

    /// Every field that has a JSON name, in a fixed order: the one list that reading and writing share.
    static let textFields: [(name: String, path: any WritableKeyPath<Party, String?> & Sendable)] = [
        ("origin", \.origin), ("key", \.key), ("code", \.code), ("name", \.name), ("attention", \.attention),
        ("street1", \.street), ("house_number", \.houseNumber), ("addition", \.addition), ("street2", \.street2),
        ("zip", \.postalCode), ("city", \.city), ("subdivision", \.subdivision), ("country", \.country),
        ("email", \.email), ("phone", \.telephone), ("vat_number", \.taxNumber),
    ]

    /// Reads the object's known members; texts may also be numbers (a code, a postal code). Unknown members are passed over.
    /// Names: CloudSuite's user profile ("New user registration", documented) for the address parts, the rest inferred.
    public init(json object: JSONObject) {
        id = object["id"]?.integerValue
        for (name, path) in Self.textFields {
            switch object[name] {
            case .string(let text)?: self[keyPath: path] = text.value
            case .number(let number)?: self[keyPath: path] = number.spelling
            default: break
            }
        }
    }

    /// The members that have a value.
    public var json: JSONObject {
        var object = JSONObject()
        if let id { object.append("id", .integer(id)) }
        for (name, path) in Self.textFields {
            if let text = self[keyPath: path] { object.append(name, .text(text)) }
        }
        return object
    }

    /// The member of that JSON name, such as `zip`.
    public func text(named name: String) -> String? {
        Self.textFields.first { $0.name == name }.flatMap { self[keyPath: $0.path] }
    }
}
