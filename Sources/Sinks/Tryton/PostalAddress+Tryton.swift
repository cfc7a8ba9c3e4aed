import Orders

extension PostalAddress {
    /// As Tryton shows it.
    init(row: JSONValue, partyName: String?) {
        self.init()
        let stated = row["party_name"]?.stringValue
        name = stated == partyName ? nil : stated
        attention = row["attn"]?.stringValue
        street = row["street"]?.stringValue ?? ""
        postalCode = row["postal_code"]?.stringValue ?? ""
        city = row["city"]?.stringValue ?? ""
        country = row["country."]?["code"]?.stringValue
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
