package import Ledger
import OrderFlow
package import Orders

/// One difference between what a shop has and what the ledger says that it has.
package struct AuditFinding: Sendable {
    /// What kind of difference: the codes machines read. Never renamed once released.
    package enum Kind: String, Sendable, CaseIterable {
        /// The shop has an order that a listing should have brought, and the ledger doesn't have it.
        case missing
        /// The shop doesn't show what the ledger says that it shows.
        case drifted
        /// It was due when a run began that did all that was due, and nobody has looked at it.
        case overdue
        /// The ledger has an order that the shop doesn't have any more.
        case gone
    }

    /// What looking at the order at once comes to, or would in a dry run.
    package enum Outlook: Sendable {
        case settled(OrderOutcome)
        /// It can't be looked at; why.
        case refused(String)
    }

    package var flow: String
    package var kind: Kind
    package var key: OrderKey
    package var reference: String?
    /// What the shop shows; `nil` where it doesn't show the order.
    package var shop: ShopSide?
    /// What the ledger has; `nil` for an order that is missing.
    package var row: OrderRow?
    /// For an order that is overdue: for how long, rounded down.
    package var overdueBy: Duration?
    package var outlook: Outlook

    /// Whether the order is over and the shop has removed it: worth knowing, and nothing to do about it.
    package var isHarmless: Bool { kind == .gone && row?.state.standing == .finished }

    /// Whether somebody has to do something that neither this audit nor the next run does.
    package var needsPerson: Bool {
        guard case .settled(let outcome) = outlook else { return !isHarmless }
        return outcome.verdict.standing == .quarantined
    }

    /// Whether it goes on by itself, and hasn't come to its end yet.
    package var isLeftToRuns: Bool {
        guard case .settled(let outcome) = outlook else { return false }
        return [.new, .waiting, .held].contains(outcome.verdict.standing)
    }

    /// The difference in words, to follow the order's name.
    package var sentence: String {
        let shopWords = shop.map { "the shop has it as '\($0.state.rawValue)'\($0.numberWords)" } ?? "the shop doesn't show it"
        guard let row else { return "\(shopWords); the ledger doesn't have it" }
        let reason = row.state.reason == .finished ? "" : " (\(row.state.reason.rawValue))"
        let ledgerWords = "the ledger has it as \(row.state.standing.rawValue)\(reason)\(row.numberWords)"
        let lateness = overdueBy.map { ", due for \($0.inWords), and a run since didn't look at it" } ?? ""
        return "\(shopWords); \(ledgerWords)\(lateness)"
    }
}

extension AuditFinding {
    /// What a list, or the order itself, shows of an order.
    package struct ShopSide: Sendable, Equatable {
        package var state: OrderState
        package var erpOrderNumber: String?
        /// As the shop spells it.
        package var modifiedDate: String?

        package init(state: OrderState, erpOrderNumber: String?, modifiedDate: String?) {
            self.state = state
            self.erpOrderNumber = erpOrderNumber
            self.modifiedDate = modifiedDate
        }
    }
}

extension AuditFinding.ShopSide {
    /// What an order is suspected of, by what the shop shows of it; `nil`: nothing.
    ///
    /// - Parameters:
    ///   - row: what the ledger has; it is of the audited flow.
    ///   - selected: the states from which orders are pushed.
    ///   - lastRunBeganAt: of the flow's last run that did all that was due.
    func suspicion(_ row: OrderRow?, selected: [OrderState], lastRunBeganAt: Timestamp?) -> AuditFinding.Kind? {
        let isTaken = state == .processing || state == .done
        guard let row else {
            // What was cancelled without a number never got to the ERP.
            let wasNumbered = state == .cancelled && erpOrderNumber?.isEmpty == false
            return isTaken || wasNumbered || selected.contains(state) ? .missing : nil
        }
        let isChanged = modifiedDate != row.state.modifiedDate
        switch row.state.standing {
        case .finished:
            return row.isListedOffline || isTaken && erpOrderNumber == row.state.erpOrderNumber && !isChanged ? nil : .drifted
        case .dismissed:
            let wasCancelled = [.cancelledBeforePush, .cancelledEverywhere].contains(row.state.reason)
            return wasCancelled && state != .cancelled ? .drifted : nil
        case .quarantined: return isChanged ? .drifted : nil
        case .new, .waiting, .held:
            guard let dueAt = row.state.dueAt, let lastRunBeganAt, dueAt < lastRunBeganAt else { return nil }
            return .overdue
        }
    }

    fileprivate var numberWords: String { erpOrderNumber.map { $0.isEmpty ? "" : ", ERP order \($0)" } ?? "" }
}

extension OrderRow {
    fileprivate var numberWords: String { state.erpOrderNumber.map { ", ERP order \($0)" } ?? "" }
}
