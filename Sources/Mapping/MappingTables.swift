/// What turns a webshop's products, units, taxes and customers into the ERP's: data that people keep, not code.
package struct MappingTables: Sendable {
    package var products = ProductTable()
    package var services: [ServiceRule] = []
    package var units = UnitTable()
    package var taxes = TaxTable()
    /// `nil`: the sink finds the customer by itself.
    package var customers: CustomerTable?

    package init() {}

    /// Differs where an order could be mapped otherwise; where an entry stands in its file doesn't count.
    package var fingerprint: [UInt8] {
        var writer = FingerprintWriter()
        products.write(to: &writer)
        for rule in services { rule.write(to: &writer) }
        units.write(to: &writer)
        taxes.write(to: &writer)
        customers?.write(to: &writer)
        return writer.bytes
    }
}

/// What becomes of something that no entry of a table fits.
package enum Otherwise: String, Sendable, CaseIterable {
    /// What the shop calls it, the ERP calls it too.
    case useKey = "use_key"
    /// The order is stopped, and the missing entry named.
    case refuse
    /// As ``refuse``, but a person may release the order; what the shop calls it is taken then.
    case ask
}

/// Where an entry stands: what people look for when a value is wrong.
package struct TablePlace: Sendable, Equatable, CustomStringConvertible {
    package var file: String
    /// From 1.
    package var line: Int

    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    package var description: String { "\(file), line \(line)" }
}

/// Writes values one after another so that no two lists of values give the same bytes.
package struct FingerprintWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func add(_ text: String?) {
        guard let text else { return bytes.append(UInt8(ascii: "-")) }
        bytes += Array("\(text.utf8.count):\(text)".utf8)
    }

    package mutating func add(_ texts: [String]?) {
        add(texts.map { String($0.count) })
        for text in texts ?? [] { add(text) }
    }
}
