package import Mapping
import Orders

/// Reads a flow's `mapping`.
package struct MappingReader {
    let reader: SettingsReader
    let absolute: (String) -> String

    init(reader: SettingsReader, absolute: @escaping (String) -> String) {
        self.reader = reader
        self.absolute = absolute
    }

    /// The names of a table's columns, in the order in which they are best written.
    package static func columns(of table: MissingEntry.Table) -> [String] {
        let columns =
            switch table {
            case .products: productColumns
            case .units: unitColumns
            case .taxes: taxColumns
            case .customers: customerColumns
            }
        return columns.map(\.name)
    }

    /// `nil` where the flow has none: the sink gets everything as the shop has it.
    func tables() -> MappingTables? {
        reader.section("mapping", "what the shop's products, units, taxes and customers are in the ERP") { mapping in
            var tables = MappingTables()
            tables.products =
                section(mapping, "products", "by the shop's product key") { products($0, $1) } ?? ProductTable()
            tables.services =
                section(mapping, "services", "lines that are a service of the ERP's: shipping, surcharges, discounts") {
                    services($1)
                } ?? []
            tables.units = section(mapping, "units", "by the unit in the shop's product key") { units($0, $1) } ?? UnitTable()
            tables.taxes =
                section(mapping, "taxes", "which taxes are on a line; the first entry that fits counts") { taxes($0, $1) }
                ?? TaxTable()
            tables.customers = section(mapping, "customers", "which of the ERP's customers an order is for") {
                customers($0, $1)
            }
            return tables
        }
    }

    private func section<Value>(
        _ mapping: SettingsReader, _ name: String, _ help: String, _ read: (SettingsReader, TableReader) -> Value
    ) -> Value? {
        mapping.section(name, help) { read($0, TableReader(reader: $0, absolute: absolute)) }
    }

    private func otherwise(_ reader: SettingsReader) -> Otherwise {
        reader.word(
            "otherwise",
            "what becomes of what no entry fits: it is sent as the shop has it, the order is refused, or a person is asked",
            default: Otherwise.refuse)
    }

    // MARK: Products and services

    private static let target: [TableColumn] = [
        .required("code", "the ERP's code of the product"), .optional("unit", "the ERP's name of the unit"),
        .optional("factor", "how many of the ERP's units one of the shop's is"),
        .optional("group", "what entries of 'taxes' know the product by"), .list("taxes", "the ERP's names of its taxes"),
    ]

    private static let productColumns: [TableColumn] =
        [
            .required("key", "the shop's product key, whole or without its unit"),
            .optional("origin", "the origin of that key; without it, any"),
        ] + target

    private func target(_ row: TableRow) -> ItemTarget? {
        guard let code = row.text("code") else { return nil }
        return ItemTarget(
            code: code, unit: row.text("unit"), factor: factor(row), group: row.text("group"), taxes: row.list("taxes"),
            place: row.place)
    }

    private func factor(_ row: TableRow) -> ExactDecimal? {
        row.value("factor", "a decimal number above 0, such as 12 or 0.5") { text in
            (try? ExactDecimal(text)).flatMap { $0.isNegative || $0.isZero ? nil : $0 }
        }
    }

    private func products(_ reader: SettingsReader, _ table: TableReader) -> ProductTable {
        struct Mark: Hashable { var key: String, origin: String? }
        var known = UniqueEntries<Mark>()
        let entries = table.rows(Self.productColumns).compactMap { row -> ProductEntry? in
            guard let key = row.text("key"), let target = target(row) else { return nil }
            let origin = row.text("origin")
            let words = "product '\(key)'" + (origin.map { " of origin '\($0)'" } ?? "")
            guard known.insert(Mark(key: key, origin: origin), named: words, row, column: "key") else { return nil }
            return ProductEntry(key: key, origin: origin, target: target)
        }
        let separator = reader.optionalText("unit_separator", "what parts a product key from its unit, as the _ of 124_STUK")
        return ProductTable(
            entries, unitSeparator: separator.flatMap { $0.isEmpty ? nil : $0 }, otherwise: otherwise(reader))
    }

    private func services(_ table: TableReader) -> [ServiceRule] {
        var known = UniqueEntries<String>()
        let pattern = TableColumn.required("pattern", "the shop's product keys; * stands for any text, ? for one character")
        return table.rows([pattern] + Self.target).compactMap { row in
            guard let text = row.text("pattern"), let target = target(row) else { return nil }
            guard known.insert(text, named: "pattern '\(text)'", row, column: "pattern") else { return nil }
            return ServiceRule(pattern: KeyPattern(text), target: target)
        }
    }

    // MARK: Units, taxes, customers

    private static let unitColumns: [TableColumn] = [
        .required("key", "the unit as it stands in product keys"),
        .optional("unit", "the ERP's name of it; without it, the product's own"),
        .optional("factor", "how many of the ERP's units one of the shop's is"),
    ]

    private func units(_ reader: SettingsReader, _ table: TableReader) -> UnitTable {
        var known = UniqueEntries<String>()
        let entries = table.rows(Self.unitColumns).compactMap { row -> UnitEntry? in
            guard let key = row.text("key") else { return nil }
            let entry = UnitEntry(key: key, unit: row.text("unit"), factor: factor(row), place: row.place)
            return known.insert(key, named: "unit '\(key)'", row, column: "key") ? entry : nil
        }
        return UnitTable(entries, otherwise: otherwise(reader))
    }

    private enum TaxesOtherwise: String, CaseIterable { case leave, refuse, ask }

    private static let taxColumns: [TableColumn] = [
        .list("country", "where the goods go, ISO 3166-1 alpha-2; without it, anywhere"),
        .optional("customer", "the ERP's code of the customer"), .optional("group", "the product's group"),
        .optional("vat_number", "yes: only with a tax number; no: only without one"),
        .list("taxes", "the ERP's names of the taxes; none: those it has for the product"),
    ]

    private func taxes(_ reader: SettingsReader, _ table: TableReader) -> TaxTable {
        let rules = table.rows(Self.taxColumns).map { row in
            let hasTaxNumber = row.value("vat_number", "yes or no") {
                ["yes": true, "true": true, "no": false, "false": false][$0]
            }
            let countries = (row.list("country") ?? []).map { $0.uppercased() }
            for country in countries where country.utf8.count != 2 || !country.allSatisfy({ $0.isASCII && $0.isLetter }) {
                row.report("country", "'\(country)' is no country code of two letters, such as NL")
            }
            return TaxRule(
                countries: countries, customer: row.text("customer"), group: row.text("group"), hasTaxNumber: hasTaxNumber,
                taxes: row.list("taxes") ?? [], place: row.place)
        }
        let words = reader.word(
            "otherwise",
            "what becomes of lines that no entry fits: the taxes are left to the ERP, the order is refused, or a person is asked",
            default: TaxesOtherwise.leave)
        return TaxTable(rules, otherwise: Otherwise(rawValue: words.rawValue) ?? .useKey)
    }

    private static let customerColumns: [TableColumn] = [
        .optional("id", "the shop's numeric id"), .optional("origin", "the origin of the import key; without it, any"),
        .optional("key", "the shop's import key"), .optional("code", "the customer's code in the shop"),
        .required("customer", "the ERP's code of the customer"),
    ]

    private func customers(_ reader: SettingsReader, _ table: TableReader) -> CustomerTable {
        var known = UniqueEntries<CustomerMark>()
        let entries = table.rows(Self.customerColumns).flatMap { row -> [CustomerEntry] in
            guard let customer = row.text("customer") else { return [] }
            let marks = [
                row.value("id", "a whole number") { Int64($0).map(CustomerMark.id) },
                row.text("key").map { .key(origin: row.text("origin"), $0) }, row.text("code").map(CustomerMark.code),
            ].compactMap(\.self)
            if marks.isEmpty, row.text("id") == nil { row.report("id", "an entry needs one of id, key and code") }
            return marks.filter { known.insert($0, named: "the customer with \($0)", row, column: "customer") }.map {
                CustomerEntry(mark: $0, customer: customer, place: row.place)
            }
        }
        let guests = reader.section("guests", "who all are that no entry is about") { guests in
            GuestRule(
                customer: guests.text("customer", "the ERP's code of the customer"),
                pattern: guests.optionalText("pattern", "only those whose key or code in the shop is like that").map(
                    KeyPattern.init),
                place: TablePlace(file: reader.session.fileName, line: guests.line))
        }
        return CustomerTable(entries, guests: guests, otherwise: otherwise(reader))
    }
}
