/// Which of the ERP's taxes are on a line, where the product's entry doesn't say.
package struct TaxTable: Sendable {
    /// The first that fits counts.
    package var rules: [TaxRule]
    /// ``Otherwise/useKey`` names no tax: the ERP puts on the line what it has for the product.
    package var otherwise: Otherwise

    package init(_ rules: [TaxRule] = [], otherwise: Otherwise = .useKey) {
        self.rules = rules
        self.otherwise = otherwise
    }

    package func rule(for circumstances: TaxCircumstances) -> TaxRule? { rules.first { $0.fits(circumstances) } }

    func write(to writer: inout FingerprintWriter) {
        writer.add("taxes")
        writer.add(otherwise.rawValue)
        for rule in rules {
            writer.add(rule.countries)
            for text in [rule.customer, rule.group, rule.hasTaxNumber.map(String.init)] { writer.add(text) }
            writer.add(rule.taxes)
        }
    }
}

/// What the taxes on a line depend on.
package struct TaxCircumstances: Sendable, Equatable {
    /// Where the goods go: of the shipment address, else the invoice address, else the customer; ISO 3166-1 alpha-2.
    package var country: String?
    /// The ERP's code of the customer.
    package var customer: String?
    /// Of the product's entry.
    package var group: String?
    /// Whether the customer, or the invoice address, has a tax number.
    package var hasTaxNumber: Bool

    package init(country: String? = nil, customer: String? = nil, group: String? = nil, hasTaxNumber: Bool = false) {
        self.country = country
        self.customer = customer
        self.group = group
        self.hasTaxNumber = hasTaxNumber
    }
}

/// Fits where everything fits that it names.
package struct TaxRule: Sendable, Equatable {
    /// ISO 3166-1 alpha-2 in capitals; empty: any, and none.
    package var countries: [String]
    package var customer: String?
    package var group: String?
    package var hasTaxNumber: Bool?
    /// The ERP's names; empty: what the ERP has for the product.
    package var taxes: [String]
    package var place: TablePlace

    package init(
        countries: [String] = [], customer: String? = nil, group: String? = nil, hasTaxNumber: Bool? = nil, taxes: [String],
        place: TablePlace
    ) {
        self.countries = countries
        self.customer = customer
        self.group = group
        self.hasTaxNumber = hasTaxNumber
        self.taxes = taxes
        self.place = place
    }

    package func fits(_ circumstances: TaxCircumstances) -> Bool {
        if !countries.isEmpty {
            guard let country = circumstances.country?.uppercased(), countries.contains(country) else { return false }
        }
        return (customer == nil || customer == circumstances.customer) && (group == nil || group == circumstances.group)
            && (hasTaxNumber == nil || hasTaxNumber == circumstances.hasTaxNumber)
    }
}
