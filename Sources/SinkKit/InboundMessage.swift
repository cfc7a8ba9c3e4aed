public import Orders

/// What the ERP sent by itself, such as a webhook. It may come twice, early, late, or for an order that isn't ours.
public struct InboundMessage: Sendable, Equatable {
    /// Names the message in Crossdock; a message with the same bytes has another one.
    public var id: String
    public var receivedAt: Timestamp
    /// Names in lower case. Credentials are left out.
    public var headers: [String: String]
    public var body: [UInt8]

    public init(id: String, receivedAt: Timestamp, headers: [String: String], body: [UInt8]) {
        self.id = id
        self.receivedAt = receivedAt
        self.headers = headers
        self.body = body
    }
}

/// What a message says about one order.
public struct SinkEvent: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// The end of a create, or how far it got. The receipt has no lines where the message names none: all were taken then; see
        /// ``SinkReceipt/covering(_:)``.
        case answer(SinkAnswer)
        /// Something was sent out: ``ERPSink/shipments(for:key:_:)`` tells what.
        case shipped
        /// The ERP's order was cancelled, in the ERP's words why.
        case cancelled(String)
    }

    /// Which order: by our key, or by the ticket that a create was answered with.
    public enum Subject: Sendable, Equatable {
        case key(IdempotencyKey)
        case ticket(SinkTicket)
    }

    public var subject: Subject
    public var kind: Kind
    /// The sink's last call of a create, where that is several: a message that came before it was begun is about an earlier one, and isn't the
    /// final word. `nil`: it is, whenever it came.
    public var concludes: SinkAttemptName?

    public init(_ subject: Subject, _ kind: Kind, concludes: SinkAttemptName? = nil) {
        self.subject = subject
        self.kind = kind
        self.concludes = concludes
    }
}

/// What became of a cancellation.
public enum SinkCancellation: Sendable, Equatable {
    case cancelled
    /// The ERP keeps the order; why, in words for a person.
    case refused(String)
}
