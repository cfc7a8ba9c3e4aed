import Ledger
import OrderFlow
import Orders
import SinkKit

/// An order as the file has it: its row, its journal's digest and its journal.
struct StoredOrder {
    var row: OrderRow
    var digest: JournalDigest
    var entries: [StoredEntry]

    /// The fold of the journal, where the journal can be trusted in full.
    var progress: OrderProgress? {
        guard journalFaults.isEmpty, let entries = try? entries.map({ try $0.entry }) else { return nil }
        return OrderProgress(entries)
    }

    /// What is wrong with the journal; empty: it is what was written.
    var journalFaults: [String] {
        var faults: [String] = []
        if let gap = entries.enumerated().first(where: { $0.element.sequence != $0.offset + 1 }) {
            faults.append("the journal has \(gap.element.sequence) where \(gap.offset + 1) should stand")
        }
        for entry in entries {
            do throws(JournalFormatError) { _ = try entry.entry } catch { faults.append("entry \(entry.sequence): \(error)") }
        }
        if JournalDigest(of: row.key).appending(entries) != digest {
            faults.append("the journal's digest isn't that of its \(entries.count) entries")
        }
        return faults
    }

    /// What is wrong with the order, all of it.
    var faults: [String] {
        guard let progress else { return journalFaults }
        return standingFaults(progress)
    }

    /// Where the row contradicts the journal. An outage is told by the row alone: it costs the order no entry. While an order is
    /// worked on, and due therefore, its row may be older than its journal.
    private func standingFaults(_ progress: OrderProgress) -> [String] {
        var faults: [String] = []
        let state = row.state
        if state.dueAt != nil, let last = entries.last, last.at > row.updatedAt.milliseconds { return [] }
        let isOutage = state.standing == .waiting && state.reason == .retryLater
        let (standing, reason) = progress.verdict.map { ($0.standing, $0.reason) } ?? (.new, .listed)
        if !isOutage, state.standing != standing || state.reason != reason {
            faults.append(
                "the row says \(state.standing.rawValue), \(state.reason.rawValue); the journal says \(standing.rawValue), \(reason.rawValue)"
            )
        }
        if state.erpOrderNumber != progress.receipt?.erpOrderNumber {
            faults.append(
                "the row says ERP order \(state.erpOrderNumber ?? "none"), the journal \(progress.receipt?.erpOrderNumber ?? "none")"
            )
        }
        return faults
    }
}
