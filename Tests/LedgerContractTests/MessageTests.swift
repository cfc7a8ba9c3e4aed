import Ledger
import OrderFlow
import Orders
import SinkKit
import Testing

@Suite("Messages of ERPs")
struct MessageTests {
    private func message(_ id: String, _ text: String = "{}", at instant: Timestamp = noon) -> InboundMessage {
        InboundMessage(id: id, receivedAt: instant, headers: ["b": "2", "a": "1"], body: Array(text.utf8))
    }

    private func outcome(
        _ id: String, _ state: MessageRow.State, due: Timestamp? = nil, tries: Int = 1, findings: [MessageFinding] = []
    ) -> MessageOutcome {
        MessageOutcome(
            flow: "main", id: id, state: state, sentence: "Because.", findings: findings, tries: tries, dueAt: due)
    }

    @Test(arguments: LedgerKind.allCases)
    func `what is kept waits, whole and in its order, for its own flow`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            let messages = ["m1", "m3", "m2"].map { message($0, "body of \($0)", at: noon + .seconds(5)) }
            for message in messages { try await ledger.keep(message, flow: "main") }
            try await ledger.keep(message("m1"), flow: "other")
            // However the clock is set meanwhile.
            let waiting = try await ledger.waitingMessages(flow: "main", at: noon - .seconds(3600), limit: 9)
            #expect(waiting == messages.map { WaitingMessage(message: $0, tries: 0) })
            #expect(try await ledger.waitingMessages(flow: "main", at: noon, limit: 2).map(\.message.id) == ["m1", "m3"])
            #expect(try await ledger.waitingMessages(flow: "other", at: noon, limit: 9).count == 1)
            #expect(try await ledger.nextMessage(flow: "main") == MessageRow.atOnce)
            #expect(try await ledger.nextMessage(flow: "nobody's") == nil)
            let row = try #require(try await ledger.messages(MessageFilter(flow: "main"), after: 1, limit: 1).first)
            #expect(row.id == "m3" && row.bytes == 10 && row.state == .waiting && row.receivedAt == noon + .seconds(5))
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `one that is kept under its id already stays as it is`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.keep(message("m1", "first"), flow: "main")
            try await ledger.settle(outcome("m1", .handled))
            try await ledger.keep(message("m1", "second"), flow: "main")
            #expect(try await ledger.waitingMessages(flow: "main", at: noon, limit: 9).isEmpty)
            #expect(try await ledger.messages(MessageFilter(), after: 0, limit: 9).map(\.state) == [.handled])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `one that waits on is read again when it is due, and one that is done with never`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.keep(message("m1"), flow: "main")
            try await ledger.settle(outcome("m1", .waiting, due: noon + .seconds(5), tries: 3))
            #expect(try await ledger.waitingMessages(flow: "main", at: noon + .seconds(4), limit: 9).isEmpty)
            #expect(try await ledger.waitingMessages(flow: "main", at: noon + .seconds(5), limit: 9).map(\.tries) == [3])
            #expect(try await ledger.nextMessage(flow: "main") == noon + .seconds(5))
            try await ledger.settle(outcome("m1", .unreadable))
            // Another handler that took it up before.
            try await ledger.settle(outcome("m1", .waiting, due: noon))
            try await ledger.settle(outcome("m1", .handled))
            #expect(try await ledger.messages(MessageFilter(), after: 0, limit: 9).map(\.state) == [.unreadable])
            #expect(try await ledger.nextMessage(flow: "main") == nil)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `what it came to is found by order and by state`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            let findings = [
                MessageFinding(order: key(2), reason: .accepted, sentence: "Yes."),
                MessageFinding(order: nil, reason: .unknownOrder, sentence: "Whose?"),
            ]
            for id in ["m1", "m2", "m3"] { try await ledger.keep(message(id), flow: "main") }
            try await ledger.settle(outcome("m1", .waiting, due: noon, findings: [findings[1]]))
            try await ledger.settle(outcome("m1", .handled, findings: findings))
            try await ledger.settle(outcome("m2", .notOurs, findings: [findings[1]]))
            let ofTwo = try await ledger.messages(MessageFilter(order: key(2)), after: 0, limit: 9)
            #expect(ofTwo.map(\.id) == ["m1"] && ofTwo.first?.findings == findings)
            #expect(try await ledger.messages(MessageFilter(order: key(1)), after: 0, limit: 9).isEmpty)
            #expect(
                try await ledger.messages(MessageFilter(states: [.notOurs, .waiting]), after: 0, limit: 9).map(\.id) == [
                    "m2", "m3",
                ])
            #expect(
                try await ledger.messageCounts() == [
                    MessageCount(flow: "main", state: .waiting, count: 1), MessageCount(flow: "main", state: .handled, count: 1),
                    MessageCount(flow: "main", state: .notOurs, count: 1),
                ])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `an order is found by what its journal says that messages call it`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.list(1, 2)
            try await ledger.list(3, flow: "other")
            let intent = CreateIntent(attempt: 1, generation: 1, contentDigest: "c", payloadDigest: "p", ticket: "early")
            for id in [1, 3] as [Int64] {
                let order = try await ledger.take(id)
                let events: [JournalEvent] = [
                    .createIntended(intent), .createEnded(attempt: 1, .pending(SinkTicket("late \(id)"))),
                ]
                let entries = events.enumerated().map { order.entry($1, after: $0) }
                try await ledger.append(
                    LedgerChange(claim: order.claim, at: noon, entries: entries, state: nil, releasesClaim: true))
            }
            #expect(try await ledger.orders(ticket: "early", flow: "main") == [key(1)])
            #expect(try await ledger.orders(ticket: "late 1", flow: "main") == [key(1)])
            #expect(try await ledger.orders(ticket: "late 3", flow: "main") == [])
            #expect(try await ledger.orders(ticket: "never", flow: "main") == [])
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a dry run shows them and changes none`(_ kind: LedgerKind) async throws {
        try await kind.ledger { base in
            try await base.keep(message("m1"), flow: "main")
            let dry = DryRunLedger(base)
            dry.keep(message("m2"), flow: "main")
            dry.settle(outcome("m1", .handled))
            #expect(try await dry.messages(MessageFilter(), after: 0, limit: 9).map(\.state) == [.waiting])
            #expect(try await base.messages(MessageFilter(), after: 0, limit: 9).map(\.id) == ["m1"])
        }
    }
}
