import Ledger
import OrderFlow
import Orders
import SinkKit

extension PlantedBug {
    /// Bugs in what is made of the ERP's messages.
    package static let inMessages: [PlantedBug] = [
        inLedger("a message answered before it is kept") { $0.keepsMessages = false },
        inLedger("a message dropped because its order is worked on") { ledger in
            ledger.onSettle = { outcome in
                var outcome = outcome
                if outcome.state == .waiting { (outcome.state, outcome.dueAt) = (.handled, nil) }
                return outcome
            }
        },
        inLedger("a message that waits is never read again") { ledger in
            ledger.onSettle = { outcome in
                var outcome = outcome
                if outcome.state == .waiting { outcome.dueAt = Timestamp(milliseconds: 4_000_000_000_000) }
                return outcome
            }
        },
        forgetting("what a message says left out of the journal") { $0.kind == .message },
        inJudge("a repeat taken in again") { judgement, event in
            guard judgement.reason == .repeated, case .answer(.accepted(let receipt)) = event else { return judgement }
            return MessageJudgement(.accepted, judgement.sentence, .entry(.answered(.accepted(receipt))))
        },
        inJudge("a contradiction passed over") { judgement, _ in
            judgement.reason == .contradicted ? MessageJudgement(.late, judgement.sentence) : judgement
        },
        inJudge("a cancellation passed over") { judgement, _ in
            judgement.reason == .cancelled ? MessageJudgement(.late, judgement.sentence) : judgement
        },
        inJudge("a ticket written over the final word") { judgement, _ in
            guard judgement.reason == .accepted else { return judgement }
            return MessageJudgement(.pending, judgement.sentence, .entry(.answered(.pending(SinkTicket("0")))))
        },
        inPlanner("a refusal after the acceptance believed") { decision, _, _, _ in
            if case .rest(let verdict) = decision, verdict.reason == .answersContradict {
                return .rest(Verdict(.quarantined, .rejected, verdict.sentence))
            }
            return decision
        },
        inPlanner("a create sent again because no message came") { decision, progress, _, now in
            guard progress.ticket != nil, case .rest(let verdict) = decision, verdict.reason == .outcomeUnknown else {
                return decision
            }
            let isFresh = progress.reading?.isFresh(at: now) ?? false
            return isFresh && !progress.mustRead ? .create(attempt: progress.attempts + 1) : .read
        },
        inSink("a message about somebody else's order taken for ours") { sink in
            sink.onReceive = { events in
                events.map { event in
                    guard case .ticket(let ticket) = event.subject, ticket.text.hasSuffix("somebody else") else { return event }
                    let key = IdempotencyKey(order: OrderKey(shop: World.shopName, orderID: 101), generation: 1)
                    return SinkEvent(.key(key), event.kind)
                }
            }
        },
        inSink("the shop told of a ticket as if it were an order") { sink in
            sink.onCreate = { order, context, base throws(SinkError) in
                let answer = try await base.create(order, context)
                guard case .pending(let ticket) = answer else { return answer }
                return .accepted(SinkReceipt(erpOrderNumber: ticket.text, lines: []))
            }
        },
    ]
}
