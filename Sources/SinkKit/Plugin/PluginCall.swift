public import Orders

/// A call that a plugin gets: one method of ``ERPSink`` with what it is given.
public enum PluginCall: Sendable, Equatable {
    case find(IdempotencyKey)
    case create(SinkOrder)
    case poll(SinkTicket)
    case shipments(SinkReceipt, IdempotencyKey)
    case validate(SinkOrder)
    case cancel(SinkReceipt, IdempotencyKey)
    case release(SinkReceipt, IdempotencyKey)
    case receive(InboundMessage)
    case check

    public enum Method: String, Sendable, CaseIterable {
        case find, create, poll, shipments, validate, cancel, release, receive, check
    }

    public var method: Method {
        switch self {
        case .find: .find
        case .create: .create
        case .poll: .poll
        case .shipments: .shipments
        case .validate: .validate
        case .cancel: .cancel
        case .release: .release
        case .receive: .receive
        case .check: .check
        }
    }

    /// The members of `params` besides `context`.
    public var params: JSONObject {
        switch self {
        case .find(let key): JSONObject([("key", key.wireJSON)])
        case .create(let order), .validate(let order): JSONObject([("order", .object(order.json))])
        case .poll(let ticket): JSONObject([("ticket", .text(ticket.text))])
        case .shipments(let receipt, let key), .cancel(let receipt, let key), .release(let receipt, let key):
            JSONObject([("receipt", .object(receipt.json)), ("key", key.wireJSON)])
        case .receive(let message): JSONObject([("message", .object(message.wireJSON))])
        case .check: JSONObject()
        }
    }

    /// - Throws: ``PluginFormatError`` that names the member that is wrong.
    public init(_ method: Method, params: JSONObject) throws(PluginFormatError) {
        let fields = WireFields(params)
        switch method {
        case .find: self = .find(try fields.key("key"))
        case .create: self = .create(try fields.order("order"))
        case .poll: self = .poll(SinkTicket(try fields.text("ticket")))
        case .shipments: self = .shipments(try fields.receipt("receipt"), try fields.key("key"))
        case .validate: self = .validate(try fields.order("order"))
        case .cancel: self = .cancel(try fields.receipt("receipt"), try fields.key("key"))
        case .release: self = .release(try fields.receipt("receipt"), try fields.key("key"))
        case .receive: self = .receive(try InboundMessage(fields.fields("message")))
        case .check: self = .check
        }
    }
}

extension PluginCall.Method {
    /// Whether a call that was sent and not answered may have changed something in the ERP.
    public var mayHaveEffect: Bool {
        switch self {
        case .create, .cancel, .release: true
        case .find, .poll, .shipments, .validate, .receive, .check: false
        }
    }
}

/// What a call may know: the member `context` of its params.
public struct PluginCallContext: Sendable, Equatable {
    /// From 1.
    public var attempt: Int
    /// The call is given up, and cancelled, that long after it was sent.
    public var timeLimit: Duration
    /// By this machine's clock: nothing may be sent to the ERP later than that; `nil`: any time.
    public var startBy: Timestamp?
    /// The shop's webshop id of the order that the call is about, where it is known.
    public var webshop: Int64?

    public init(attempt: Int, timeLimit: Duration, startBy: Timestamp?, webshop: Int64? = nil) {
        self.attempt = attempt
        self.timeLimit = timeLimit
        self.startBy = startBy
        self.webshop = webshop
    }

    /// `{"attempt", "time_limit_ms", "start_by_ms", "webshop"}`; `start_by_ms` is in milliseconds since 1970-01-01T00:00:00Z.
    public var json: JSONObject {
        var object = JSONObject([("attempt", .integer(attempt)), ("time_limit_ms", .integer(timeLimit.inMilliseconds))])
        if let startBy { object.append("start_by_ms", .integer(startBy.milliseconds)) }
        if let webshop { object.append("webshop", .integer(webshop)) }
        return object
    }

    /// Reads the member `context` of `params`.
    public init(params: JSONObject) throws(PluginFormatError) {
        let fields = try WireFields(params).fields("context")
        self.init(
            attempt: Int(try fields.integer("attempt")), timeLimit: try fields.duration("time_limit_ms"),
            startBy: fields.has("start_by_ms") ? Timestamp(milliseconds: try fields.integer("start_by_ms")) : nil,
            webshop: fields.has("webshop") ? try fields.integer("webshop") : nil)
    }
}

extension IdempotencyKey {
    /// `{"key", "shop", "order_id", "generation"}`: as they stand at the head of an order.
    var wireJSON: JSONValue {
        .object(
            JSONObject([
                ("key", .text(text)), ("shop", .text(order.shop)), ("order_id", .integer(order.orderID)),
                ("generation", .integer(generation)),
            ]))
    }
}

extension InboundMessage {
    /// `{"id", "received_at_ms", "headers": {…}, "body_base64"}`; headers in the order of their names.
    fileprivate var wireJSON: JSONObject {
        let headers = headers.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.text($0.value)) }
        return JSONObject([
            ("id", .text(id)), ("received_at_ms", .integer(receivedAt.milliseconds)), ("headers", .object(JSONObject(headers))),
            ("body_base64", .text(Base64.encode(body))),
        ])
    }

    fileprivate init(_ fields: WireFields) throws(PluginFormatError) {
        var headers: [String: String] = [:]
        let members = try fields.fields("headers")
        for member in members.object.members { headers[member.name.value] = try members.text(member.name.value) }
        guard let body = Base64.decode(try fields.text("body_base64")) else { throw fields.fault("body_base64", "Base64") }
        self.init(
            id: try fields.text("id"), receivedAt: Timestamp(milliseconds: try fields.integer("received_at_ms")),
            headers: headers,
            body: body)
    }
}
