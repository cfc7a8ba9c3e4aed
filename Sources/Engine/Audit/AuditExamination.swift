import CloudSuite
import Ledger
import OrderFlow
import Orders

/// Looks at one suspect order: what it is like now, and what a run makes of it.
struct AuditExamination: Sendable {
    let flow: Flow
    let surroundings: Surroundings
    let span: ShopAudit.Span
    /// ``AuditSurvey/Result/lastRunBeganAt``
    let lastRunBeganAt: Timestamp?
    /// ``AuditSurvey/Result/listedFrom``
    let listedFrom: Timestamp?

    enum Outcome: Sendable {
        /// It is as it should be after all, or somebody is at work on it.
        case nothing
        /// The next run lists it for the first time.
        case notListedYet
        case finding(AuditFinding)
    }

    /// - Throws: ``FlowStop`` where the shop, the sink or the ledger can't be reached; that one order can't be read is a finding.
    func examine(_ suspect: AuditSurvey.Suspect) async throws(FlowStop) -> Outcome {
        let key = flow.key(suspect.orderID)
        let row = try await surroundings.row(key)
        guard row.map({ $0.flow == flow.name }) ?? true else { return .nothing }
        let reading: OrderReading
        do throws(ShopError) { reading = try await flow.shop.order(suspect.orderID).reading } catch {
            return try unreadable(suspect, row, error)
        }
        guard row != nil || isOurs(reading) else { return .nothing }
        let side = AuditFinding.ShopSide(
            state: reading.state, erpOrderNumber: reading.erpOrderNumber, modifiedDate: reading.modifiedDate)
        let suspicion = side.suspicion(row, selected: flow.policy.selectedStates, lastRunBeganAt: lastRunBeganAt)
        guard let kind = suspect.isOffline && row == nil ? .missing : suspicion else { return .nothing }
        if row == nil, !suspect.isOffline, isToBeListed(reading) { return .notListedYet }
        guard let outlook = try await outlook(suspect, reading, isNew: row == nil) else { return .nothing }
        if case .settled(let outcome) = outlook, let row, kind == .drifted, outcome.agrees(with: row) { return .nothing }
        // Whoever worked on it meanwhile has found out.
        if surroundings.isDryRun, try await surroundings.row(key) != row { return .nothing }
        return .finding(
            AuditFinding(
                flow: flow.name, kind: kind, key: key, reference: reading.reference ?? row?.state.reference, shop: side,
                row: row, overdueBy: kind == .overdue ? row?.state.dueAt.map(lateness) : nil, outlook: outlook))
    }

    private func unreadable(_ suspect: AuditSurvey.Suspect, _ row: OrderRow?, _ error: ShopError) throws(FlowStop) -> Outcome {
        switch error.failureClass {
        case .outage, .unauthorized, .misconfigured: throw FlowStop(error)
        case .transient, .throttled, .unknown, .conflict, .rejected: break
        }
        if row == nil, error.isGone { return .nothing }
        let kind: AuditFinding.Kind = row == nil ? .missing : error.isGone ? .gone : .drifted
        return .finding(
            AuditFinding(
                flow: flow.name, kind: kind, key: flow.key(suspect.orderID), reference: row?.state.reference, shop: nil, row: row,
                outlook: .refused(error.message)))
    }

    /// A shop that doesn't know a filter ignores it (inferred), so what the filters said is asked of the order once more.
    private func isOurs(_ reading: OrderReading) -> Bool {
        if let own = flow.policy.webshop, let webshop = reading.webshop, webshop != own { return false }
        return reading.confirmedAt.map { span.contains($0) && $0 >= flow.pull.since } ?? true
    }

    private func isToBeListed(_ reading: OrderReading) -> Bool {
        guard flow.policy.selectedStates.contains(reading.state) else { return false }
        guard let listedFrom else { return true }
        return reading.confirmedAt.map { $0 >= listedFrom } ?? false
    }

    private func lateness(_ dueAt: Timestamp) -> Duration {
        let late = max(.zero, surroundings.now - dueAt)
        let unit: Duration = late < .seconds(2 * 3600) ? .seconds(60) : .seconds(3600)
        return unit * Int(late / unit)
    }

    /// `nil`: somebody is at work on it, who finds out by himself.
    private func outlook(
        _ suspect: AuditSurvey.Suspect, _ reading: OrderReading, isNew: Bool
    ) async throws(FlowStop) -> AuditFinding.Outlook? {
        var surroundings = surroundings
        // What a dry run remembers of an order is forgotten with it, however many there are.
        if surroundings.isDryRun { surroundings.ledger = DryRunLedger(surroundings.ledger) }
        let desk = OrderDesk(flow, surroundings: surroundings, patience: .zero)
        do throws(OrderDesk.Refusal) {
            if isNew {
                let listed = ListedOrder(
                    orderID: suspect.orderID, reference: reading.reference, modifiedDate: reading.modifiedDate,
                    isOffline: suspect.isOffline)
                try await desk.register()
                _ = try await desk.ledger { ledger throws(LedgerError) in
                    try await ledger.record([listed], flow: flow.name, shop: flow.shopName, at: surroundings.now)
                }
            }
            return .settled(try await desk.rerun(flow.key(suspect.orderID), []))
        } catch {
            switch error {
            case .stopped(let stop): throw stop
            case .outage(let why): throw .outage(why)
            case .busy: return nil
            case .unknownOrder, .notPossible: return .refused(error.description)
            }
        }
    }
}

extension OrderOutcome {
    /// Whether the ledger says of the order what looking again came to, or that came to nothing.
    fileprivate func agrees(with row: OrderRow) -> Bool {
        if verdict.reason == .retryLater, preview == nil { return row.state.standing == .quarantined }
        return preview == nil && writes == 0 && verdict.standing == row.state.standing && verdict.reason == row.state.reason
    }
}
