package import Orders
package import SinkKit

// The pieces that an order's progress is made of.

extension OrderProgress {
    /// A hold that was given up, and what the order looked like then.
    package struct GivenUp: Sendable, Equatable {
        package var verdict: Verdict
        package var reading: OrderReading
    }

    /// A create that was sent and whose end is not known yet.
    package struct OpenIntent: Sendable, Equatable {
        package var intent: CreateIntent
        /// When the first create with these bytes was intended.
        package var firstIntendedAt: Timestamp
        /// Since when nobody is waiting for its answer any more; `nil` while somebody may be.
        package var uncertainSince: Timestamp?
        /// When the ERP was last asked in vain.
        package var absentAt: Timestamp?
        /// How often the same bytes were sent before of which it isn't known either what became.
        package var earlierTries = 0
        /// The ERP refused a repeat of these bytes; what became of the tries before isn't known.
        package var wasRefused = false
        /// Other bytes were sent under the same key before, and what became of those isn't known.
        package var followsOtherBytes = false
        /// The ERP had the order as a draft when it was intended.
        package var carriesOnDraft = false
        /// It spent what a person had ordered.
        package var wasOrderedByPerson = false

        /// Whether no other bytes than these may have had an effect.
        package func isOnly(_ payloadDigest: String) -> Bool { intent.payloadDigest == payloadDigest && !followsOtherBytes }
    }

    /// The ERP has the order, and doesn't deliver it before it is carried on.
    package struct Draft: Sendable, Equatable {
        package var receipt: SinkReceipt
        package var foundAt: Timestamp
    }

    package struct Rejection: Sendable, Equatable {
        package var faults: [SinkFault]
        package var contentDigest: String?
        /// Whether the ERP itself refused it; else it lacked something before anything was sent.
        package var wasSent: Bool
        /// ``Lack/preparedWith``; `nil` where the ERP refused it, and in journals from before mapping tables.
        package var preparedWith: String?
        package var isQuestion = false
    }

    package struct Release: Sendable, Equatable {
        package var reason: ReasonCode
        package var contentDigest: String?
    }

    package struct Restored: Sendable, Equatable {
        package var at: Timestamp
        package var doubt: String?
    }

    package struct LastWrite: Sendable, Equatable {
        package var steps: [WriteStep]
        package var timesInARow: Int
        package var at: Timestamp
    }

    /// A document that what there is doesn't suffice for.
    package struct ImpossibleDocument: Sendable, Equatable {
        package var cause: DocumentCause
        package var faults: [SinkFault]
        /// A person said that the order goes on without it: its receiver knows otherwise, or needn't.
        package var isReleased = false
    }
}
