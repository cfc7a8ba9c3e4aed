/// A text that must not be seen by chance: a redeem code, a PIN. It prints as `•••`.
public struct SinkSecret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    public init(_ text: String) { self.text = text }

    /// The text itself: for encrypting it, and for whom it is meant.
    public func reveal() -> String { text }

    public var description: String { "•••" }
    public var debugDescription: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A digital good that the ERP handed out for one unit of an order line.
///
/// It is no part of a receipt's ``SinkReceipt/json``, which stands in the journal.
public struct SinkDeliverable: Sendable, Equatable {
    /// `OrderLine.key` of the pushed line.
    public var lineKey: String
    /// From 1 to the line's quantity.
    public var unit: Int
    /// What it is called on a voucher, such as `code`, `pin`, `serial`.
    public var label: String
    public var secret: SinkSecret

    public init(lineKey: String, unit: Int, label: String, secret: SinkSecret) {
        self.lineKey = lineKey
        self.unit = unit
        self.label = label
        self.secret = secret
    }
}
