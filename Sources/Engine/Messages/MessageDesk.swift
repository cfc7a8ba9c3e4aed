import Ledger
import Logging
import OrderFlow
import Orders
import SinkKit

/// Handles the messages of one flow: the sink reads them, and what they say is taken into their orders' journals, each under its claim.
///
/// Safe to run beside itself and to be broken off anywhere: the journal names what was taken in, so nothing is taken in twice, and a
/// message is done with only once all of it is.
struct MessageDesk {
    let flow: Flow
    let surroundings: Surroundings

    /// Messages in memory at a time.
    private static let batchSize = 16
    /// How long a message is looked for an order again that nobody knows yet: it may have overtaken the answer that names it.
    static let unknownOrderMax: Duration = .seconds(3600)
    /// Until an order is tried again that somebody else is working on.
    private static let busy = OrderBackoff(initial: .seconds(1), max: .seconds(60))
    /// Until a message is read again that couldn't be read, or whose order isn't known yet.
    private static let again = OrderBackoff(initial: .seconds(5), max: .seconds(900))

    struct Report {
        /// Messages that were done with.
        var settled = 0
        /// Orders of which they said that the ERP has them now.
        var accepted = 0
    }

    /// Handles every message that is due.
    func handle() async throws(FlowStop) -> Report {
        var report = Report()
        guard flow.sink.capabilities.receivesMessages, !surroundings.isDryRun else { return report }
        let now = surroundings.now
        while !surroundings.stop.isRequested {
            let waiting = try await surroundings.ledger { ledger throws(LedgerError) in
                try await ledger.waitingMessages(flow: flow.name, at: now, limit: Self.batchSize)
            }
            // What waits on is due after `now`, so the next batch holds others.
            for message in waiting where !surroundings.stop.isRequested {
                let outcome = try await handle(message)
                guard outcome.state != .waiting else { continue }
                report.settled += 1
                report.accepted += outcome.findings.count { $0.reason == .accepted }
            }
            if waiting.count < Self.batchSize { break }
        }
        return report
    }

    private func handle(_ waiting: WaitingMessage) async throws(FlowStop) -> MessageOutcome {
        let outcome = try await outcome(of: waiting)
        try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.settle(outcome) }
        surroundings.logger.info(
            "Message handled",
            metadata: ["flow": "\(flow.name)", "message": "\(outcome.id)", "state": "\(outcome.state.rawValue)"])
        return outcome
    }

    private func outcome(of waiting: WaitingMessage) async throws(FlowStop) -> MessageOutcome {
        let message = waiting.message
        let events: [SinkEvent]
        do throws(SinkError) {
            events = try await flow.sink.receive(message, SinkContext(timeLimit: flow.sinkTimeLimit))
        } catch {
            guard error.code == .conflict else {
                return again(waiting, "It couldn't be read: \(error.message)", error.retryAfter)
            }
            return settled(waiting, .unreadable, "The sink can't make sense of it: \(error.message)", [])
        }
        if events.isEmpty { return settled(waiting, .notOurs, "The sink finds no order of ours in it.", []) }
        var findings: [MessageFinding] = []
        let digest = ContentDigest.sha256(message.body)
        for (number, event) in events.enumerated() {
            let name = MessageName(message: message.id, number: number)
            switch try await taken(event, name, digest, message) {
            case .found(let finding): findings.append(finding)
            case .busy: return again(waiting, "Somebody else is working on its order.", nil, Self.busy, findings)
            case .unknownYet:
                return again(waiting, "No order is known by what it names; it may have come early.", nil, findings: findings)
            case .interrupted(let why): return again(waiting, why, nil, findings: findings)
            }
        }
        let isOurs = findings.contains { $0.order != nil }
        return settled(waiting, isOurs ? .handled : .notOurs, Self.sentence(findings), findings)
    }

    private static func sentence(_ findings: [MessageFinding]) -> String {
        findings.count == 1 ? findings[0].sentence : "It says \(findings.count) things."
    }

    private func isPatient(_ message: InboundMessage) -> Bool {
        surroundings.now - message.receivedAt < Self.unknownOrderMax
    }

    private func settled(
        _ waiting: WaitingMessage, _ state: MessageRow.State, _ sentence: String, _ findings: [MessageFinding]
    ) -> MessageOutcome {
        MessageOutcome(
            flow: flow.name, id: waiting.message.id, state: state, sentence: sentence, findings: findings, tries: waiting.tries)
    }

    private func again(
        _ waiting: WaitingMessage, _ why: String, _ retryAfter: Duration?, _ backoff: OrderBackoff = Self.again,
        _ findings: [MessageFinding] = []
    ) -> MessageOutcome {
        let tries = waiting.tries + 1
        let wait = max(retryAfter ?? backoff.delay(afterFailures: tries), .milliseconds(1))
        return MessageOutcome(
            flow: flow.name, id: waiting.message.id, state: .waiting, sentence: why, findings: findings, tries: tries,
            dueAt: surroundings.now + wait)
    }

    private func again(
        _ waiting: WaitingMessage, _ why: String, _ retryAfter: Duration?, findings: [MessageFinding]
    ) -> MessageOutcome { again(waiting, why, retryAfter, Self.again, findings) }

    // MARK: One order

    private enum Taken {
        case found(MessageFinding)
        case busy
        /// Nobody knows the order, and it is too early to give that up.
        case unknownYet
        case interrupted(String)
    }

    private func taken(
        _ event: SinkEvent, _ name: MessageName, _ digest: String, _ message: InboundMessage
    ) async throws(FlowStop) -> Taken {
        guard let key = try await order(of: event.subject) else {
            if isPatient(message) { return .unknownYet }
            return .found(MessageFinding(order: nil, reason: .unknownOrder, sentence: Self.unknown(event.subject)))
        }
        let now = surroundings.now
        let answer = try await surroundings.ledger { ledger throws(LedgerError) in
            try await ledger.claim(
                key, by: surroundings.holder, leasesEndBy: surroundings.leasesEndBy(now), until: now + surroundings.lease)
        }
        switch answer {
        case .busy: return .busy
        case .unknownOrder: return .unknownYet
        case .claimed(let claimed):
            var work = OrderWork(claimed, flow: flow, surroundings: surroundings)
            do throws(OrderWork.Interruption) {
                return .found(try await work.take(event, name, digest: digest, receivedAt: message.receivedAt))
            } catch {
                switch error {
                case .ledger(.claimLost): return .busy
                case .ledger(let error): throw FlowStop(error)
                case .flow(let stop): throw stop
                case .outage(let why): return .interrupted(why)
                }
            }
        }
    }

    /// `nil`: the flow knows of none, or of several.
    private func order(of subject: SinkEvent.Subject) async throws(FlowStop) -> OrderKey? {
        switch subject {
        case .key(let key):
            let row = try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.row(key.order) }
            return row?.flow == flow.name ? key.order : nil
        case .ticket(let ticket):
            let orders = try await surroundings.ledger { ledger throws(LedgerError) in
                try await ledger.orders(ticket: ticket.text, flow: flow.name)
            }
            return orders.count == 1 ? orders[0] : nil
        }
    }

    private static func unknown(_ subject: SinkEvent.Subject) -> String {
        switch subject {
        case .key(let key): "It names key '\(key.text)', and this flow has no such order."
        case .ticket(let ticket): "It names '\(ticket.text)', which no order of this flow was sent under."
        }
    }
}
