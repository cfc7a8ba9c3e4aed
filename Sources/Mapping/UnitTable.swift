package import Orders

/// What the shop's units are in the ERP.
package struct UnitTable: Sendable {
    package let entries: [UnitEntry]
    package let otherwise: Otherwise
    private let indexes: [String: Int]

    /// - Parameter entries: no two of them for the same key; the first one counts.
    package init(_ entries: [UnitEntry] = [], otherwise: Otherwise = .useKey) {
        self.entries = entries
        self.otherwise = otherwise
        indexes = Dictionary(entries.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func entry(_ key: String) -> UnitEntry? { indexes[key].map { entries[$0] } }

    func write(to writer: inout FingerprintWriter) {
        writer.add("units")
        writer.add(otherwise.rawValue)
        for entry in entries {
            for text in [entry.key, entry.unit, entry.factor?.spelling] { writer.add(text) }
        }
    }
}

/// One unit of the shop's.
package struct UnitEntry: Sendable, Equatable {
    /// As it stands in the product keys: the `STUK` of `124_STUK`.
    package var key: String
    /// The ERP's name of the unit; `nil`: the product's own.
    package var unit: String?
    /// How many of the ERP's units are one of the shop's; above zero.
    package var factor: ExactDecimal?
    package var place: TablePlace

    package init(key: String, unit: String?, factor: ExactDecimal? = nil, place: TablePlace) {
        self.key = key
        self.unit = unit
        self.factor = factor
        self.place = place
    }
}
