/// What names one webshop order everywhere in Crossdock: the shop's configured name and the numeric CloudSuite order id.
///
/// The `reference` people use (`CS48193`) is unique per webshop only, so it is never a key.
public struct OrderKey: Sendable, Hashable, CustomStringConvertible {
    /// Letters, digits, `-` and `_`: with a `:` in it, two keys could have one text.
    public let shop: String
    public let orderID: Int64

    public init(shop: String, orderID: Int64) {
        self.shop = shop
        self.orderID = orderID
    }

    public var description: String { "\(shop):\(orderID)" }
}

/// What a sink is given to tell one order from all others, the same on every attempt.
///
/// Derived from the order key alone, so that a lost ledger yields the same one again. A later `generation` exists only
/// where a person ordered a new key with a reason.
public struct IdempotencyKey: Sendable, Hashable, CustomStringConvertible {
    public let order: OrderKey
    /// 1, unless a person asked for a new key.
    public let generation: Int

    public init(order: OrderKey, generation: Int = 1) {
        self.order = order
        self.generation = generation
    }

    /// `crossdock:<shop>:<order id>`, with `:<generation>` behind it from the second on.
    public var text: String { "crossdock:\(order)" + (generation > 1 ? ":\(generation)" : "") }

    public var description: String { text }
}
