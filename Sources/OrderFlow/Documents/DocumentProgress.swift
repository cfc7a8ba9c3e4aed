package import Orders

/// Where one document of an order stands, folded from the journal.
package struct DocumentProgress: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// It has its bytes for good, and nothing was sent yet.
        case rendered
        /// On its way. Durable before the first byte leaves, so after a crash it may have arrived.
        case sending
        /// Taken by a receiver that gives no verdict, or, after an unknown outcome, a person says that it arrived.
        case sent
        /// The receiver says that it has it.
        case acknowledged
        /// The receiver won't have it.
        case refused
        /// Whether it arrived isn't known.
        case unknown
    }

    package let record: DocumentRecord
    package internal(set) var state = State.rendered
    /// When the state was reached last.
    package internal(set) var since: Timestamp
    /// How many times it was begun to be sent.
    package internal(set) var tries = 0
    /// Why it is refused or unknown, in words.
    package internal(set) var message: String?
    /// A person ordered these bytes to be sent once more.
    package internal(set) var isOrderedAgain = false
    /// A person said that the order goes on without waiting for it.
    package private(set) var isReleased = false
    /// How many tries ended without anybody knowing whether it arrived.
    package private(set) var unknownEnds = 0
    /// A try ended without anybody knowing whether the document arrived.
    package private(set) var mayHaveArrived = false
    /// It certainly never arrived, and a person ordered the order to be looked at anew: it is made anew, under its number.
    package private(set) var isVoid = false
    private var wasRefused = false
    /// The last try was one that a person had ordered.
    private var wasOrderedAgain = false

    init(_ record: DocumentRecord, at instant: Timestamp) {
        self.record = record
        since = instant
    }

    /// Whether nothing is left to do for it.
    package var isDelivered: Bool { (state == .sent || state == .acknowledged) && !isOrderedAgain }

    /// Its receiver wouldn't have it, and a person let the order go on: it may still be sent once more.
    package var isGivenUp: Bool { isReleased && wasRefused }

    /// When its last try ended with it taken; `nil` before.
    package var deliveredAt: Timestamp? { state == .sent || state == .acknowledged ? since : nil }

    mutating func beginSending(at instant: Timestamp) {
        move(to: .sending, at: instant)
        tries += 1
        (wasOrderedAgain, isOrderedAgain) = (isOrderedAgain, false)
    }

    mutating func end(_ end: DocumentEnd, at instant: Timestamp) {
        isOrderedAgain = false
        switch end {
        case .sent: move(to: .sent, at: instant)
        case .acknowledged: move(to: .acknowledged, at: instant)
        case .refused(let message):
            wasRefused = true
            move(to: .refused, at: instant, message)
        case .notSent(let message) where mayHaveArrived:
            move(to: .unknown, at: instant, message)
            isOrderedAgain = wasOrderedAgain
        case .notSent: move(to: .rendered, at: instant)
        case .unknown(let message):
            mayHaveArrived = true
            unknownEnds += 1
            move(to: .unknown, at: instant, message)
        }
    }

    /// What is agreed with the receiver may have been wrong, such as a secret.
    mutating func makeAnewIfNobodyHasIt() {
        isVoid = state == .rendered && !mayHaveArrived && !wasRefused
    }

    mutating func release(at instant: Timestamp) {
        isOrderedAgain = false
        isReleased = true
        move(to: .sent, at: instant)
    }

    /// What happened after this isn't known any more.
    mutating func doubt(at instant: Timestamp) {
        guard state == .rendered || state == .sending else { return }
        end(.unknown("the ledger was rebuilt, so it may have been sent"), at: instant)
    }

    mutating func move(to newState: State, at instant: Timestamp, _ newMessage: String? = nil) {
        state = newState
        since = instant
        message = newMessage
    }
}
