package import Orders
package import SinkKit

/// What the tables make of an order, with where each value comes from.
package struct MappedOrder: Sendable, Equatable {
    /// The ERP's code of the customer; `nil`: the sink finds the customer by itself.
    package var customer: MappedValue?
    /// The pushed lines, in the shop's order.
    package var lines: [MappedLine] = []
    /// Everything that nothing fits, at once.
    package var faults: [MappingFault] = []

    /// By ``Orders/OrderLine/key``; lines that have a fault are not in it.
    package var items: [String: SinkItem] {
        Dictionary(lines.compactMap { line in line.item.map { (line.line.key, $0) } }, uniquingKeysWith: { first, _ in first })
    }
}

package struct MappedLine: Sendable, Equatable {
    package var line: OrderLine
    /// `nil` where it has a fault.
    package var item: SinkItem?
    /// How many of the ERP's units are one of the shop's; `nil`: it is sent in the shop's.
    package var factor: ExactDecimal?
    package var values: [MappedValue]
}

/// One value on its way from the shop to the ERP.
package struct MappedValue: Sendable, Equatable {
    /// Such as `product`, `unit`, `quantity`.
    package var name: String
    /// As the shop has it; `nil` where it has none.
    package var shop: String?
    /// As the ERP gets it; `nil`: it gets none, or there is a fault.
    package var erp: String?
    package var origin: ValueOrigin
}

/// Where a value comes from.
package enum ValueOrigin: Sendable, Equatable, CustomStringConvertible {
    case entry(TablePlace)
    /// The shop's value times that, or divided by it, as the entry says.
    case converted(factor: ExactDecimal, TablePlace)
    /// As the shop has it.
    case shop
    /// As the shop has it, because a person released the order.
    case released
    /// Not sent: the ERP takes its own.
    case erp
    /// Nowhere: that is a fault.
    case nowhere

    package var description: String {
        switch self {
        case .entry(let place): place.description
        case .converted(let factor, let place): "by \(factor), \(place)"
        case .shop: "as the shop has it"
        case .released: "as the shop has it, released by a person"
        case .erp: "the ERP's own"
        case .nowhere: "no entry"
        }
    }
}

/// Something of an order that can't be said in the ERP's words.
package struct MappingFault: Sendable, Equatable {
    package var fault: SinkFault
    /// A person may release the order instead of mending the table.
    package var isQuestion = false
    /// The entry that would mend it; `nil` where none is missing.
    package var missing: MissingEntry?
}

/// An entry that somebody should write.
package struct MissingEntry: Sendable, Hashable {
    package enum Table: String, Sendable, CaseIterable { case products, units, taxes, customers }

    package var table: Table
    /// The columns that are known, in the table's order; the others are for a person.
    package var cells: [Cell]

    package struct Cell: Sendable, Hashable {
        package var column: String
        package var text: String
    }

    init(_ table: Table, _ cells: [(column: String, text: String?)]) {
        self.table = table
        self.cells = cells.compactMap { cell in cell.text.map { Cell(column: cell.column, text: $0) } }
    }
}
