import CloudSuite
package import Ledger
package import OrderFlow
package import Orders
import SinkKit
import Transport

/// A person's hand on one order: decisions with a reason, and re-runs. Waits for that order only, never for a whole run.
package struct OrderDesk: Sendable {
    private let flow: Flow
    private let surroundings: Surroundings
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

    /// Gives orders that the shop knows by this reference, and the ledger doesn't, a row.
    ///
    /// - Returns: all rows of that name.
    package func rows(named name: String, webshop: Int64?) async throws(Refusal) -> [OrderRow] {
        let known = try await rows(name, webshop)
        if !known.isEmpty { return known }
        var listed: [ListedOrder] = []
        do throws(ShopError) {
            for entry in try await flow.shop.orders(reference: name, webshop: webshop ?? flow.policy.webshop) {
                listed.append(ListedOrder(orderID: entry.id, reference: entry.reference, modifiedDate: entry.modifiedDate))
            }
            if listed.isEmpty, let id = Int64(name) {
                let order = try await flow.shop.order(id)
                listed = [ListedOrder(orderID: id, reference: order.reading.reference, modifiedDate: order.reading.modifiedDate)]
            }
        } catch {
            if error.failureClass == .rejected { return [] }
            throw .stopped(FlowStop(error))
        }
        guard !listed.isEmpty else { return [] }
        _ = try await ledger { [listed] ledger throws(LedgerError) in
            try await ledger.record(listed, flow: flow.name, shop: flow.shopName, at: surroundings.now)
        }
        return try await rows(name, webshop)
    }

    /// Where an order of that reference is that no flow of this shop's may take: its id and its webshop's.
    package func elsewhere(named name: String) async throws(Refusal) -> (id: Int64, webshop: Int64)? {
        guard let own = flow.policy.webshop else { return nil }
        do throws(ShopError) {
            for entry in try await flow.shop.orders(reference: name) {
                if let webshop = try await flow.shop.order(entry.id).reading.webshop, webshop != own {
                    return (entry.id, webshop)
                }
            }
            return nil
        } catch { throw .stopped(FlowStop(error)) }
    }

    private func rows(_ name: String, _ webshop: Int64?) async throws(Refusal) -> [OrderRow] {
        try await ledger { ledger throws(LedgerError) in try await ledger.rows(named: name) }.filter { row in
            row.flow == flow.name && (webshop == nil || row.state.webshop == nil || row.state.webshop == webshop)
        }
    }

    func claim(_ key: OrderKey) async throws(Refusal) -> ClaimedOrder {
        try await ledger { ledger throws(LedgerError) in try await surroundings.clock.join(ledger) }
        let deadline = surroundings.now + patience
        while true {
            let now = surroundings.now
            let answer = try await ledger { ledger throws(LedgerError) in
                try await ledger.claim(key, by: surroundings.holder, at: now, until: now + surroundings.lease)
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

    private func objection(to decision: PersonDecision, _ claimed: ClaimedOrder) async throws(Refusal) -> String? {
        let isOffline = claimed.row.isListedOffline || claimed.progress.isListedOffline
        if isOffline, let why = Self.objection(toPushing: decision) { return why }
        if let why = Self.objection(to: decision, claimed.progress) { return why }
        guard decision.kind == .newKey, flow.policy.sinkClass.canFind else { return nil }
        // The receipt says how the ERP's order stood then; what counts is how it stands now.
        let key = IdempotencyKey(order: claimed.row.key, generation: claimed.progress.generation)
        do throws(SinkError) {
            let found = try await flow.sink.find(key, SinkContext(timeLimit: flow.sinkTimeLimit))
            guard let found, found.state != .cancelled else { return nil }
            return "ERP order \(found.erpOrderNumber) isn't cancelled in the ERP"
        } catch { return "the ERP can't be asked whether its order is cancelled: \(error.message)" }
    }

    static func objection(to decision: PersonDecision, _ progress: OrderProgress) -> String? {
        let verdict = progress.verdict
        switch decision.kind {
        case .release:
            guard let verdict, verdict.standing == .held || verdict.standing == .quarantined || verdict.reason == .heldTooLong
            else {
                return "the order is neither on hold nor in quarantine, so there is nothing to release it from"
            }
            if verdict.reason == .outcomeUnknown {
                return
                    "whether the ERP has it isn't known; look there, then 'adopt' it, or 'rerun --from push' to send it once more"
            }
            return verdict.reason.canBeReleased
                ? nil : "'\(verdict.reason.rawValue)' isn't something to release: \(verdict.sentence)"
        case .adopt(let receipt):
            if let existing = progress.receipt, existing.state != .cancelled {
                return "it already has ERP order \(existing.erpOrderNumber)"
            }
            // What is adopted is left as it is, and nobody delivers a draft.
            if receipt.state == .draft {
                return "the ERP has it as a draft; 'rerun' carries it on, or confirm it there before it is adopted"
            }
            return receipt.erpOrderNumber.isEmpty ? "an ERP order number is needed" : nil
        case .createAgain:
            if verdict?.reason == .awaitingERP { return "the ERP has accepted it and is still working on it" }
            return progress.receipt.map { "ERP order \($0.erpOrderNumber) has it; '--new-key' makes another one" }
        case .newKey:
            return progress.receipt == nil ? "it has no ERP order that a new key could stand beside" : nil
        case .resend(let ordinal):
            guard let document = progress.document(ordinal) else { return "it has no document of that number" }
            return document.isDelivered ? "document \(document.record.number) is with its receiver already" : nil
        case .hold, .skip, .rerun: return nil
        }
    }
}

extension OrderDesk {
    /// What would bring an offline order into the ERP, or say that it is there.
    private static func objection(toPushing decision: PersonDecision) -> String? {
        switch decision.kind {
        case .adopt, .createAgain, .newKey:
            "it was placed elsewhere: the shop lists it as offline, and such orders never go to the ERP"
        case .hold, .release, .skip, .rerun, .resend: nil
        }
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
