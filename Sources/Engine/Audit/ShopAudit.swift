import CloudSuite
import Ledger
import OrderFlow
package import Orders

/// Compares all that a shop lists with what the ledger has of it.
///
/// Lists show less than orders do, so what a list makes suspect is looked at as a run does with an order that is due: only where that
/// comes to something else than the ledger has is it a finding. In a dry run nothing is written anywhere, and the findings say what
/// would be done; else it is done.
package struct ShopAudit: Sendable {
    let flow: Flow
    let surroundings: Surroundings

    /// Which orders are compared, by their confirmation.
    package struct Span: Sendable {
        /// Inclusive; not before the flow's `since`, since earlier orders are left alone.
        package var from: Timestamp
        /// Inclusive; `nil`: up to now.
        package var until: Timestamp?

        package init(from: Timestamp, until: Timestamp? = nil) {
            self.from = from
            self.until = until
        }
    }

    package struct Report: Sendable {
        /// Different orders that the shop listed.
        package var listed = 0
        /// Of those, confirmed since the last run listed them: the next one takes them in.
        package var notListedYet = 0
        package var findings: [AuditFinding.Kind: Int] = [:]
        /// Findings that need a person, after what was done.
        package var needingPerson = 0
        /// Whether every list was seen to its end.
        package var isComplete = true
        /// The references of orders that the shop lists without an id, which nothing can be said of.
        package var withoutID: [String] = []
    }

    package init(_ flow: Flow, surroundings: Surroundings) {
        self.flow = flow
        self.surroundings = surroundings
    }

    /// - Parameter tell: gets each finding as it is made.
    package func run(_ span: Span, _ tell: (AuditFinding) -> Void) async throws(FlowStop) -> Report {
        let span = Span(from: max(span.from, flow.pull.since), until: span.until)
        var report = Report()
        var seen = OrderIDSet()
        for state in states {
            try await compare(list(state, isOffline: false, span), isOffline: false, &seen, &report, tell)
        }
        if flow.policy.offline == .markSent {
            for state in OfflineListing.states {
                try await compare(list(state, isOffline: true, span), isOffline: true, &seen, &report, tell)
            }
        }
        report.listed = seen.count
        // Of a list that wasn't seen whole, what wasn't seen means nothing.
        if report.isComplete { try await compareUnseen(seen, span, &report, tell) }
        return report
    }

    /// In the order in which orders go through them, so that one that goes on meanwhile is seen twice rather than never.
    private var states: [OrderState] {
        let later: [OrderState] = [.processing, .done, .cancelled]
        return flow.policy.selectedStates.filter { !later.contains($0) } + later
    }

    private func list(_ state: OrderState, isOffline: Bool, _ span: Span) -> ListReading {
        var query = OrderQuery()
        query.state = state
        query.confirmedFrom = span.from
        query.confirmedUntil = span.until
        query.isOffline = isOffline
        query.webshop = flow.policy.webshop
        return ListReading(query: query, flow: flow, surroundings: surroundings)
    }

    // MARK: What the shop lists

    private func compare(
        _ list: ListReading, isOffline: Bool, _ seen: inout OrderIDSet, _ report: inout Report, _ tell: (AuditFinding) -> Void
    ) async throws(FlowStop) {
        let ending = try await list.run { page throws(FlowStop) in
            for entry in page.entries {
                // A shop that ignores the filter shows the others as offline, too.
                if isOffline, seen.contains(entry.id) { continue }
                seen.insert(entry.id)
                let side = AuditFinding.ShopSide(
                    state: entry.state ?? list.query.state ?? .confirmed, erpOrderNumber: entry.erpOrderNumber,
                    modifiedDate: entry.modifiedDate)
                let listed = ListedOrder(
                    orderID: entry.id, reference: entry.reference, modifiedDate: entry.modifiedDate, isOffline: isOffline)
                try await compare(side, listed, row(entry.id), &report, tell)
            }
            return !surroundings.stop.isRequested
        }
        report.isComplete = report.isComplete && ending.isComplete
        report.withoutID += ending.withoutID.filter { !report.withoutID.contains($0) }
    }

    private func compare(
        _ side: AuditFinding.ShopSide, _ listed: ListedOrder, _ row: OrderRow?, _ report: inout Report,
        _ tell: (AuditFinding) -> Void
    ) async throws(FlowStop) {
        guard row.map({ $0.flow == flow.name }) ?? true,
            let suspicion = side.suspicion(row, selected: flow.policy.selectedStates, at: surroundings.now)
        else { return }
        if row == nil, flow.policy.selectedStates.contains(side.state), try await isToBeListed(listed.orderID) {
            report.notListedYet += 1
            return
        }
        guard let outlook = try await outlook(listed, isNew: row == nil) else { return }
        if suspicion.kind == .drifted, case .settled(let outcome) = outlook, let row, outcome.agrees(with: row) { return }
        let finding = AuditFinding(
            flow: flow.name, kind: suspicion.kind, key: OrderKey(shop: flow.shopName, orderID: listed.orderID),
            reference: listed.reference ?? row?.state.reference, shop: side, row: row, overdueBy: suspicion.overdueBy,
            outlook: outlook)
        add(finding, &report, tell)
    }

    private func add(_ finding: AuditFinding, _ report: inout Report, _ tell: (AuditFinding) -> Void) {
        report.findings[finding.kind, default: 0] += 1
        report.needingPerson += finding.needsPerson ? 1 : 0
        tell(finding)
    }

    /// Whether no run could have listed it yet.
    private func isToBeListed(_ id: Int64) async throws(FlowStop) -> Bool {
        let memory = try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.memory(flow: flow.name) }
        guard let watermark = memory.watermark else { return false }
        do throws(ShopError) {
            return try await flow.shop.order(id).reading.confirmedAt.map { $0 >= watermark } ?? false
        } catch {
            guard error.failureClass == .rejected else { throw FlowStop(error) }
            return false
        }
    }

    private func row(_ id: Int64) async throws(FlowStop) -> OrderRow? {
        try await surroundings.ledger { ledger throws(LedgerError) in
            try await ledger.row(OrderKey(shop: flow.shopName, orderID: id))
        }
    }

    /// `nil`: somebody is at work on it, who finds out by himself.
    private func outlook(_ listed: ListedOrder, isNew: Bool) async throws(FlowStop) -> AuditFinding.Outlook? {
        var surroundings = surroundings
        // What a dry run remembers of an order is forgotten with it, however many there are.
        if surroundings.isDryRun { surroundings.ledger = DryRunLedger(surroundings.ledger) }
        let desk = OrderDesk(flow, surroundings: surroundings, patience: .zero)
        do throws(OrderDesk.Refusal) {
            if isNew {
                try await desk.register()
                _ = try await desk.ledger { ledger throws(LedgerError) in
                    try await ledger.record([listed], flow: flow.name, shop: flow.shopName, at: surroundings.now)
                }
            }
            return .settled(try await desk.rerun(OrderKey(shop: flow.shopName, orderID: listed.orderID), []))
        } catch {
            switch error {
            case .stopped(let stop): throw stop
            case .outage(let why): throw .outage(why)
            case .busy: return nil
            case .unknownOrder, .notPossible: return .refused(error.description)
            }
        }
    }

    // MARK: What it doesn't list

    private static let rowsAtOnce = 500

    /// Orders that the ledger got to know within the span, and that no list showed: each is asked for by itself.
    private func compareUnseen(
        _ seen: OrderIDSet, _ span: Span, _ report: inout Report, _ tell: (AuditFinding) -> Void
    ) async throws(FlowStop) {
        let filter = OrderFilter(flow: flow.name, standings: Verdict.Standing.allCases.filter { $0 != .dismissed })
        var cursor: Int64 = 0
        while !surroundings.stop.isRequested {
            let rows = try await surroundings.ledger { [cursor] ledger throws(LedgerError) in
                try await ledger.rows(filter, after: cursor, limit: Self.rowsAtOnce)
            }
            guard let last = rows.last else { return }
            cursor = last.position
            for row in rows
            where row.firstListedAt >= span.from && span.until.map({ row.firstListedAt <= $0 }) ?? true
                && !row.isListedOffline && !seen.contains(row.key.orderID)
            {
                try await compareUnseen(row, &report, tell)
            }
        }
        report.isComplete = false
    }

    private func compareUnseen(_ row: OrderRow, _ report: inout Report, _ tell: (AuditFinding) -> Void) async throws(FlowStop) {
        let listed = ListedOrder(
            orderID: row.key.orderID, reference: row.state.reference, modifiedDate: row.state.modifiedDate)
        let reading: OrderReading
        do throws(ShopError) { reading = try await flow.shop.order(row.key.orderID).reading } catch {
            guard error.failureClass == .rejected else { throw FlowStop(error) }
            let finding = AuditFinding(
                flow: flow.name, kind: .gone, key: row.key, reference: row.state.reference, shop: nil, row: row,
                outlook: .refused(error.message))
            return add(finding, &report, tell)
        }
        let side = AuditFinding.ShopSide(
            state: reading.state, erpOrderNumber: reading.erpOrderNumber, modifiedDate: reading.modifiedDate)
        try await compare(side, listed, row, &report, tell)
    }
}

extension OrderOutcome {
    /// Whether the ledger says of the order what looking again came to.
    fileprivate func agrees(with row: OrderRow) -> Bool {
        preview == nil && writes == 0 && verdict.standing == row.state.standing && verdict.reason == row.state.reason
    }
}
