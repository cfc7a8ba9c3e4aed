/// Why a call to a sink didn't end with an answer.
public struct SinkError: Error, Sendable, CustomStringConvertible {
    /// The code says what is known of the call's effect; the engine acts on nothing else.
    public struct Code: Sendable, Hashable {
        private enum Value: String {
            case notApplied = "not_applied"
            case notSentInTime = "not_sent_in_time"
            case throttled, unavailable, unauthorized, misconfigured
            case unknownOutcome = "unknown_outcome"
            case conflict
        }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// How plugins spell it: `not_applied`, `unknown_outcome`.
        public var name: String { value.rawValue }

        /// `nil` where there is no such code.
        public init?(name: String) {
            guard let value = Value(rawValue: name) else { return nil }
            self.value = value
        }

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
