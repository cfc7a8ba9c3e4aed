/// Why a call to a sink didn't end with an answer.
public struct SinkError: Error, Sendable, CustomStringConvertible {
    /// The code says what is known of the call's effect; the engine acts on nothing else.
    public struct Code: Sendable, Hashable {
        private enum Value {
            case notApplied, notSentInTime, throttled, unavailable, unauthorized, misconfigured, unknownOutcome, conflict
        }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// The call certainly had no effect; trying again later may help.
        public static let notApplied = Code(.notApplied)
        /// The create couldn't be sent within ``SinkContext/startLimit`` and wasn't; the order is read again, then tried again.
        public static let notSentInTime = Code(.notSentInTime)
        /// The ERP asked to be left alone for a while; the call had no effect.
        public static let throttled = Code(.throttled)
        /// The ERP could not be reached; the call had no effect.
        public static let unavailable = Code(.unavailable)
        /// The ERP refused the credentials; the call had no effect.
        public static let unauthorized = Code(.unauthorized)
        /// The sink's settings can't work; the call had no effect.
        public static let misconfigured = Code(.misconfigured)
        /// The call was sent and may have had its effect, or may yet have it.
        public static let unknownOutcome = Code(.unknownOutcome)
        /// The ERP holds something else under our key: a person must look.
        public static let conflict = Code(.conflict)
    }

    public var code: Code
    /// What was tried and what came back, without credentials or personal data.
    public var message: String
    /// How long the ERP asked to be left alone.
    public var retryAfter: Duration?

    public init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    public var description: String { message }
}
