public import Orders

/// What a plugin answers to a ``PluginCall``.
public enum PluginResult: Sendable, Equatable {
    /// To `find`. `nil` only where the ERP itself said that it has no such order.
    case found(SinkReceipt?)
    /// To `create`, `poll` and `release`.
    case answer(SinkAnswer)
    case shipments(SinkShipments)
    /// To `validate`; empty: the ERP would take the order.
    case faults([SinkFault])
    case cancellation(SinkCancellation)
    /// To `receive`.
    case events([SinkEvent])
    /// To `check`: what was found, a line each.
    case findings([String])

    /// The message's `result`. To `find`: `{"receipt", "deliverables"}` with a `null` receipt for an order that isn't there; to
    /// `shipments`: ``SinkShipments/json``; to `validate`: `{"faults"}`; to `cancel`: `{"cancellation": "cancelled"}` or
    /// `{"cancellation": "refused", "message"}`; to `receive`: `{"events"}`; to `check`: `{"findings"}`.
    public var json: JSONObject {
        switch self {
        case .found(nil): JSONObject([("receipt", .null)])
        case .found(let receipt?): JSONObject([("receipt", .object(receipt.json))]).with(receipt.deliverables)
        case .answer(let answer): answer.wireJSON
        case .shipments(let shipments): shipments.json
        case .faults(let faults): JSONObject([("faults", .array(faults.map(\.wireJSON)))])
        case .cancellation(.cancelled): JSONObject([("cancellation", "cancelled")])
        case .cancellation(.refused(let why)): JSONObject([("cancellation", "refused"), ("message", .text(why))])
        case .events(let events): JSONObject([("events", .array(events.map { .object($0.wireJSON) }))])
        case .findings(let lines): JSONObject([("findings", .array(lines.map { .text($0) }))])
        }
    }

    /// - Throws: ``PluginFormatError`` that names the member that is wrong. A `find` without the member `receipt` is one: an order
    ///   that isn't there has to be said.
    public init(_ method: PluginCall.Method, json object: JSONObject) throws(PluginFormatError) {
        let fields = WireFields(object)
        switch method {
        case .find:
            if object["receipt"]?.isNull == true {
                self = .found(nil)
            } else {
                var receipt = try fields.receipt("receipt")
                receipt.deliverables = try fields.deliverables
                self = .found(receipt)
            }
        case .create, .poll, .release: self = .answer(try SinkAnswer(fields))
        case .shipments:
            guard let shipments = SinkShipments(json: object) else {
                throw PluginFormatError(member: "shipments", expected: "a list of shipments as the schema of the protocol has it")
            }
            self = .shipments(shipments)
        case .validate: self = .faults(try fields.faults("faults"))
        case .cancel: self = .cancellation(try SinkCancellation(fields))
        case .receive:
            var events: [SinkEvent] = []
            for event in try fields.list("events", isRequired: true) { events.append(try SinkEvent(event)) }
            self = .events(events)
        case .check: self = .findings(try fields.texts("findings", isRequired: true))
        }
    }
}

extension SinkCancellation {
    fileprivate init(_ fields: WireFields) throws(PluginFormatError) {
        switch try fields.text("cancellation") {
        case "cancelled": self = .cancelled
        case "refused": self = .refused(try fields.text("message"))
        default: throw fields.fault("cancellation", "cancelled or refused")
        }
    }
}

extension SinkEvent {
    private enum Word: String { case answer, shipped, cancelled }

    /// `{"key": {…}}` or `{"ticket": "…"}` with `"event": "answer", "content": {…}`, `"event": "shipped"`, or
    /// `"event": "cancelled", "message": "…"`.
    fileprivate var wireJSON: JSONObject {
        var object = JSONObject()
        switch subject {
        case .key(let key): object.append("key", key.wireJSON)
        case .ticket(let ticket): object.append("ticket", .text(ticket.text))
        }
        switch kind {
        case .answer(let answer):
            object.append("event", .text(Word.answer.rawValue))
            object.append("content", .object(answer.wireJSON))
        case .shipped: object.append("event", .text(Word.shipped.rawValue))
        case .cancelled(let why):
            object.append("event", .text(Word.cancelled.rawValue))
            object.append("message", .text(why))
        }
        if let concludes { object.append("concludes", ["name": .text(concludes.name), "key": .text(concludes.key)]) }
        return object
    }

    fileprivate init(_ fields: WireFields) throws(PluginFormatError) {
        let subject: Subject =
            fields.has("key") ? .key(try fields.key("key")) : .ticket(SinkTicket(try fields.text("ticket")))
        switch Word(rawValue: try fields.text("event")) {
        case .answer?: self.init(subject, .answer(try SinkAnswer(fields.fields("content"))))
        case .shipped?: self.init(subject, .shipped)
        case .cancelled?: self.init(subject, .cancelled(try fields.text("message")))
        case nil: throw fields.fault("event", "answer, shipped or cancelled")
        }
        guard fields.has("concludes") else { return }
        let attempt = try fields.fields("concludes")
        concludes = SinkAttemptName(try attempt.text("name"), key: try attempt.optionalText("key") ?? "")
    }
}
