import Ledger
import OrderFlow
import Orders
import SinkKit

/// What the ERP tells by itself, taken into the order's journal.
extension OrderWork {
    /// Takes in one thing that a message says, and gives the claim back: whoever works on what is due goes on with the order.
    mutating func take(
        _ event: SinkEvent, _ name: MessageName, digest: String, receivedAt: Timestamp
    ) async throws(Interruption) -> MessageFinding {
        if let last = event.concludes, !progress.mayConclude(last, at: receivedAt) {
            try await giveBack()
            return MessageFinding(
                order: claimed.row.key, reason: .early,
                sentence: "It came before '\(last)' was begun, so it is about what went before, and not the final word.")
        }
        let judgement = flow.messageJudge.judge(
            event.kind, name: name, generation: generation(of: event.subject), digest: digest, progress)
        switch judgement.change {
        case .nothing: try await giveBack()
        // It stands as it stood, and is looked at now.
        case .look: try await flush(releasing: true)
        case .entry(let effect):
            note(.message(MessageEntry(name: name, digest: digest, effect: try kept(effect))))
            try await leaveDue("A message of the ERP's: \(judgement.sentence)")
        }
        return MessageFinding(order: claimed.row.key, reason: judgement.reason, sentence: judgement.sentence)
    }

    private func generation(of subject: SinkEvent.Subject) -> Int {
        switch subject {
        case .key(let key): key.generation
        case .ticket(let ticket): progress.tickets[ticket.text] ?? progress.generation
        }
    }

    /// As it may be journalled.
    private mutating func kept(_ effect: MessageEntry.Effect) throws(Interruption) -> MessageEntry.Effect {
        switch effect {
        case .answered(.accepted(let receipt)): .answered(.accepted(try kept(receipt)))
        case .answered(.pending(let ticket)): .answered(.pending(try kept(ticket)))
        case .answered, .cancelled, .cancelRefused, .contradicted: effect
        }
    }
}
