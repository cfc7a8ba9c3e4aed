import Orders
import SinkKit

/// An address as Tryton holds it: the street with its number in one text of one or more lines.
struct TrytonAddress: Sendable {
    /// Whose it is, where that isn't the party itself.
    var name: String?
    var attention: String?
    var street: String
    var postalCode: String
    var city: String
    /// ISO 3166-1 alpha-2.
    var country: String?

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

    /// As Tryton shows it.
    init(row: JSONValue, partyName: String?) {
        let stated = row["party_name"]?.stringValue
        name = stated == partyName ? nil : stated
        attention = row["attn"]?.stringValue
        street = row["street"]?.stringValue ?? ""
        postalCode = row["postal_code"]?.stringValue ?? ""
        city = row["city"]?.stringValue ?? ""
        country = row["country."]?["code"]?.stringValue
    }

    func isSame(as other: TrytonAddress) -> Bool {
        isSamePlace(as: other) && Self.comparable([name, attention]) == Self.comparable([other.name, other.attention])
    }

    func isSamePlace(as other: TrytonAddress) -> Bool { Self.comparable(place) == Self.comparable(other.place) }

    private var place: [String?] { [street, postalCode, city, country] }

    /// Case and white space make no other place.
    private static func comparable(_ texts: [String?]) -> [String] {
        texts.map { ($0 ?? "").lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    /// For creating it.
    func values(_ facts: TrytonFacts) -> JSONObject {
        // Version 8 has parts of a street, of which this is all of it.
        let streetField = facts.fields.contains("party.address.street_unstructured") ? "street_unstructured" : "street"
        var values = JSONObject([
            (streetField, .text(street)), ("postal_code", .text(postalCode)), ("city", .text(city)), ("invoice", true),
            ("delivery", true),
        ])
        if let name { values.append("party_name", .text(name)) }
        if let attention { values.append("attn", .text(attention)) }
        if let country, let id = facts.countries[country] { values.append("country", .integer(id)) }
        return values
    }
}
