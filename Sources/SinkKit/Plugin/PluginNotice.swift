public import Orders

/// The methods besides those of ``PluginCall`` and ``PluginAttemptCall``.
public enum PluginMethod {
    public static let initialize = "initialize"
    /// Asks the plugin to end once its calls have ended; the result is an empty object.
    public static let shutdown = "shutdown"
    /// From Crossdock: the call with `{"id"}` in its params is given up. It is answered all the same.
    public static let cancel = "$/cancel"
}

/// What a plugin tells without being asked, for Crossdock's log.
public enum PluginNotice: Sendable, Equatable {
    public enum Level: String, Sendable, CaseIterable { case debug, info, warning, error }

    public enum Method: String, Sendable, CaseIterable { case log, progress }

    /// Without secrets and personal data. `call`: the id of the call that it belongs to, if any.
    case log(Level, String, call: PluginMessageID?)
    /// How far a call got, in words.
    case progress(String, call: PluginMessageID)

    public var method: Method {
        switch self {
        case .log: .log
        case .progress: .progress
        }
    }

    /// `{"level", "message", "call"}` or `{"message", "call"}`.
    public var params: JSONObject {
        switch self {
        case .log(let level, let message, let call):
            var object = JSONObject([("level", .text(level.rawValue)), ("message", .text(message))])
            if let call { object.append("call", call.json) }
            return object
        case .progress(let message, let call): return JSONObject([("message", .text(message)), ("call", call.json)])
        }
    }

    /// An unknown level is `info`.
    public init(_ method: Method, params: JSONObject) throws(PluginFormatError) {
        let fields = WireFields(params)
        let message = try fields.text("message")
        let call = params["call"].flatMap(PluginMessageID.init(json:))
        switch method {
        case .log:
            self = .log(try fields.optionalText("level").flatMap(Level.init(rawValue:)) ?? .info, message, call: call)
        case .progress:
            guard let call else { throw fields.fault("call", "the id of the call that this belongs to") }
            self = .progress(message, call: call)
        }
    }
}
