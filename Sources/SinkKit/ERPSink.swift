public import Orders

/// Where orders go: an ERP, a POS, a distributor of codes.
///
/// Crossdock calls a sink from many tasks at once and decides everything about retries itself: a sink makes one call
/// per method call, says what came of it, and never tries again by itself. What it must get right is the difference between
/// *had no effect* and *may have had an effect*; see ``SinkError``.
public protocol ERPSink: Sendable {
    /// What the sink can do and which promise its ERP makes about repeated creates. Constant for the life of the sink.
    var capabilities: SinkCapabilities { get }

    /// Looks the order up by our key, without changing anything.
    ///
    /// - Returns: the receipt, or `nil` only where the ERP itself said that it has no such order.
    /// - Throws: ``SinkError`` whenever the ERP could not be asked. Throwing is not "not found".
    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt?

    /// Makes the order in the ERP, carrying `order.key` so that ``find(_:_:)`` can see it.
    ///
    /// Called again with the same key and the same content only as the declared ``SinkClass`` allows, and where ``find(_:_:)`` told of a
    /// draft: a draft of ours, whose lines are those of `order`, is carried on rather than made anew; any other is
    /// ``SinkError/Code/conflict``. What it accepts as a draft stays one, because the sink's settings say so.
    /// - Returns: accepted with a receipt, pending with a ticket, or rejected with all faults at once.
    /// - Throws: ``SinkError``; anything that isn't certain to have had no effect is ``SinkError/Code/unknownOutcome``.
    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer

    /// Asks what became of a create that was answered with a ticket.
    func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer

    /// Asks what was sent out for the order so far, without changing anything.
    ///
    /// Called only where ``SinkCapabilities/tellsShipments`` is `true`.
    /// - Throws: ``SinkError`` whenever the ERP could not be asked.
    func shipments(for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkShipments

    /// What the ERP would refuse the order for, without writing anything. Called only where ``SinkCapabilities/validates`` is `true`.
    ///
    /// - Returns: every fault at once; none: the ERP would take it as far as can be told.
    func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault]

    /// Cancels the ERP's order. Safe to repeat: one that is cancelled already is ``SinkCancellation/cancelled``.
    /// Called only where ``SinkCapabilities/cancels`` is `true`.
    func cancel(_ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkCancellation

    /// Lets an order go on that the ERP holds as a draft. Safe to repeat. Called only where ``SinkCapabilities/releases`` is `true`.
    func release(_ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkAnswer

    /// What messages call a create at that key by, where that is certain before the create is answered: it is written down with the
    /// create's intent, so that a message finds its order however early it comes. No call; always the same for the same key.
    ///
    /// - Returns: `nil` where only the answer to the create says so, or where messages name the key itself.
    func ticket(for key: IdempotencyKey) -> SinkTicket?

    /// Reads a message that the ERP sent. Called only where ``SinkCapabilities/receivesMessages`` is `true`.
    ///
    /// It may come twice, early, late or out of order, and be read again after a crash: reading one changes nothing.
    /// - Returns: what it says of which order, in the message's order; nothing where it is none of ours.
    /// - Throws: ``SinkError``; one that can't be read is ``SinkError/Code/conflict``, and is kept for a person. After any other code
    ///   it is read again later.
    func receive(_ message: InboundMessage, _ context: SinkContext) async throws(SinkError) -> [SinkEvent]

    /// Says whether the ERP can be reached with the configured credentials, without writing anything.
    ///
    /// - Returns: what was found, a line each, for `crossdock check`.
    func check(_ context: SinkContext) async throws(SinkError) -> [String]
}

extension ERPSink {
    public func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        throw SinkError(.misconfigured, "this sink gives no tickets, so there is nothing to poll")
    }

    public func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        throw SinkError(.misconfigured, "this sink doesn't tell what was sent out")
    }

