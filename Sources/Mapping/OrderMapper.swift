package import Orders
import SinkKit

/// Says an order in the ERP's words. Pure: the same tables and the same order give the same result.
package struct OrderMapper: Sendable {
    package let tables: MappingTables

    package init(_ tables: MappingTables) { self.tables = tables }

    /// Who and where, resolved as far as could be.
    package struct Parties: Sendable {
        package var customer: Party?
        package var shipmentAddress: Party?
        package var invoiceAddress: Party?

        package init(customer: Party? = nil, shipmentAddress: Party? = nil, invoiceAddress: Party? = nil) {
            self.customer = customer
            self.shipmentAddress = shipmentAddress
            self.invoiceAddress = invoiceAddress
        }
    }

    /// - Parameter isReleased: whether a person let the order go without the entries that it would be asked for.
    package func map(_ order: Order, _ parties: Parties, isReleased: Bool = false) -> MappedOrder {
        var mapped = MappedOrder()
        mapped.customer = customer(order, parties, isReleased: isReleased, &mapped.faults)
        let circumstances = TaxCircumstances(
            country: [parties.shipmentAddress, parties.invoiceAddress, parties.customer].lazy.compactMap { $0?.country }.first,
            customer: mapped.customer?.erp,
            hasTaxNumber: [parties.customer, parties.invoiceAddress].contains { !($0?.taxNumber ?? "").isEmpty })
        for (index, line) in order.pushedLines.enumerated() {
            var mapper = LineMapper(
                tables: tables, circumstances: circumstances, isReleased: isReleased, path: "lines[\(index)]")
            mapped.lines.append(mapper.map(line))
            mapped.faults += mapper.faults
        }
        return mapped
    }

    private func customer(
        _ order: Order, _ parties: Parties, isReleased: Bool, _ faults: inout [MappingFault]
    ) -> MappedValue? {
        guard let table = tables.customers else { return nil }
        let marks = CustomerMark.marks(of: order.customer, parties.customer)
        let ownName = Self.ownName(marks)
        func value(_ customer: String?, _ origin: ValueOrigin) -> MappedValue {
            MappedValue(name: "customer", shop: ownName, erp: customer, origin: origin)
        }
        if let entry = table.entry(marks) { return value(entry.customer, .entry(entry.place)) }
        if let guests = table.guests, guests.fits(marks) { return value(guests.customer, .entry(guests.place)) }
        let message =
            marks.isEmpty
            ? "the order names no customer, and the customers table has none for guests"
            : "the customers table has no entry for \(marks.map(\.description).joined(separator: ", or "))"
        let origin = Resolution(table.otherwise, isReleased: isReleased).origin(
            ownName != nil, SinkFault(path: "customer_code", message: message), Self.missing(marks), &faults)
        return value(origin == .nowhere ? nil : ownName, origin)
    }

    /// What the shop calls the customer: the code, else the key, else the id.
    private static func ownName(_ marks: [CustomerMark]) -> String? {
        let names = marks.map { mark in
            switch mark {
            case .code(let code): (rank: 0, text: code)
            case .key(_, let key): (rank: 1, text: key)
            case .id(let id): (rank: 2, text: String(id))
            }
        }
        return names.min { $0.rank < $1.rank }?.text
    }

    private static func missing(_ marks: [CustomerMark]) -> MissingEntry? {
        marks.first.map { mark in
            switch mark {
            case .id(let id): MissingEntry(.customers, [("id", String(id))])
            case .key(let origin, let key): MissingEntry(.customers, [("origin", origin), ("key", key)])
            case .code(let code): MissingEntry(.customers, [("code", code)])
            }
        }
    }
}

/// What a table's `otherwise` comes to for one order.
struct Resolution {
    private let otherwise: Otherwise
    private let isReleased: Bool

    init(_ otherwise: Otherwise, isReleased: Bool) {
        self.otherwise = otherwise
        self.isReleased = isReleased
    }

    /// Where the value comes from that no entry has; notes the fault where it comes from nowhere.
    ///
    /// - Parameter hasOwn: whether the shop has a name that could be taken.
    func origin(
        _ hasOwn: Bool, _ fault: SinkFault, _ missing: MissingEntry?, _ faults: inout [MappingFault]
    ) -> ValueOrigin {
        switch otherwise {
        case .useKey where hasOwn: return .shop
        case .ask where hasOwn && isReleased: return .released
        // What has no name can't be released to it.
        default:
            faults.append(MappingFault(fault: fault, isQuestion: otherwise == .ask && hasOwn, missing: missing))
            return .nowhere
        }
    }
}
