/// A webshop order as the shop told it, in the words an ERP understands.
///
/// Dates are kept as the shop writes them: `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS[.ffffff]` without a zone.
public struct Order: Sendable, Equatable {
    /// The shop's numeric id: unique in the shop.
    public var id: Int64
    /// The number people use (`CS48193`): unique per webshop only.
    public var reference: String?
    public var webshop: Int64?
    public var state: OrderState
    public var paymentStatus: PaymentStatus?
    public var shipmentState: ShipmentState?
    /// Whether the shop says that the order was placed elsewhere; `nil` where it says nothing.
    public var isOffline: Bool?
    public var customerOrderNumber: String?
    public var erpOrderNumber: String?
    public var orderDate: String?
    public var confirmDate: String?
    public var modifiedDate: String?
    public var requestedDeliveryDate: String?
    public var description: String?
    /// ISO 4217, such as `EUR`.
    public var currency: String?
    public var paidAmount: ExactDecimal?
    public var customer: PartyReference?
    public var shipmentAddress: PartyReference?
    public var invoiceAddress: PartyReference?
    /// The shop's user who ordered, as an id.
    public var user: Int64?
    /// All lines in the shop's order, also those that aren't sold goods; see ``OrderLine/isPushed``.
    public var lines: [OrderLine]

    public init(id: Int64, state: OrderState, lines: [OrderLine] = []) {
        self.id = id
        self.state = state
        self.lines = lines
    }

    /// The lines that go to the ERP.
    public var pushedLines: [OrderLine] { lines.filter(\.isPushed) }
}

/// One line of an order.
public struct OrderLine: Sendable, Equatable {
    /// The shop's line id. It tells two lines of one product apart; a shop may leave it out.
    public var id: Int64?
    /// From 1, in the shop's order.
    public var position: Int
    /// `line` for what is sold; other values exist (inferred) and aren't pushed.
    public var type: String
    public var productKey: String
    public var productOrigin: String?
    public var description: String?
    /// In the unit the product key stands for; may have a fraction, may be negative.
    public var quantity: ExactDecimal
    /// For one unit, without tax (CloudSuite, "Orders POST"); in the order's currency.
    public var unitPrice: ExactDecimal?
    public var erpLineNumber: Int64?

    public init(
        id: Int64?, position: Int, type: String = OrderLine.soldType, productKey: String, productOrigin: String? = nil,
        description: String? = nil, quantity: ExactDecimal, unitPrice: ExactDecimal? = nil, erpLineNumber: Int64? = nil
    ) {
        self.id = id
        self.position = position
        self.type = type
        self.productKey = productKey
        self.productOrigin = productOrigin
        self.description = description
        self.quantity = quantity
        self.unitPrice = unitPrice
        self.erpLineNumber = erpLineNumber
    }

    /// The `type` of a line that is sold (CloudSuite, "Orders POST": "always line").
    public static let soldType = "line"

    /// Whether the line goes to the ERP and needs an ERP line number.
    public var isPushed: Bool { type == Self.soldType }

    /// What names this line towards the sink: `id:<shop's line id>`, or `position:<n>` where the shop gives no id.
    public var key: String { id.map { "id:\($0)" } ?? "position:\(position)" }
}
