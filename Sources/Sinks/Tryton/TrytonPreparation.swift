import Orders
import Settings
import SinkKit

/// An order that was looked at from all sides, before anything is written.
struct TrytonPreparation: Sendable {
    let draft: TrytonDraft
    let catalog: TrytonCatalog
    let parties: TrytonParties.Plan

    /// Whose products bear the same taxes.
    func category(_ line: ERPLine) -> Int64? { catalog.accountCategories[line.product.id] }

    /// In the order's order: its head, its parties, its lines.
    var faults: [SinkFault] {
        let isOfLine = { (fault: SinkFault) in fault.path.hasPrefix("lines") }
        return draft.faults.filter { !isOfLine($0) } + parties.faults + draft.faults.filter(isOfLine)
    }
}

extension TrytonSink {
    func preparation(
        _ order: SinkOrder, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) -> TrytonPreparation {
        let catalog = try await TrytonCatalog.read(order, client, facts, budget)
        return TrytonPreparation(
            draft: TrytonDraft(order, catalog, facts, defaultCurrency: settings.currency), catalog: catalog,
            parties: try await parties(facts, budget).plan(order))
    }

    func parties(_ facts: TrytonFacts, _ budget: CallBudget) -> TrytonParties {
        TrytonParties(client: client, settings: settings, facts: facts, budget: budget)
    }
}
