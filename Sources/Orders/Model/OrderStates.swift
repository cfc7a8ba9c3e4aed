/// The shop's `state` of an order. Open: a state this list doesn't know is carried, and stops the order with a reason.
///
/// Source: CloudSuite, "Orders GET - json" and "Orders POST (offline orders) - json" (documented).
public struct OrderState: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let draft = OrderState(rawValue: "draft")
    public static let quotation = OrderState(rawValue: "quotation")
    public static let confirmed = OrderState(rawValue: "confirmed")
    public static let processing = OrderState(rawValue: "processing")
    public static let done = OrderState(rawValue: "done")
    /// Spelled `cancel` by the shop, not `cancelled`.
    public static let cancelled = OrderState(rawValue: "cancel")

    public static let known: [OrderState] = [.draft, .quotation, .confirmed, .processing, .done, .cancelled]
}

/// The shop's `payment_status` of an order. Open, like ``OrderState``.
///
/// Source: CloudSuite, "Order JSON orderflow - states" (documented).
public struct PaymentStatus: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Successful payment.
    public static let closedSuccess = PaymentStatus(rawValue: "closed_success")
    /// Successful payment.
    public static let paid = PaymentStatus(rawValue: "paid")
    /// No payment needed, the order is invoiced afterwards.
    public static let account = PaymentStatus(rawValue: "account")
    /// A payment was begun; there is none yet.
    public static let started = PaymentStatus(rawValue: "started")
    /// No payment; spelled with one `l` by the shop.
    public static let closedCancelled = PaymentStatus(rawValue: "closed_canceled")
    /// No payment.
    public static let none = PaymentStatus(rawValue: "none")

    public static let known: [PaymentStatus] = [.closedSuccess, .paid, .account, .started, .closedCancelled, .none]
}

/// The shop's `shipment_state`. Only `sent` is documented ("Order JSON orderflow - states"); the rest is open.
public struct ShipmentState: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let sent = ShipmentState(rawValue: "sent")
}
