import CloudSuite
import Ledger
import OrderFlow
import Orders

/// Walks all lists of a shop, and notes which orders don't look as the ledger has them. Nothing is worked on meanwhile: what is, leaves the
/// lists that it is in.
struct AuditSurvey {
    let flow: Flow
    let surroundings: Surroundings
    let span: ShopAudit.Span

    struct Suspect: Sendable {
        var orderID: Int64
        /// It is listed as placed elsewhere, and not with the others.
        var isOffline: Bool
    }

    struct Result {
        var seen = OrderIDSet()
        var suspects: [Suspect] = []
        var ofOtherFlows = 0
        var ambiguous = 0
        var withoutID: [String] = []
        var isComplete = true
        /// When the flow's last run began that did all that was due; `nil`: none is known.
        var lastRunBeganAt: Timestamp?
        /// From when on the next run lists what was confirmed; `nil`: there was no run yet.
        var listedFrom: Timestamp?
    }

    func run() async throws(FlowStop) -> Result {
        var result = Result()
        let memory = try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.memory(flow: flow.name) }
        result.listedFrom = memory.watermark.map { flow.pull.from($0) }
        result.lastRunBeganAt = try await lastRun()
        // First, as for a run: an order in both kinds of lists is nobody's to take.
        var offline = OrderIDSet()
        var missing: [Suspect] = []
        for state in OfflineListing.states {
            try await walk(state, isOffline: true, &result) { entry, _ throws(FlowStop) in
                guard offline.insert(entry.id), flow.policy.offline == .markSent,
                    try await surroundings.row(flow.key(entry.id)) == nil
                else { return }
                missing.append(Suspect(orderID: entry.id, isOffline: true))
            }
        }
        for state in states {
            try await walk(state, isOffline: false, &result) { entry, result throws(FlowStop) in
                if result.seen.insert(entry.id) { try await compare(entry, listedAs: state, offline, &result) }
            }
        }
        if result.isComplete { result.suspects += missing }
        return result
    }

    /// In the order in which orders go through them, so that one that goes on meanwhile is seen twice rather than never.
    private var states: [OrderState] {
        let later: [OrderState] = [.processing, .done, .cancelled]
        return flow.policy.selectedStates.filter { !later.contains($0) } + later
    }

    private static let runsMax = 50

    private func lastRun() async throws(FlowStop) -> Timestamp? {
        try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.runs(limit: Self.runsMax) }
            .first { $0.flow == flow.name && $0.outcome == FlowRun.doneOutcome }?.startedAt
    }

    private func walk(
        _ state: OrderState, isOffline: Bool, _ result: inout Result,
        _ take: (ListPage.Entry, inout Result) async throws(FlowStop) -> Void
    ) async throws(FlowStop) {
        // Nothing says that an order placed elsewhere has a confirm_date.
        let from = isOffline && span.from <= flow.pull.since ? nil : span.from
        let query = flow.query(state, isOffline: isOffline, confirmedFrom: from, until: span.until)
        var taken = result
        let ending = try await ListReading(query: query, flow: flow, surroundings: surroundings).run { page throws(FlowStop) in
            for entry in page.entries { try await take(entry, &taken) }
            return true
        }
        result = taken
        result.isComplete = result.isComplete && ending.isComplete
        result.withoutID += ending.withoutID.filter { !result.withoutID.contains($0) }
    }

    private func compare(
        _ entry: ListPage.Entry, listedAs state: OrderState, _ offline: OrderIDSet, _ result: inout Result
    ) async throws(FlowStop) {
        let row = try await surroundings.row(flow.key(entry.id))
        if row == nil, offline.contains(entry.id) {
            if flow.policy.offline == .markSent { throw .misconfigured(OfflineListing.ambiguity(entry, flow)) }
            return result.ambiguous += 1
        }
        if let row, row.flow != flow.name { return result.ofOtherFlows += 1 }
        let side = AuditFinding.ShopSide(
            state: entry.state ?? state, erpOrderNumber: entry.erpOrderNumber, modifiedDate: entry.modifiedDate)
        let kind = side.suspicion(row, selected: flow.policy.selectedStates, lastRunBeganAt: result.lastRunBeganAt)
        if kind != nil { result.suspects.append(Suspect(orderID: entry.id, isOffline: false)) }
    }
}
