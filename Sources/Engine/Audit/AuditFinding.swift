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
        /// It was due for long, and nobody looked at it.
        case overdue
        /// The ledger has an order that the shop doesn't show any more.
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
    /// What the shop shows; `nil` for an order that is gone.
    package var shop: ShopSide?
    /// What the ledger has; `nil` for an order that is missing.
    package var row: OrderRow?
    /// For an order that is overdue: for how long, in whole hours.
    package var overdueBy: Duration?
    package var outlook: Outlook

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

    /// Whether somebody has to do something that neither this audit nor the next run does.
    package var needsPerson: Bool {
        guard kind != .gone, case .settled(let outcome) = outlook else { return true }
        return outcome.verdict.standing == .quarantined
    }

    /// The difference in words, to follow the order's name.
    package var sentence: String {
        let shopWords =
            shop.map { "the shop has it as '\($0.state.rawValue)'\($0.numberWords)" } ?? "the shop doesn't show it any more"
        guard let row else { return "\(shopWords); the ledger doesn't have it" }
        let reason = row.state.reason == .finished ? "" : " (\(row.state.reason.rawValue))"
        let ledgerWords = "the ledger has it as \(row.state.standing.rawValue)\(reason)\(row.numberWords)"
        let lateness = overdueBy.map { ", due for \($0.inWords), and nobody looked at it" } ?? ""
        return "\(shopWords); \(ledgerWords)\(lateness)"
    }
}

extension AuditFinding.ShopSide {
    /// From when on an order that goes on by itself is overdue: every schedule has come round by then.
    private static let overdueAfter: Duration = .seconds(3600)

    /// What an order is suspected of, by what a list shows; `nil`: nothing.
    ///
    /// - Parameters:
    ///   - row: what the ledger has; it is of the audited flow.
    ///   - selected: the states from which orders are pushed.
    func suspicion(_ row: OrderRow?, selected: [OrderState], at now: Timestamp) -> (
        kind: AuditFinding.Kind, overdueBy: Duration?
    )? {
        let isTaken = state == .processing || state == .done
        guard let row else {
            // What was cancelled without a number never got to the ERP.
            let wasNumbered = state == .cancelled && erpOrderNumber?.isEmpty == false
            return isTaken || wasNumbered || selected.contains(state) ? (.missing, nil) : nil
        }
        switch row.state.standing {
        case .finished:
            return row.isListedOffline || isTaken && erpOrderNumber == row.state.erpOrderNumber ? nil : (.drifted, nil)
        case .dismissed:
            let wasCancelled = [.cancelledBeforePush, .cancelledEverywhere].contains(row.state.reason)
            return wasCancelled && state != .cancelled ? (.drifted, nil) : nil
        case .quarantined: return modifiedDate == row.state.modifiedDate ? nil : (.drifted, nil)
        case .new, .waiting, .held:
            guard let dueAt = row.state.dueAt, now - dueAt > Self.overdueAfter else { return nil }
            return (.overdue, .seconds(3600) * Int((now - dueAt) / .seconds(3600)))
        }
    }

    fileprivate var numberWords: String { erpOrderNumber.map { $0.isEmpty ? "" : ", ERP order \($0)" } ?? "" }
}

extension OrderRow {
    fileprivate var numberWords: String { state.erpOrderNumber.map { ", ERP order \($0)" } ?? "" }
}
