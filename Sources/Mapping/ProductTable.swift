package import Orders

/// What the shop's products are called in the ERP.
package struct ProductTable: Sendable {
    package let entries: [ProductEntry]
    /// What parts a product key from the shop's unit, as the `_` of `124_STUK`; `nil`: keys have no unit in them.
    package let unitSeparator: String?
    package let otherwise: Otherwise
    private let indexes: [ProductKey: Int]

    private struct ProductKey: Hashable, Sendable {
        var origin: String?
        var key: String
    }

    /// - Parameter entries: no two of them for the same key and origin; the first one counts.
    package init(_ entries: [ProductEntry] = [], unitSeparator: String? = nil, otherwise: Otherwise = .useKey) {
        self.entries = entries
        self.unitSeparator = unitSeparator
        self.otherwise = otherwise
        indexes = Dictionary(
            entries.enumerated().map { (ProductKey(origin: $1.origin, key: $1.key), $0) }, uniquingKeysWith: { first, _ in first }
        )
    }

    /// The entry for that key and origin; else the one for that key of whatever origin.
    package func entry(_ key: String, origin: String?) -> ProductEntry? {
        let index = indexes[ProductKey(origin: origin, key: key)] ?? indexes[ProductKey(origin: nil, key: key)]
        return index.map { entries[$0] }
    }

    /// What stands before and after the last separator; `nil` where there is none, or nothing on one side of it.
    package func split(_ key: String) -> (product: String, unit: String)? {
        guard let unitSeparator, let range = key.ranges(of: unitSeparator).last else { return nil }
        let (product, unit) = (key[..<range.lowerBound], key[range.upperBound...])
        return product.isEmpty || unit.isEmpty ? nil : (String(product), String(unit))
    }

    func write(to writer: inout FingerprintWriter) {
        writer.add("products")
        writer.add([unitSeparator ?? "", otherwise.rawValue])
        for entry in entries {
            writer.add(entry.key)
            writer.add(entry.origin)
            entry.target.write(to: &writer)
        }
    }
}

/// One product of the shop's.
package struct ProductEntry: Sendable, Equatable {
    /// The whole of the shop's key, or what stands before the unit in it.
    package var key: String
    /// The shop's name for where the key comes from; `nil`: from anywhere.
    package var origin: String?
    package var target: ItemTarget

    package init(key: String, origin: String? = nil, target: ItemTarget) {
        self.key = key
        self.origin = origin
        self.target = target
    }
}

/// Lines whose product key matches a pattern are a service of the ERP's: shipping, surcharges, discounts.
package struct ServiceRule: Sendable, Equatable {
    package var pattern: KeyPattern
    package var target: ItemTarget

    package init(pattern: KeyPattern, target: ItemTarget) {
        self.pattern = pattern
        self.target = target
    }

    func write(to writer: inout FingerprintWriter) {
        writer.add("service")
        writer.add(pattern.text)
        target.write(to: &writer)
    }
}

/// What an entry says of a line in the ERP's words.
package struct ItemTarget: Sendable, Equatable {
    /// The ERP's code of the product.
    package var code: String
    /// The ERP's name of the unit.
    package var unit: String?
    /// How many of the ERP's units are one of the shop's; above zero.
    package var factor: ExactDecimal?
    /// What rules about taxes know the product by.
    package var group: String?
    /// The ERP's names of the taxes, whatever those rules say.
    package var taxes: [String]?
    package var place: TablePlace

    package init(
        code: String, unit: String? = nil, factor: ExactDecimal? = nil, group: String? = nil, taxes: [String]? = nil,
        place: TablePlace
    ) {
        self.code = code
        self.unit = unit
        self.factor = factor
        self.group = group
        self.taxes = taxes
        self.place = place
    }

    /// An entry that says anything of units says all of it: the shop's unit isn't looked up then.
    var settlesUnit: Bool { unit != nil || factor != nil }

    func write(to writer: inout FingerprintWriter) {
        for text in [code, unit, factor?.spelling, group] { writer.add(text) }
        writer.add(taxes)
    }
}
