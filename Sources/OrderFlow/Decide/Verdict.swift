package import Orders
package import SinkKit

/// Where an order stands when there is nothing to do for it now, with the reason in words.
package struct Verdict: Sendable, Equatable {
    /// What kind of standstill it is.
    package enum Standing: String, Sendable, CaseIterable {
        /// Listed, and not looked at yet.
        case new
        /// Something failed or must settle; it goes on by itself.
        case waiting
        /// Not now, for a reason that may pass by itself.
        case held
        /// Not without a person.
        case quarantined
        /// Not for the ERP, and nothing to do about it.
        case dismissed
        case finished
    }

    package var standing: Standing
    package var reason: ReasonCode
    /// One sentence for a person.
    package var sentence: String
    /// When it is looked at again; `nil`: not by itself. Also something that needs a person may pass by itself.
    package var until: Timestamp?
    package var faults: [SinkFault]

    package init(
        _ standing: Standing, _ reason: ReasonCode, _ sentence: String, until: Timestamp? = nil, faults: [SinkFault] = []
    ) {
        self.standing = standing
        self.reason = reason
        self.sentence = sentence
        self.until = until
        self.faults = faults
    }

    /// Whether the two say the same, apart from when it is looked at again.
    package func saysTheSame(as other: Verdict) -> Bool {
        standing == other.standing && reason == other.reason && sentence == other.sentence && faults == other.faults
    }
}

/// Why an order stands where it stands: the codes machines read. Never renamed once released.
package enum ReasonCode: String, Sendable, CaseIterable {
    case listed
    // Holds: may pass by themselves.
    case paymentStarted = "payment_started"
    case paymentCancelled = "payment_cancelled"
    case unpaid
    case paymentMissing = "payment_missing"
    case paymentUnknown = "payment_unknown"
    case settling
    case notConfirmed = "not_confirmed"
    case heldByPerson = "held_by_person"
    case heldTooLong = "held_too_long"
    case awaitingShipment = "awaiting_shipment"
    // Waiting: goes on by itself.
    case retryLater = "retry_later"
    case outcomeSettling = "outcome_settling"
    case awaitingERP = "awaiting_erp"
    case cancelling
    // Quarantine before the push.
    case malformed
    case unknownState = "unknown_state"
    case totalMismatch = "total_mismatch"
    case processedElsewhere = "processed_elsewhere"
    case olderThanLedger = "older_than_ledger"
    case rejected
    case mappingQuestion = "mapping_question"
    case outcomeUnknown = "outcome_unknown"
    case retriesExhausted = "retries_exhausted"
    case keyConflict = "key_conflict"
    case partlyPushed = "partly_pushed"
    case acceptedAfterRefusal = "accepted_after_refusal"
    case acceptedAfterSkip = "accepted_after_skip"
    case refusedByShop = "refused_by_shop"
    // Quarantine after the push.
    case partiallyAccepted = "partially_accepted"
    case cancelledInERP = "cancelled_in_erp"
    case cancelledAfterPush = "cancelled_after_push"
    case changedAfterPush = "changed_after_push"
    case editedMeanwhile = "edited_meanwhile"
    case numberConflict = "number_conflict"
    case lineNumberConflict = "line_number_conflict"
    case unexpectedState = "unexpected_state"
    case answersContradict = "answers_contradict"
    case reopenedInShop = "reopened_in_shop"
    case writeWithoutEffect = "write_without_effect"
    case documentImpossible = "document_impossible"
    case documentRefused = "document_refused"
    case documentUnknown = "document_unknown"
    case shipmentChanged = "shipment_changed"
    case shippedTooMuch = "shipped_too_much"
    case shipmentOverdue = "shipment_overdue"
    // Dismissed.
    case offline
    case otherWebshop = "other_webshop"
    case cancelledBeforePush = "cancelled_before_push"
    case cancelledEverywhere = "cancelled_everywhere"
    case skippedByPerson = "skipped_by_person"
    // Finished.
    case finished

    /// Whether `release` lets the order go on past this reason. For the others a person has other commands.
    package var canBeReleased: Bool {
        switch self {
        case .heldByPerson, .partiallyAccepted, .changedAfterPush, .editedMeanwhile, .totalMismatch, .retriesExhausted,
            .heldTooLong,
            .partlyPushed, .reopenedInShop, .writeWithoutEffect, .rejected, .mappingQuestion, .keyConflict, .refusedByShop,
            .documentImpossible, .documentRefused, .documentUnknown,
            .shipmentChanged, .shippedTooMuch, .shipmentOverdue, .answersContradict:
            true
        default: false
        }
    }
}
