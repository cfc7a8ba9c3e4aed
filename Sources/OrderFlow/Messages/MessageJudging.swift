package import Orders
package import SinkKit

/// Answers: given an order's journal, what does one more word of the ERP's change?
package protocol MessageJudging: Sendable {
    /// - Parameters:
    ///   - generation: of the key that the event is about.
    ///   - digest: SHA-256 of the message's bytes.
    func judge(
        _ event: SinkEvent.Kind, name: MessageName, generation: Int, digest: String, _ progress: OrderProgress
    ) -> MessageJudgement
}

/// What one thing that a message says comes to.
package struct MessageJudgement: Sendable, Equatable {
    package enum Change: Sendable, Equatable {
        case nothing
        /// Goes into the journal.
        case entry(MessageEntry.Effect)
        /// The order is looked at now.
        case look
    }

    package var reason: MessageReason
    /// One sentence for a person.
    package var sentence: String
    package var change: Change

    package init(_ reason: MessageReason, _ sentence: String, _ change: Change = .nothing) {
        self.reason = reason
        self.sentence = sentence
        self.change = change
    }
}

/// What became of one thing that a message says.
package struct MessageFinding: Sendable, Equatable {
    /// `nil` where no order is known by what the message names.
    package var order: OrderKey?
    package var reason: MessageReason
    package var sentence: String

    package init(order: OrderKey?, reason: MessageReason, sentence: String) {
        self.order = order
        self.reason = reason
        self.sentence = sentence
    }
}
