/// How a simulated trading partner is set up.
package struct PartnerConfiguration: Sendable {
    /// What becomes of a document whose payloadID was taken before.
    package enum Repetition: String, Sendable, CaseIterable {
        /// Acknowledged again, with no further effect.
        case acknowledge
        /// Refused with Status 409 and a text that says that it is known.
        case refuse
        /// Taken once more, as by a partner who doesn't look at payloadIDs.
        case take
    }

    package var address = "127.0.0.1"
    /// 0 takes a free one.
    package var port = 0
    package var seed: UInt64 = 1
    /// Documents are posted here.
    package var path = "/cxml"
    /// The partner's own identity, which `To` must name; `nil` takes any.
    package var identity: String?
    /// What the sender's credential must hold; `nil` takes any.
    package var sharedSecret: String? = "simulated-secret"
    /// The Status code of answers to documents that are in order; only 200 takes them.
    package var statusCode = 200
    /// Whether the HTTP status is the Status code instead of 200, as some partners do it.
    package var repeatsStatusInHTTP = false
    package var repetition = Repetition.acknowledge
    package var rateLimit: RateLimit?
    /// Requests kept in the log.
    package var logCapacity = 5000
    package var clock = SimulatorClock.system

    package init() {}
}
