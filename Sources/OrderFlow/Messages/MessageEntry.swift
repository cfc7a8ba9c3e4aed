import SinkKit

/// One thing that a message of the ERP's says of one order.
package struct MessageName: Sendable, Hashable {
    /// ``SinkKit/InboundMessage/id``.
    package var message: String
    /// Its place among what the message says, from 0.
    package var number: Int

    package init(message: String, number: Int) {
        self.message = message
        self.number = number
    }
}

/// What was taken in from a message, as the journal has it.
package struct MessageEntry: Sendable, Equatable {
    package enum Effect: Sendable, Equatable {
        /// What became of a create, or how far it got.
        case answered(CreateEnd)
        /// The ERP cancelled its order, in its words why.
        case cancelled(String)
        /// The ERP was asked to cancel its order and keeps it, in its words why.
        case cancelRefused(String)
        /// It contradicts what was known before; what was known stays, and a person must look.
        case contradicted(MessageObjection)
    }

    package var name: MessageName
    /// SHA-256 of the message's bytes, in hexadecimal.
    package var digest: String
    package var effect: Effect

    package init(name: MessageName, digest: String, effect: Effect) {
        self.name = name
        self.digest = digest
        self.effect = effect
    }
}

/// Why a person must look at an order after what the ERP told by itself.
package struct MessageObjection: Sendable, Equatable {
    package var reason: ReasonCode
    /// One sentence for a person.
    package var sentence: String

    package init(reason: ReasonCode, sentence: String) {
        self.reason = reason
        self.sentence = sentence
    }
}

/// What became of one thing that a message says: the codes machines read. Never renamed once released.
package enum MessageReason: String, Sendable, CaseIterable {
    // Taken in.
    case accepted, pending, rejected, cancelled, shipped
    case cancelRefused = "cancel_refused"
    /// It contradicts what was known before: a person must look.
    case contradicted
    // Kept, and nothing changed by it.
    /// The order knows it already.
    case repeated
    /// The order is past that.
    case late
    /// Nothing of the kind was sent.
    case neverSent = "never_sent"
    /// It is about an ERP order that a person had replaced.
    case replaced
    /// The ERP doesn't have the order for certain yet: what was sent out is asked for later, and what came of the create is still to be told.
    case early
    /// The flow doesn't tell of shipments.
    case notAsked = "not_asked"
    /// A person took the order out.
    case takenOut = "taken_out"
    /// Something else stands in the way that only a person can clear.
    case awaitsPerson = "awaits_person"
    /// No order of this flow is known by what the message names.
    case unknownOrder = "unknown_order"
}

extension JournalEvent {
    /// What messages call the order's create by from here on; `nil`: it says nothing of that.
    package var ticket: String? {
        switch self {
        case .createIntended(let intent): intent.ticket
        case .createEnded(_, .pending(let ticket)): ticket.text
        case .message(let entry): if case .answered(.pending(let ticket)) = entry.effect { ticket.text } else { nil }
        default: nil
        }
    }
}