    public func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        throw SinkError(.misconfigured, "this sink can't look at an order without making it")
    }

    public func cancel(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkCancellation {
        throw SinkError(.misconfigured, "this sink can't cancel")
    }

    public func release(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkAnswer {
        throw SinkError(.misconfigured, "this sink holds no drafts")
    }

    public func ticket(for key: IdempotencyKey) -> SinkTicket? { nil }

    public func receive(_ message: InboundMessage, _ context: SinkContext) async throws(SinkError) -> [SinkEvent] {
        throw SinkError(.misconfigured, "this sink gets no messages")
    }
}

/// What one call to a sink may know and use.
public struct SinkContext: Sendable {
    /// From 1: which attempt at this order the call belongs to.
    public var attempt: Int
    /// How long the call may take before it must end with an error.
    public var timeLimit: Duration
    /// How long from now a create may still be sent, because the read it relies on grows old; a sink that has to wait longer,
    /// as for credentials or a rate limit, throws ``SinkError/Code/notSentInTime``. `nil`: any time.
    public var startLimit: Duration?
    /// The shop's webshop id of the order that the call is about, where it is known.
    public var webshop: Int64?
    /// What the order's journal knows of calls that aren't idempotent; see ``attempt(_:key:promise:find:send:)``.
    public var attempts: any SinkAttemptJournal
    /// Whether what the ERP has under the order's key may be an order of other bytes than this create's, or one that it refused.
    package var keyMayHoldOther = false

    public init(
        attempt: Int = 1, timeLimit: Duration = .seconds(30), startLimit: Duration? = nil, webshop: Int64? = nil,
        attempts: any SinkAttemptJournal = TransientAttempts()
    ) {
        self.attempt = attempt
        self.timeLimit = timeLimit
        self.startLimit = startLimit
        self.webshop = webshop
        self.attempts = attempts
    }
}

/// Until when a call may be sent to the ERP: ``SinkContext/startLimit`` as a point in time, to be taken as soon as the call begins.
public struct SinkStartDeadline: Sendable {
    private let latest: ContinuousClock.Instant?

    public init(_ context: SinkContext) { latest = context.startLimit.map { .now + $0 } }

    /// To be called right before the order is sent.
    ///
    /// - Throws: ``SinkError/Code/notSentInTime`` where it is too late for that.
    public func check() throws(SinkError) {
        guard let latest, latest <= .now else { return }
        throw SinkError(.notSentInTime, "the order could not be sent soon enough after it was read, and wasn't")
    }
}

/// What a sink can do, and what its ERP promises.
public struct SinkCapabilities: Sendable, Equatable {
    public var sinkClass: SinkClass
    /// Fields without which the ERP can't take an order, as paths into the order's JSON form: `customer.code`,
    /// `shipment_address.zip`, `currency`. An order that lacks one is stopped with the field named.
    public var requiredFields: [String]
    /// Whether the sink can say what was sent out; see ``ERPSink/shipments(for:key:_:)``.
    public var tellsShipments: Bool
    /// Whether it can say what the ERP would refuse, without writing; see ``ERPSink/validate(_:_:)``.
    public var validates: Bool
    public var cancels: Bool
    /// Whether a draft can be let go later; see ``ERPSink/release(_:key:_:)``.
    public var releases: Bool
    /// Whether the ERP sends messages by itself; see ``ERPSink/receive(_:_:)``.
    public var receivesMessages: Bool
    /// Whether receipts and tickets bring ``SinkDeliverable``s, which must be kept encrypted.
    public var deliversSecrets: Bool

    public init(
        sinkClass: SinkClass, requiredFields: [String] = [], tellsShipments: Bool = false, validates: Bool = false,
        cancels: Bool = false, releases: Bool = false, receivesMessages: Bool = false, deliversSecrets: Bool = false
    ) {
        self.sinkClass = sinkClass
        self.requiredFields = requiredFields
        self.tellsShipments = tellsShipments
        self.validates = validates
        self.cancels = cancels
        self.releases = releases
        self.receivesMessages = receivesMessages
        self.deliversSecrets = deliversSecrets
    }
}

/// What an ERP promises about a create whose answer was lost. Everything that happens after a crash follows from it.
public enum SinkClass: Sendable, Equatable {
    /// The ERP enforces our key: repeating with the same key and bytes is safe, for `retention` after the first try
    /// (`nil`: for ever). `latestEffect`, where known, serves like ``lookUp(latestEffect:)`` once the key has expired.
    case key(retention: Duration?, latestEffect: Duration?)
    /// The ERP can be asked by our key, and no request takes effect, or shows in the look-up, later than `latestEffect`
    /// after its connection ended.
    case lookUp(latestEffect: Duration)
    /// Neither: one attempt per human decision.
    case neither

    /// The letter used in the documentation: K, L or N.
    public var letter: String {
        switch self {
        case .key: "K"
        case .lookUp: "L"
        case .neither: "N"
        }
    }

    /// Whether the ERP can be asked by our key.
    public var canFind: Bool { self != .neither }
}
