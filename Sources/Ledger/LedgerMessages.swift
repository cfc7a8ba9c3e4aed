package import OrderFlow
package import Orders
package import SinkKit

/// What the ERP sent by itself, and what became of it; without its bytes.
package struct MessageRow: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// It was not read yet, or not all that it says could be taken in.
        case waiting
        case handled
        /// It says nothing of any order that this flow knows.
        case notOurs = "not_ours"
        /// The sink can't make sense of it: a person must look.
        case unreadable
    }

    /// Grows in the order of keeping.
    package var position: Int64
    package var flow: String
    package var id: String
    package var receivedAt: Timestamp
    /// How many bytes its body has; `nil` once it is erased.
    package var bytes: Int?
    package var state: State
    /// Why it stands so, in one sentence for a person.
    package var sentence: String
    /// How often it was read in vain.
    package var tries: Int
    /// When it is read again; `nil`: not any more.
    package var dueAt: Timestamp?
    /// Of each thing that it says, in its order.
    package var findings: [MessageFinding]

    package init(
        position: Int64, flow: String, id: String, receivedAt: Timestamp, bytes: Int?, state: State = .waiting,
        sentence: String = MessageRow.justKept, tries: Int = 0, dueAt: Timestamp?, findings: [MessageFinding] = []
    ) {
        self.position = position
        self.flow = flow
        self.id = id
        self.receivedAt = receivedAt
        self.bytes = bytes
        self.state = state
        self.sentence = sentence
        self.tries = tries
        self.dueAt = dueAt
        self.findings = findings
    }

    /// One that was just kept.
    package init(position: Int64, flow: String, id: String, receivedAt: Timestamp, bytes: Int) {
        self.init(position: position, flow: flow, id: id, receivedAt: receivedAt, bytes: bytes, dueAt: Self.atOnce)
    }

    /// Due whatever the clock is set to.
    package static let atOnce = Timestamp(milliseconds: 0)

    package static let justKept = "It was kept and not read yet."

    mutating func take(_ outcome: MessageOutcome) {
        state = outcome.state
        sentence = outcome.sentence
        findings = outcome.findings
        dueAt = outcome.dueAt
        tries = outcome.tries
    }
}

/// A message that waits to be handled.
package struct WaitingMessage: Sendable, Equatable {
    package var message: InboundMessage
    /// ``MessageRow/tries``.
    package var tries: Int

    package init(message: InboundMessage, tries: Int) {
        self.message = message
        self.tries = tries
    }
}

/// What became of a message, or why it waits on.
package struct MessageOutcome: Sendable, Equatable {
    package var flow: String
    /// ``SinkKit/InboundMessage/id``.
    package var id: String
    package var state: MessageRow.State
    package var sentence: String
    package var findings: [MessageFinding]
    package var tries: Int
    /// When it is read again; only where it waits on.
    package var dueAt: Timestamp?

    package init(
        flow: String, id: String, state: MessageRow.State, sentence: String, findings: [MessageFinding] = [], tries: Int,
        dueAt: Timestamp? = nil
    ) {
        self.flow = flow
        self.id = id
        self.state = state
        self.sentence = sentence
        self.findings = findings
        self.tries = tries
        self.dueAt = dueAt
    }
}

package struct MessageFilter: Sendable {
    package var flow: String?
    /// Those that say something of it.
    package var order: OrderKey?
    package var states: [MessageRow.State]

    package init(flow: String? = nil, order: OrderKey? = nil, states: [MessageRow.State] = []) {
        self.flow = flow
        self.order = order
        self.states = states
    }
}

package struct MessageCount: Sendable, Equatable {
    package var flow: String
    package var state: MessageRow.State
    package var count: Int

    package init(flow: String, state: MessageRow.State, count: Int) {
        self.flow = flow
        self.state = state
        self.count = count
    }
}
