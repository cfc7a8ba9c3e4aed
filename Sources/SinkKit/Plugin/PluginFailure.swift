public import Orders

/// An error as JSON-RPC writes it: `{"code", "message", "data": {"code", "retry_after_ms"}}`.
///
/// `data.code` is the name of a ``SinkError/Code`` and all that is acted on; the number is there because JSON-RPC asks for one.
public struct PluginFailure: Error, Sendable, Equatable {
    public var number: Int64
    /// `nil` where the other side named none that is known here: what the call did isn't known then.
    public var code: SinkError.Code?
    public var message: String
    public var retryAfter: Duration?

    /// The numbers that JSON-RPC itself gives a meaning.
    public enum Number {
        public static let parseError: Int64 = -32_700
        public static let invalidRequest: Int64 = -32_600
        public static let methodNotFound: Int64 = -32_601
        public static let invalidParams: Int64 = -32_602
        /// Of all that have a ``SinkError/Code``.
        public static let sinkError: Int64 = -32_000
    }

    public init(number: Int64, code: SinkError.Code?, message: String, retryAfter: Duration? = nil) {
        self.number = number
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    public init(_ error: SinkError) {
        self.init(number: Number.sinkError, code: error.code, message: error.message, retryAfter: error.retryAfter)
    }

    public var json: JSONObject {
        var object = JSONObject([("code", .integer(number)), ("message", .text(message))])
        var data: [(String, JSONValue)] = []
        if let code { data.append(("code", .text(code.name))) }
        if let retryAfter { data.append(("retry_after_ms", .integer(retryAfter.inMilliseconds))) }
        if !data.isEmpty { object.append("data", .object(JSONObject(data))) }
        return object
    }

    /// `nil` where it has no number or no message.
    public init?(json object: JSONObject) {
        guard let number = object["code"]?.integerValue, let message = object["message"]?.stringValue else { return nil }
        let data = object["data"]
        let code = data?["code"]?.stringValue.flatMap(SinkError.Code.init(name:))
        // Nothing was called where the method isn't known.
        let unknownMethod = number == Number.methodNotFound ? SinkError.Code.misconfigured : nil
        self.init(
            number: number, code: code ?? unknownMethod, message: message,
            retryAfter: data?["retry_after_ms"]?.integerValue.map { .milliseconds(max(0, min($0, Self.retryAfterMax))) })
    }

    /// A year; what would be longer is no duration that anybody means.
    private static let retryAfterMax: Int64 = 365 * 86_400_000

    /// The error, with the code that stands for "no more is known" where none is named.
    public func sinkError(otherwise code: SinkError.Code) -> SinkError {
        SinkError(self.code ?? code, message, retryAfter: retryAfter)
    }
}
