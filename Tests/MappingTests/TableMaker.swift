import Mapping
import Orders
import SinkKit

/// Tables and orders as tests write them: an entry's place is the line that the test gives it.
func place(_ line: Int) -> TablePlace { TablePlace(file: "table.csv", line: line) }

func target(
    _ code: String, unit: String? = nil, factor: String? = nil, group: String? = nil, taxes: [String]? = nil, line: Int = 1
) -> ItemTarget {
    ItemTarget(
        code: code, unit: unit, factor: factor.map { decimal($0) }, group: group, taxes: taxes, place: place(line))
}

func decimal(_ text: String) -> ExactDecimal {
    guard let decimal = try? ExactDecimal(text) else { preconditionFailure("\(text) is no decimal") }
    return decimal
}

func line(
    _ key: String, origin: String? = "shop", quantity: String = "2", price: String? = "12.50", position: Int = 1
) -> OrderLine {
    OrderLine(
        id: Int64(position) + 9000, position: position, productKey: key, productOrigin: origin, quantity: decimal(quantity),
        unitPrice: price.map { decimal($0) })
}

func order(_ lines: OrderLine..., customer: PartyReference? = nil) -> Order {
    var order = Order(id: 1, state: .confirmed, lines: lines)
    order.customer = customer
    return order
}

extension MappingTables {
    init(
        products: ProductTable = ProductTable(), services: [ServiceRule] = [], units: UnitTable = UnitTable(),
        taxes: TaxTable = TaxTable(), customers: CustomerTable? = nil
    ) {
        self.init()
        (self.products, self.services, self.units, self.taxes, self.customers) = (products, services, units, taxes, customers)
    }

    func map(_ order: Order, _ parties: OrderMapper.Parties = .init(), isReleased: Bool = false) -> MappedOrder {
        OrderMapper(self).map(order, parties, isReleased: isReleased)
    }

    /// What one line becomes.
    func map(_ line: OrderLine, isReleased: Bool = false) -> MappedOrder { map(order(line), isReleased: isReleased) }
}

extension MappedOrder {
    var paths: [String] { faults.map(\.fault.path) }

    func value(_ name: String, line: Int = 0) -> MappedValue? { lines[line].values.first { $0.name == name } }
}
