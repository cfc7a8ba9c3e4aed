public import Orders
public import SinkKit

/// Looks into the ERP by another way than the sink: its database, its own API, its export.
public struct SinkAuditor: Sendable {
    /// All orders that the ERP holds under a key, cancelled ones too, oldest first.
    public var orders: @Sendable (IdempotencyKey) async throws -> [SinkAuditedOrder]
    /// How many creates under that key have reached the ERP, whether they took effect or not; `nil` where nobody counts them.
    public var requests: (@Sendable (IdempotencyKey) async throws -> Int)?

    public init(
        orders: @escaping @Sendable (IdempotencyKey) async throws -> [SinkAuditedOrder],
        requests: (@Sendable (IdempotencyKey) async throws -> Int)? = nil
    ) {
        self.orders = orders
        self.requests = requests
    }
}

/// An order as the ERP really holds it.
public struct SinkAuditedOrder: Sendable, Equatable {
    public struct Line: Sendable, Equatable {
        public var quantity: ExactDecimal
        public var unitPrice: ExactDecimal?
        /// `nil` where the ERP keeps none.
        public var description: String?

        public init(quantity: ExactDecimal, unitPrice: ExactDecimal? = nil, description: String? = nil) {
            self.quantity = quantity
            self.unitPrice = unitPrice
            self.description = description
        }
    }

    public var number: String
    /// In the ERP's order; `nil` where they can't be looked at.
    public var lines: [Line]?

    public init(number: String, lines: [Line]? = nil) {
        self.number = number
        self.lines = lines
    }
}

/// Plays the people in the ERP who send goods out.
public struct SinkWarehouse: Sendable {
    /// Sends so much of one line out, in a shipment of its own that has left when this returns.
    public var ship: @Sendable (_ receipt: SinkReceipt, _ key: IdempotencyKey, _ line: SinkShippedLine) async throws -> Void

    public init(
        ship: @escaping @Sendable (_ receipt: SinkReceipt, _ key: IdempotencyKey, _ line: SinkShippedLine) async throws -> Void
    ) {
        self.ship = ship
    }
}

/// What can be known of drafts: orders that the ERP has, but that nobody has confirmed.
public enum SinkDrafts: Sendable {
    /// Nobody said.
    case untold
    /// The ERP has no such thing, or the sink makes orders in one call.
    case none
    /// They can be left behind by the closure, under the key of the order and with its lines, as a sink leaves them that ended between
    /// creating and confirming.
    case left(@Sendable (SinkOrder) async throws -> Void)
}
