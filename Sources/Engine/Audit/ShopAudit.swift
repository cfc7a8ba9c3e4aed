import CloudSuite
import Ledger
import OrderFlow
package import Orders

/// Compares all that a shop lists with what the ledger has of it.
///
/// First every list is walked; then each order that a list, or its absence from all of them, makes suspect is read and looked at as a
/// run does with one that is due. Only where that comes to something else than the ledger has is it a finding. In a dry run nothing is
/// written anywhere, and the findings say what would be done; else it is done.
package struct ShopAudit: Sendable {
    let flow: Flow
    let surroundings: Surroundings

    /// Which orders are compared: those confirmed within it, and those that the ledger got to know within it.
    package struct Span: Sendable {
        /// Inclusive. Orders confirmed before the flow's `since` are left alone.
        package var from: Timestamp
        /// Inclusive; `nil`: up to now.
        package var until: Timestamp?

        package init(from: Timestamp, until: Timestamp? = nil) {
            self.from = from
            self.until = until
        }

        func contains(_ instant: Timestamp) -> Bool { instant >= from && until.map { instant <= $0 } ?? true }
    }

    package struct Report: Sendable {
        /// Different orders that the shop listed.
        package var listed = 0
        /// Of those, orders that the next run lists for the first time.
        package var notListedYet = 0
        /// Of those, orders that the ledger has under another flow.
        package var ofOtherFlows = 0
        /// Orders that the ledger doesn't have, and that the shop lists as placed elsewhere and as not: nobody can tell whose they are.
        package var ambiguous = 0
        package var findings: [AuditFinding.Kind: Int] = [:]
        package var findingCount: Int { findings.values.reduce(0, +) }
        /// Findings that are worth knowing and nothing more.
        package var harmless = 0
        /// Findings that need a person, after what was done.
        package var needingPerson = 0
        /// Findings that the next runs go on with.
        package var leftToRuns = 0
        /// Whether every list was seen to its end, and every suspect looked at.
        package var isComplete = true
        /// The references of orders that the shop lists without an id, which nothing can be said of.
        package var withoutID: [String] = []
        /// Why it ended early.
        package var stop: FlowStop?
    }

    package init(_ flow: Flow, surroundings: Surroundings) {
        self.flow = flow
        self.surroundings = surroundings
    }

    /// - Parameter tell: gets each finding as it is made, one at a time.
    package func run(_ span: Span, _ tell: (AuditFinding) -> Void) async -> Report {
        var report = Report()
        do throws(FlowStop) {
            let survey = try await AuditSurvey(flow: flow, surroundings: surroundings, span: span).run()
            report.listed = survey.seen.count
            report.ofOtherFlows = survey.ofOtherFlows
            report.ambiguous = survey.ambiguous
            report.withoutID = survey.withoutID
            report.isComplete = survey.isComplete
            let examination = AuditExamination(
                flow: flow, surroundings: surroundings, span: span, lastRunBeganAt: survey.lastRunBeganAt,
                listedFrom: survey.listedFrom)
            try await examine(survey.suspects, by: examination, &report, tell)
            // Of lists that weren't seen whole, what wasn't seen means nothing.
            if survey.isComplete { try await examineUnseen(survey, span, by: examination, &report, tell) }
        } catch { report.stop = error }
        report.isComplete = report.isComplete && report.stop == nil && !surroundings.stop.isRequested
        return report
    }

    /// As many at a time as a run works on.
    private func examine(
        _ suspects: [AuditSurvey.Suspect], by examination: AuditExamination, _ report: inout Report,
        _ tell: (AuditFinding) -> Void
    ) async throws(FlowStop) {
        var waiting = suspects[...]
        let stop = await withTaskGroup(of: Result<AuditExamination.Outcome, FlowStop>.self) { group -> FlowStop? in
            var (underWay, stop): (Int, FlowStop?) = (0, nil)
            while true {
                while underWay < flow.concurrency, stop == nil, !surroundings.stop.isRequested, let suspect = waiting.popFirst() {
                    underWay += 1
                    group.addTask {
                        do throws(FlowStop) { return .success(try await examination.examine(suspect)) } catch {
                            return .failure(error)
                        }
                    }
                }
                guard let ended = await group.next() else { return stop }
                underWay -= 1
                switch ended {
                case .success(.finding(let finding)): report.add(finding, tell)
                case .success(.notListedYet): report.notListedYet += 1
                case .success(.nothing): break
                case .failure(let why): stop = stop ?? why
                }
            }
        }
        if let stop { throw stop }
    }

    private static let rowsAtOnce = 500

    /// Orders that the ledger got to know within the span, and that no list showed: each is asked for by itself.
    private func examineUnseen(
        _ survey: AuditSurvey.Result, _ span: Span, by examination: AuditExamination, _ report: inout Report,
        _ tell: (AuditFinding) -> Void
    ) async throws(FlowStop) {
        // For the others a person is asked already, or nothing is to be done.
        let filter = OrderFilter(flow: flow.name, standings: [.new, .waiting, .held, .finished])
        var cursor: Int64 = 0
        while !surroundings.stop.isRequested {
            let rows = try await surroundings.ledger { [cursor] ledger throws(LedgerError) in
                try await ledger.rows(filter, after: cursor, limit: Self.rowsAtOnce)
            }
            guard let last = rows.last else { return }
            cursor = last.position
            let unseen = rows.filter { row in
                span.contains(row.firstListedAt) && !row.isListedOffline && !survey.seen.contains(row.key.orderID)
            }
            try await examine(
                unseen.map { AuditSurvey.Suspect(orderID: $0.key.orderID, isOffline: false) }, by: examination, &report, tell)
        }
    }
}

extension ShopAudit.Report {
    fileprivate mutating func add(_ finding: AuditFinding, _ tell: (AuditFinding) -> Void) {
        findings[finding.kind, default: 0] += 1
        harmless += finding.isHarmless ? 1 : 0
        needingPerson += finding.needsPerson ? 1 : 0
        leftToRuns += finding.isLeftToRuns ? 1 : 0
        tell(finding)
    }
}
