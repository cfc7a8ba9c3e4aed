package import Orders
import Settings
package import SinkKit

/// From a sale that is there to the state that the settings ask for.
extension TrytonSink {
    /// - Throws: `conflict` where the sale isn't the order's; `unknownOutcome` where it isn't known how far it got.
    func carryOn(
        _ sale: TrytonSale, _ order: SinkOrder, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) -> SinkReceipt {
        if sale.state == "cancelled" { return sale.receipt(settings.lineNumber) }
        do throws(SinkError) {
            let catalog = try await TrytonCatalog.read(order, client, facts, budget)
            if let difference = sale.difference(from: order, catalog, facts, defaultCurrency: settings.currency) {
                throw SinkError(
                    .conflict, "the key \(order.key) stands for order \(sale.erpOrderNumber) in Tryton, in which \(difference)")
            }
            return try await advance(sale, of: order, to: settings.confirmation, facts, budget).receipt(settings.lineNumber)
        } catch { throw SinkError(afterCreate: error) }
    }

    package func release(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkAnswer {
        let budget = CallBudget(context, timekeeper)
        let facts = try await facts(budget)
        let sale = try await existing(key, facts, budget)
        if sale.state == "cancelled" { return .accepted(sale.receipt(settings.lineNumber)) }
        let goal = settings.confirmation == .processing ? settings.confirmation : .confirmed
        do throws(SinkError) {
            return .accepted(try await advance(sale, of: nil, to: goal, facts, budget).receipt(settings.lineNumber))
        } catch { throw SinkError(afterCreate: error) }
    }

    package func cancel(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkCancellation {
        let budget = CallBudget(context, timekeeper)
        let facts = try await facts(budget)
        let sale = try await existing(key, facts, budget)
        if sale.state == "cancelled" { return .cancelled }
        guard ["draft", "quotation"].contains(sale.state) else { return Self.refusal(of: sale) }
        do throws(TrytonFailure) {
            _ = try await client.tell("sale.sale.cancel", [.ids([sale.id])], company: facts.company, budget)
            return .cancelled
        } catch {
            guard case .refused = error else { throw error.sinkError }
            let now = try await existing(key, facts, budget)
            if now.state == "cancelled" { return .cancelled }
            return ["draft", "quotation"].contains(now.state)
                ? .refused("Tryton refuses to cancel order \(now.erpOrderNumber)") : Self.refusal(of: now)
        }
    }

    private static func refusal(of sale: TrytonSale) -> SinkCancellation {
        .refused("order \(sale.erpOrderNumber) is \(sale.state) in Tryton, which cancels drafts and quotations only")
    }

    /// - Throws: `conflict` where Tryton shows none.
    func existing(_ key: IdempotencyKey, _ facts: TrytonFacts, _ budget: CallBudget) async throws(SinkError) -> TrytonSale {
        guard let sale = try await TrytonSale.find(key.text, client, facts, budget) else {
            throw SinkError(.conflict, "Tryton shows no order under the key \(key)")
        }
        return sale
    }

    /// Presses one button after another. A sale that stands further on already, by whoever's hand, is left there.
    private func advance(
        _ sale: TrytonSale, of order: SinkOrder?, to goal: TrytonSinkSettings.Confirmation, _ facts: TrytonFacts,
        _ budget: CallBudget
    ) async throws(SinkError) -> TrytonSale {
        var sale = sale
        for step in TrytonStep.allCases where step.isNeeded(from: sale.state, to: goal) {
            try await press(step, sale, of: order, facts, budget)
            let next = try await TrytonSale.find(sale.webID, client, facts, budget)
            guard let next else { throw SinkError(.conflict, "order \(sale.erpOrderNumber) is gone from Tryton") }
            sale = next
        }
        return sale
    }

    private func press(
        _ step: TrytonStep, _ sale: TrytonSale, of order: SinkOrder?, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) {
        for _ in 0...settings.agreedWarnings.count {
            do throws(TrytonFailure) {
                _ = try await client.tell("sale.sale.\(step.rawValue)", [.ids([sale.id])], company: facts.company, budget)
                return
            } catch {
                guard case .refused(let refusal) = error else { throw error.sinkError }
                if let warning = refusal.warning, settings.agreedWarnings.contains(where: warning.hasPrefix) {
                    try await agree(to: warning, facts, budget)
                    continue
                }
                let now = try await TrytonSale.find(sale.webID, client, facts, budget)
                // Somebody else has pressed it.
                if let now, !step.isNeeded(from: now.state, to: .processing) { return }
                // Tryton's own queue does it; by default only a sales administrator may do it by hand.
                if step == .process, refusal.warning == nil { return }
                throw SinkError(
                    .conflict,
                    "order \(sale.erpOrderNumber) stays \(now?.state ?? sale.state): asked to \(step.rawValue) it, Tryton "
                        + (refusal.warning.map { "warns (\($0))" } ?? "refuses")
                        + (order.map { ": \($0.withoutPersonalWords(refusal.text))" } ?? ""))
            }
        }
        throw SinkError(.conflict, "order \(sale.erpOrderNumber): Tryton gives the same warning again and again")
    }

    private func agree(to warning: String, _ facts: TrytonFacts, _ budget: CallBudget) async throws(SinkError) {
        do throws(TrytonFailure) {
            _ = try await client.tell(
                "res.user.warning.skip", [.text(warning), false], company: facts.company, budget)
        } catch { throw error.sinkError }
    }
}

/// A button of a sale, in the order in which they are pressed.
enum TrytonStep: String, CaseIterable {
    case quote, confirm, process

    /// - Parameter state: where the sale stands.
    func isNeeded(from state: String, to goal: TrytonSinkSettings.Confirmation) -> Bool {
        switch self {
        case .quote: state == "draft" && goal != .draft
        case .confirm: state == "quotation" && (goal == .confirmed || goal == .processing)
        case .process: state == "confirmed" && goal == .processing
        }
    }
}
