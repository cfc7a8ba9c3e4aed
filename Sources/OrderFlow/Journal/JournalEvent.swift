package import Orders
package import SinkKit

/// One thing that was decided, attempted or seen for an order.
package enum JournalEvent: Sendable, Equatable {
    /// The shop listed it as an order that was placed elsewhere, and not among the others: it is never pushed. Its detail doesn't say so.
    case listedOffline
    /// The shop's order was read.
    case read(OrderReading)
    /// Where the order stands, written down when it changes.
    case verdict(Verdict)
    /// A create is about to be sent. Durable before the first byte leaves.
    case createIntended(CreateIntent)
    /// What came of it, or of polling its ticket.
    case createEnded(attempt: Int, CreateEnd)
    /// The sink is about to make a call that isn't idempotent by itself. Durable before the first byte leaves.
    case attemptBegun(SinkAttemptName)
    case attemptEnded(SinkAttemptName, SinkAttemptEnd)
    /// The process that had sent a create is gone, and with it the answer. The wait for late effects starts here.
    case interrupted(attempt: Int)
    /// The ERP was asked by our key.
    case sought(Finding)
    /// The draft that the ERP was found to have counts as the ERP's order as it is, because the shop shows its order as processed.
    case draftKept
    /// Something was written to the shop; the reading is the shop's answer or a read right after it.
    case wrote([WriteStep], OrderReading)
    /// The ERP told of shipments that weren't known, or told of them otherwise.
    case shipped(KnownShipments)
    case documentRendered(DocumentRecord)
    /// It can't be made of what there is.
    case documentImpossible(DocumentCause, [SinkFault])
    /// The document is about to be sent. Durable before the first byte leaves.
    case documentSending(ordinal: Int)
    case documentEnded(ordinal: Int, DocumentEnd)
    /// Codes that the sink handed out are in the ledger, sealed; in one transaction with this.
    case codesStored([CodeName])
    /// Somebody looked at all codes of the order.
    case codesRevealed(by: String, reason: String)
    /// The ERP is about to be asked to cancel its order. Durable before the first byte leaves.
    case cancelAsked
    case cancelEnded(CancelEnd)
    /// Something failed in a way that counts for this order.
    case failed(Failure)
    case person(PersonDecision)
    /// The ERP told something by itself that changes where the order stands.
    case message(MessageEntry)
    /// The ledger was rebuilt from a damaged one or from a copy: what happened since the entry before isn't known, a create included.
    case restored(Restoration)
}

/// An event with its place in the order's journal.
package struct JournalEntry: Sendable, Equatable {
    /// From 1, without gaps.
    package var sequence: Int
    package var at: Timestamp
    package var event: JournalEvent

    package init(sequence: Int, at: Timestamp, event: JournalEvent) {
        self.sequence = sequence
        self.at = at
        self.event = event
    }

    /// The same entries with writes that follow one another told as one: its steps are all of theirs, its reading is the last.
    ///
    /// Only where the last reading shows that every one of them took effect does that say as much as they do.
    package static func joiningWrites(_ entries: [JournalEntry]) -> [JournalEntry] {
        var joined: [JournalEntry] = []
        for var entry in entries {
            if case .wrote(let steps, let reading) = entry.event, case .wrote(let earlier, _)? = joined.last?.event {
                joined[joined.count - 1].event = .wrote(earlier + steps, reading)
                joined[joined.count - 1].at = entry.at
            } else {
                if let last = joined.last { entry.sequence = last.sequence + 1 }
                joined.append(entry)
            }
        }
        return joined
    }
}

/// What a rebuilt ledger knows of an order's lost past.
package struct Restoration: Sendable, Equatable {
    /// Why the ERP's answer to a look-up isn't enough to send a create, in words; a person must order it then.
    package var doubt: String?

    package init(doubt: String? = nil) { self.doubt = doubt }
}

