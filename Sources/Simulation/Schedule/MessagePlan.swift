/// The ERP tells by messages what became of orders. With class N nobody can ask it.
package struct MessagePlan: Sendable, Equatable {
    /// What messages call an order by.
    package enum Naming: String, Sendable, CaseIterable {
        /// A ticket that is known before the create is answered.
        case ticket
        /// The ticket that the create is answered with, and that nobody knows before.
        case answer
        case key
    }

    package var naming = Naming.ticket
    /// How long a ticket may be polled before nobody knows what became of it, with class N, in milliseconds.
    package var patience: Int64 = 40_000
    /// Whether the process that took a message tends to its flow at once.
    package var tendsAtOnce = true

    package init() {}

    init(_ draw: inout SeededDraw) {
        naming = draw.pick([.ticket, .ticket, .answer, .key])
        patience = draw.pick([15_000, 40_000, 120_000])
        tendsAtOnce = !draw.oneIn(3)
    }
}

/// What is unusual about the messages that an order's create leads to.
package enum MessageFault: Sendable, Equatable {
    /// The final word never comes.
    case never
    /// It comes before the create can be answered.
    case beforeAnswer
    case late(milliseconds: Int64)
    case twice(after: Int64)
    /// The ERP says that it refused what it has, after it said that it has it.
    case thenRefused(after: Int64)
    /// It says so before.
    case refusedFirst(by: Int64)
    /// The ERP cancels its order and says so.
    case thenCancelled(after: Int64)
    /// It says so before it says that it had it.
    case cancelledFirst(by: Int64)
    /// That the ERP works on the order comes after the final word.
    case pendingAfterwards(after: Int64)
    case shipped(after: Int64)
    /// About an order that isn't ours.
    case foreign
    case garbled
    /// It can't be read at first, for a reason that passes.
    case unreadableAtFirst

    package var name: String {
        switch self {
        case .never: "never"
        case .beforeAnswer: "before the answer"
        case .late: "late"
        case .twice: "twice"
        case .thenRefused: "refused after accepted"
        case .refusedFirst: "refused before accepted"
        case .thenCancelled: "cancelled"
        case .cancelledFirst: "cancelled before accepted"
        case .pendingAfterwards: "pending after accepted"
        case .shipped: "shipped"
        case .foreign: "of another order"
        case .garbled: "garbled"
        case .unreadableAtFirst: "unreadable at first"
        }
    }

    /// One of each kind.
    package static let examples: [MessageFault] = [
        .never, .beforeAnswer, .late(milliseconds: 0), .twice(after: 0), .thenRefused(after: 0), .refusedFirst(by: 0),
        .thenCancelled(after: 0), .cancelledFirst(by: 0), .pendingAfterwards(after: 0), .shipped(after: 0), .foreign, .garbled,
        .unreadableAtFirst,
    ]
}
