import Orders

/// An address as ERPs hold it: the street with its number in one text of one or more lines.
struct PostalAddress: Sendable {
    /// Whose it is, where that isn't the party itself.
    var name: String?
    var attention: String?
    var street: String
    var postalCode: String
    var city: String
    /// ISO 3166-1 alpha-2.
    var country: String?

    /// Nowhere; as an ERP's own way of holding one fills it in.
    init() { (street, postalCode, city) = ("", "", "") }

    /// `nil` where the shop says nothing of a place.
    init?(_ party: Party, customer: String?) {
        let number = [party.houseNumber, party.addition].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        let first = [party.street ?? "", number].filter { !$0.isEmpty }.joined(separator: " ")
        street = [first, party.street2 ?? ""].filter { !$0.isEmpty }.joined(separator: "\n")
        name = party.name == customer ? nil : party.name
        attention = party.attention
        postalCode = party.postalCode ?? ""
        city = party.city ?? ""
        country = party.country
        if street.isEmpty, postalCode.isEmpty, city.isEmpty { return nil }
    }

    func isSame(as other: PostalAddress) -> Bool {
        isSamePlace(as: other) && Self.comparable([name, attention]) == Self.comparable([other.name, other.attention])
    }

    func isSamePlace(as other: PostalAddress) -> Bool { Self.comparable(place) == Self.comparable(other.place) }

    private var place: [String?] { [street, postalCode, city, country] }

    /// Case and white space make no other place.
    private static func comparable(_ texts: [String?]) -> [String] {
        texts.map { ($0 ?? "").lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }
}
