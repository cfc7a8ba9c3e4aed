public import Orders
import SinkKit

/// What the orders of a check are made of.
///
/// Every order has the shop ``shop`` and a reference that begins with `CDCHECK-`, so that people tell it from real ones.
public struct SinkSample: Sendable {
    /// The name of the shop that the orders' keys carry.
    public var shop = "sinkcheck"
    /// Orders are numbered from here. An ERP that outlives a check must be given another one each time.
    public var firstOrderID: Int64
    /// Codes that the ERP knows; at least one. Give two or more where products may differ in what is allowed.
    public var products: [String]
    /// A code that the ERP refuses; `nil` where it takes any.
    public var unknownProduct: String?
    /// ISO 4217.
    public var currency = "EUR"
    public var unitPrice = "12.50"
    public var customer: Party
    public var shipmentAddress: Party?
    public var invoiceAddress: Party?
    /// The ERP's code of the customer, where mapping tables would have one.
    public var customerCode: String?

    /// - Parameter customer: `nil`: a company with an address in the Netherlands.
    public init(products: [String], unknownProduct: String? = nil, firstOrderID: Int64 = 1, customer: Party? = nil) {
        self.products = products
        self.unknownProduct = unknownProduct
        self.firstOrderID = firstOrderID
        self.customer = customer ?? Self.company
        shipmentAddress = self.customer
        invoiceAddress = self.customer
    }

    private static var company: Party {
        var party = Party()
        party.code = "CDCHECK"
        party.name = "Crossdock Conformance B.V."
        (party.street, party.houseNumber, party.postalCode) = ("Proeflaan", "12", "3511 AB")
        (party.city, party.country) = ("Utrecht", "NL")
        (party.email, party.telephone) = ("sinkcheck@example.com", "+31300000000")
        return party
    }

    /// One line of an order to be made.
    struct Line: Sendable {
        var product: String
        var quantity = "2"
        var unitPrice: String?
        var description: String?
    }

    /// `count` lines of the known products in turn, of quantities 1, 2, 3 … 9, 1 ….
    func lines(_ count: Int) -> [Line] {
        (0..<count).map { Line(product: products[$0 % products.count], quantity: String($0 % 9 + 1)) }
    }

    /// - Parameter id: counted from ``firstOrderID``.
    func order(_ id: Int64, _ lines: [Line], generation: Int = 1) throws(RuleEnd) -> SinkOrder {
        var order = Order(id: id, state: .confirmed)
        order.reference = "CDCHECK-\(id)"
        order.customerOrderNumber = "check \(id)"
        order.webshop = 1
        order.paymentStatus = .paid
        (order.orderDate, order.confirmDate) = ("2026-01-05", "2026-01-05T09:00:00")
        order.requestedDeliveryDate = "2026-01-08"
        order.description = "Made by 'crossdock sink check'; may be deleted"
        order.currency = currency
        for (index, line) in lines.enumerated() {
            order.lines.append(
                OrderLine(
                    id: id * 1000 + Int64(index + 1), position: index + 1, productKey: line.product,
                    description: line.description ?? "Line \(index + 1) of a check", quantity: try Self.decimal(line.quantity),
                    unitPrice: try Self.decimal(line.unitPrice ?? unitPrice)))
        }
        return SinkOrder(
            key: IdempotencyKey(order: OrderKey(shop: shop, orderID: id), generation: generation), order: order,
            customer: customer, shipmentAddress: shipmentAddress, invoiceAddress: invoiceAddress, customerCode: customerCode)
    }

    private static func decimal(_ text: String) throws(RuleEnd) -> ExactDecimal {
        do { return try ExactDecimal(text) } catch { throw .notRun("the sample's '\(text)' is no decimal: \(error)") }
    }
}
