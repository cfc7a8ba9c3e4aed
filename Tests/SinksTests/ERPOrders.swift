import Orders
import SinkKit
import Synchronization

/// An order of a customer in Utrecht; every call gives another one.
enum ERPOrders {
    private static let lastID = Mutex<Int64>(1000)

    typealias Line = (product: String, quantity: String, price: String)

    static let usual: [Line] = [("SKU-1001", "3", "8.3950"), ("SKU-1003", "0.5", "18.6822"), ("SHIPPING", "1", "4.1176")]

    static func order(
        _ lines: [Line] = usual, id: Int64? = nil, generation: Int = 1, customer: Party? = nil, customerCode: String? = nil,
        items: [Int: SinkItem] = [:], _ change: (inout Order) -> Void = { _ in }
    ) throws -> SinkOrder {
        let id =
            id
            ?? lastID.withLock { id in
                id += 1
                return id
            }
        var order = Order(id: id, state: .confirmed)
        order.reference = "CS\(id)"
        order.currency = "EUR"
        order.orderDate = "2026-11-20"
        order.confirmDate = "2026-11-20T23:30:00.120000"
        order.lines = try lines.enumerated().map { index, line in
            OrderLine(
                id: id * 1000 + Int64(index), position: index + 1, productKey: line.product,
                quantity: try ExactDecimal(line.quantity), unitPrice: try ExactDecimal(line.price))
        }
        change(&order)
        let address = address()
        return SinkOrder(
            key: IdempotencyKey(order: OrderKey(shop: "demo", orderID: id), generation: generation), order: order,
            customer: customer ?? self.customer(id), shipmentAddress: address, invoiceAddress: address,
            customerCode: customerCode,
            items: Dictionary(uniqueKeysWithValues: items.map { (order.lines[$0.key].key, $0.value) }))
    }

    static func customer(_ id: Int64) -> Party {
        var customer = Party()
        (customer.id, customer.name, customer.email) = (id, "Bakkerij Ö \"De Lelie\" 🥐", "orders\(id)@example.com")
        return customer
    }

    static func address() -> Party {
        var address = Party()
        (address.street, address.houseNumber, address.addition) = ("Voorbeeldstraat", "12", "A")
        (address.postalCode, address.city, address.country) = ("1234 AB", "Utrecht", "NL")
        return address
    }
}

func decimal(_ text: String) -> ExactDecimal? { try? ExactDecimal(text) }
