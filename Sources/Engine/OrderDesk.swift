import CloudSuite
import Ledger
package import OrderFlow
package import Orders
import SinkKit
import Transport

/// A person's hand on one order: decisions with a reason, and re-runs. Waits for that order only, never for a whole run.
package struct OrderDesk: Sendable {
    let flow: Flow
    let surroundings: Surroundings
    /// How long to wait for an order that somebody else is working on.
    private let patience: Duration

    package init(_ flow: Flow, surroundings: Surroundings, patience: Duration = .seconds(60)) {
        self.flow = flow
        self.surroundings = surroundings
        self.patience = patience
    }

    /// Why a person's command couldn't be carried out.
    package enum Refusal: Error, Sendable, CustomStringConvertible {
        case stopped(FlowStop)
        /// Somebody else is working on it, still.
        case busy(holder: String)
        case unknownOrder
        case notPossible(String)
        case outage(String)

        package var description: String {
            switch self {
            case .stopped(let stop): stop.description
            case .busy(let holder): "another worker has the order (\(holder)); try again when it is done"
            case .unknownOrder: "neither the ledger nor the shop knows that order"
            case .notPossible(let why), .outage(let why): why
            }
        }
    }

    /// Journals a decision without doing anything else.
    ///
    /// - Returns: where the order stands now.
    package func decide(_ decision: PersonDecision, on key: OrderKey) async throws(Refusal) -> OrderOutcome {
        let claimed = try await claim(key, for: [decision])
        try await check(decision, claimed)
        var work = OrderWork(claimed, flow: flow, surroundings: surroundings)
        do throws(OrderWork.Interruption) { return try await work.record(decision) } catch { throw Refusal(error) }
    }

    /// Journals who looks at the order's codes, and hands them out only then.
    package func codes(of key: OrderKey, by person: String, reason: String) async throws(Refusal) -> [SealedCode] {
        let claimed = try await claim(key)
        let change = LedgerChange(
            claim: claimed.claim, at: surroundings.now,
            entries: [
                JournalEntry(
                    sequence: claimed.progress.entryCount + 1, at: surroundings.now,
                    event: .codesRevealed(by: person, reason: reason))
            ], state: nil, releasesClaim: true)
        try await ledger { ledger throws(LedgerError) in try await ledger.append(change) }
        return try await ledger { ledger throws(LedgerError) in try await ledger.codes(key) }
    }

    /// Journals the decision, if any, and works on the order at once.
    package func rerun(_ key: OrderKey, _ decisions: [PersonDecision]) async throws(Refusal) -> OrderOutcome {
        let claimed = try await claim(key, for: decisions)
        for decision in decisions { try await check(decision, claimed) }
        var work = OrderWork(claimed, flow: flow, surroundings: surroundings)
        for decision in decisions { work.note(.person(decision)) }
        let ending: OrderWork.Ending
        do throws(FlowStop) { ending = try await work.run() } catch { throw .stopped(error) }
        switch ending {
        case .settled(let outcome): return outcome
        case .deferred(let why): throw .outage(why)
        case .lost: throw .busy(holder: "it was taken over meanwhile")
        }
    }

    func claim(_ key: OrderKey) async throws(Refusal) -> ClaimedOrder {
        try await ledger { ledger throws(LedgerError) in try await surroundings.clock.join(ledger) }
        try await register()
        let deadline = surroundings.now + patience
        while true {
            let now = surroundings.now
            let answer = try await ledger { ledger throws(LedgerError) in
                try await ledger.claim(
                    key, by: surroundings.holder, leasesEndBy: surroundings.leasesEndBy(now), until: now + surroundings.lease)
            }
            switch answer {
            case .claimed(let claimed): return claimed
            case .unknownOrder: throw .unknownOrder
            case .busy(let holder, _):
                guard now < deadline else { throw .busy(holder: holder) }
                do { try await surroundings.timekeeper.sleep(milliseconds: 100) } catch { throw .busy(holder: holder) }
            }
        }
    }

    /// A flow or a shop under another name would know nothing of what was made under the first, and make it again.
    func register() async throws(Refusal) {
        try await ledger { ledger throws(LedgerError) in try await ledger.register(flow.registration) }
    }

    /// Refuses what would do nothing or harm, and gives the claim back.
    private func check(_ decision: PersonDecision, _ claimed: ClaimedOrder) async throws(Refusal) {
        if let why = try await objection(to: decision, claimed) { throw try await refusal(of: claimed, why) }
    }

    /// Gives the claim back.
    func refusal(of claimed: ClaimedOrder, _ why: String) async throws(Refusal) -> Refusal {
        try await ledger { ledger throws(LedgerError) in try await ledger.release([claimed.claim]) }
        return .notPossible(why)
    }

    /// The ledger's answer; its failure stops the command.
    func ledger<Value>(_ body: (any Ledger) async throws(LedgerError) -> Value) async throws(Refusal) -> Value {
        do throws(FlowStop) { return try await surroundings.ledger(body) } catch { throw .stopped(error) }
    }
}

extension OrderDesk.Refusal {
    init(_ interruption: OrderWork.Interruption) {
        switch interruption {
        case .ledger(.claimLost): self = .busy(holder: "it was taken over meanwhile")
        case .ledger(let error): self = .stopped(FlowStop(error))
        case .flow(let stop): self = .stopped(stop)
        case .outage(let why): self = .outage(why)
        }
    }
}
