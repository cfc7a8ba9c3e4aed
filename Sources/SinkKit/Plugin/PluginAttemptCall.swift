public import Orders

/// What a plugin asks Crossdock while it works on a call: what the order's journal knows of a named attempt, or to write it down. See
/// ``SinkAttemptJournal``.
public struct PluginAttemptCall: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case state
        case begin
        case end(SinkAttemptEnd)
    }

    public enum Method: String, Sendable, CaseIterable {
        case state = "attempt/state"
        case begin = "attempt/begin"
        case end = "attempt/end"
    }

    /// The id of the call that the attempt belongs to.
    public var call: PluginMessageID
    public var attempt: SinkAttemptName
    public var kind: Kind

    public init(call: PluginMessageID, attempt: SinkAttemptName, kind: Kind) {
        self.call = call
        self.attempt = attempt
        self.kind = kind
    }

    public var method: Method {
        switch kind {
        case .state: .state
        case .begin: .begin
        case .end: .end
        }
    }

    /// `{"call", "name", "key"}`, and to `attempt/end` also `"end": "finished", "evidence": {…}`, or `"end": "not_applied" | "unknown",
    /// "message": "…"`.
    public var params: JSONObject {
        var object = JSONObject([("call", call.json), ("name", .text(attempt.name)), ("key", .text(attempt.key))])
        switch kind {
        case .state, .begin: break
        case .end(.finished(let evidence)):
            object.append("end", "finished")
            object.append("evidence", .object(evidence))
        case .end(.notApplied(let message)):
            object.append("end", "not_applied")
            object.append("message", .text(message))
        case .end(.unknown(let message)):
            object.append("end", "unknown")
            object.append("message", .text(message))
        }
        return object
    }

    public init(_ method: Method, params: JSONObject) throws(PluginFormatError) {
        let fields = WireFields(params)
        guard let call = params["call"].flatMap(PluginMessageID.init(json:)) else {
            throw fields.fault("call", "the id of the call that this belongs to")
        }
        self.call = call
        attempt = SinkAttemptName(try fields.text("name"), key: try fields.optionalText("key") ?? "")
        switch method {
        case .state: kind = .state
        case .begin: kind = .begin
        case .end:
            switch try fields.text("end") {
            case "finished": kind = .end(.finished(try fields.value("evidence")))
            case "not_applied": kind = .end(.notApplied(try fields.text("message")))
            case "unknown": kind = .end(.unknown(try fields.text("message")))
            default: throw fields.fault("end", "finished, not_applied or unknown")
            }
        }
    }
}

extension SinkAttemptState {
    /// The result of `attempt/state`: `{"state": "new"}`, `{"state": "unanswered", "for_ms", "since_first_ms", "ordered"}` or
    /// `{"state": "finished", "evidence"}`.
    public var wireJSON: JSONObject {
        switch self {
        case .new: JSONObject([("state", "new")])
        case .unanswered(let silence, let sinceFirst, let isOrdered):
            JSONObject(
                [("state", "unanswered"), ("for_ms", .integer(silence.inMilliseconds))]
                    + (sinceFirst.map { [("since_first_ms", .integer($0.inMilliseconds))] } ?? [])
                    + (isOrdered ? [("ordered", .bool(true))] : []))
        case .finished(let evidence): JSONObject([("state", "finished"), ("evidence", .object(evidence))])
        }
    }

    public init(wireJSON object: JSONObject) throws(PluginFormatError) {
        let fields = WireFields(object)
        switch try fields.text("state") {
        case "new": self = .new
        case "unanswered":
            self = .unanswered(
                for: try fields.duration("for_ms"), sinceFirst: try fields.optionalDuration("since_first_ms"),
                isOrdered: object["ordered"]?.boolValue ?? false)
        case "finished": self = .finished(try fields.value("evidence"))
        default: throw fields.fault("state", "new, unanswered or finished")
        }
    }
}
