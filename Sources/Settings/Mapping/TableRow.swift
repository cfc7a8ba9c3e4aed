import Mapping

/// A column of a table: a setting of its entries in YAML, a column in CSV.
struct TableColumn: Sendable {
    var name: String
    var help: String
    var isRequired = false
    /// Several texts: a list in YAML, parted by `|` in CSV.
    var isList = false

    static func required(_ name: String, _ help: String) -> TableColumn {
        TableColumn(name: name, help: help, isRequired: true)
    }

    static func optional(_ name: String, _ help: String) -> TableColumn { TableColumn(name: name, help: help) }

    static func list(_ name: String, _ help: String) -> TableColumn { TableColumn(name: name, help: help, isList: true) }
}

/// A table's entry as it stands in the configuration or in a CSV file.
struct TableRow {
    let place: TablePlace
    /// What isn't blank, by column.
    var texts: [String: String] = [:]
    var lists: [String: [String]] = [:]
    /// Tells of a fault in a column of this row.
    let report: (_ column: String, _ message: String) -> Void

    /// `nil` where it isn't there.
    func text(_ column: String) -> String? { texts[column] }

    /// `nil` where it isn't there; an empty list says "none".
    func list(_ column: String) -> [String]? { lists[column] }

    /// What `parse` makes of the text; `nil` where there is none, or after a fault.
    func value<Value>(_ column: String, _ expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = texts[column] else { return nil }
        if let value = parse(text) { return value }
        report(column, "'\(text)' is not \(expected)")
        return nil
    }
}

/// Entries of a table, none of them twice.
struct UniqueEntries<Key: Hashable> {
    private var places: [Key: TablePlace] = [:]

    /// Whether nothing stood under that key so far; tells of it where something did.
    mutating func insert(_ key: Key, named words: String, _ row: TableRow, column: String) -> Bool {
        if let first = places[key] {
            row.report(column, "\(words) has an entry already: \(first)")
            return false
        }
        places[key] = row.place
        return true
    }
}