package struct CreateIntent: Sendable, Equatable {
    /// From 1 over the order's life; a repeat with the same key and bytes keeps its number.
    package var attempt: Int
    package var generation: Int
    /// ``OrderReading/contentDigest`` of the read the create relies on.
    package var contentDigest: String
    /// SHA-256 of the stored bytes that are sent, in hexadecimal.
    package var payloadDigest: String
    /// Of lines that were sent in another unit than the shop's.
    package var factors: [LineFactor]
    /// What messages call it by, where that is known before it is answered: ``SinkKit/ERPSink/ticket(for:)``.
    package var ticket: String?

    package init(
        attempt: Int, generation: Int, contentDigest: String, payloadDigest: String, factors: [LineFactor] = [],
        ticket: String? = nil
    ) {
        self.attempt = attempt
        self.generation = generation
        self.contentDigest = contentDigest
        self.payloadDigest = payloadDigest
        self.factors = factors
        self.ticket = ticket
    }
}

/// How many of the unit that a line was sent in are one of the shop's.
package struct LineFactor: Sendable, Equatable {
    /// ``Orders/OrderLine/key``.
    package var key: String
    /// Above zero.
    package var factor: ExactDecimal

    package init(key: String, factor: ExactDecimal) {
        self.key = key
        self.factor = factor
    }
}

package enum CreateEnd: Sendable, Equatable {
    case accepted(SinkReceipt)
    case pending(SinkTicket)
    case rejected([SinkFault])
    /// Nothing was sent: the order isn't as the ERP needs it.
    case lacking(Lack)
    /// It certainly had no effect.
    case notApplied(String)
    /// It may have had its effect, or may yet have it.
    case unknown(String)
}

/// Why an order wasn't sent, and what could change that.
package struct Lack: Sendable, Equatable {
    package var faults: [SinkFault]
    /// Names the mapping tables and the requirements that the order was made ready with.
    package var preparedWith: String
    /// A person may release the order as it is.
    package var isQuestion: Bool

    package init(faults: [SinkFault], preparedWith: String, isQuestion: Bool = false) {
        self.faults = faults
        self.preparedWith = preparedWith
        self.isQuestion = isQuestion
    }
}

/// What came of asking the ERP to cancel its order.
package enum CancelEnd: Sendable, Equatable {
    case cancelled
    /// The ERP keeps it; why, in words for a person.
    case refused(String)
    /// It is asked again.
    case notApplied(String)
    /// It may be cancelled, or may yet be: a message is to tell, until that instant.
    case unknown(String, until: Timestamp)
}

package enum Finding: Sendable, Equatable {
    case found(SinkReceipt)
    /// The ERP itself said that it has no such order.
    case absent
}

/// One thing written to the shop after the push.
package enum WriteStep: String, Sendable, CaseIterable {
    case mark
    case number
    case lines
    case close
    /// That an offline order was sent, whatever the policy about closing.
    case markSent = "mark_sent"
}

/// The failure classes of DESIGN §4.
package enum FailureClass: String, Sendable {
    case transient, throttled, outage, rejected, unauthorized, misconfigured, unknown, conflict
}

package struct Failure: Sendable, Equatable {
    /// What was being done, such as `read` or `mark`.
    package var activity: String
    package var failureClass: FailureClass
    package var message: String
    package var retryAt: Timestamp?

    package init(activity: String, failureClass: FailureClass, message: String, retryAt: Timestamp? = nil) {
        self.activity = activity
        self.failureClass = failureClass
        self.message = message
        self.retryAt = retryAt
    }
}

/// What a person decided, and why.
package struct PersonDecision: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Leave the order alone until it is released.
        case hold
        /// Carry on, past what the last verdict stopped for.
        case release
        /// Never push this order.
        case skip
        /// The ERP has it already.
        case adopt(SinkReceipt)
        /// Look at it again at once; forgets retry waits and refusals.
        case rerun
        /// Send another create although the outcome of the last one is not known (class N), or the ledger is younger than the order.
        case createAgain
        /// Send a create under a new key although the ERP had the order before.
        case newKey
        /// Send the stored bytes of this document once more.
        case resend(ordinal: Int)
    }

    package var kind: Kind
    /// The login name of whoever gave the command.
    package var by: String
    package var reason: String

    package init(kind: Kind, by: String, reason: String) {
        self.kind = kind
        self.by = by
        self.reason = reason
    }
}
