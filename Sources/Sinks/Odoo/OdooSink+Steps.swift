package import Orders
import Settings
package import SinkKit

/// From an order that is there to the state that the settings ask for.
extension OdooSink {
    /// - Throws: `conflict` where the order isn't ours; `unknownOutcome` where it isn't known how far it got.
    func carryOn(_ held: OdooOrder, _ order: SinkOrder, _ desk: OdooDesk) async throws(SinkError) -> SinkReceipt {
        if held.isCancelled { return held.receipt(settings.lineNumber) }
        do throws(SinkError) {
            let catalog = try await OdooCatalog.read(order, desk)
            var held = held
            if held.difference(from: order, catalog, desk.facts, currency: currency(of: order, desk)) == nil {
                held = try await withTaxes(held, order, catalog, desk)
            }
            if let difference = held.difference(from: order, catalog, desk.facts, currency: currency(of: order, desk)) {
                throw SinkError(.conflict, "the key \(order.key) stands for order \(held.number) in Odoo, in which \(difference)")
            }
            if settings.confirmation == .confirmed { held = try await confirmed(held, order.key, desk, order) }
            if !held.isDraft { try await keepDate(of: held, date(of: order, desk), desk) }
            return held.receipt(settings.lineNumber)
        } catch { throw SinkError(afterCreate: error) }
    }

    package func release(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkAnswer {
        let desk = try await desk(context)
        let held = try await existing(key, desk)
        if held.isCancelled { return .accepted(held.receipt(settings.lineNumber)) }
        do throws(SinkError) {
            let next = try await confirmed(held, key, desk, nil)
            if held.isDraft { try await keepDate(of: next, held.date, desk) }
            return .accepted(next.receipt(settings.lineNumber))
        } catch { throw SinkError(afterCreate: error) }
    }

    /// Puts the taxes that the mapping tables name in the place of those that Odoo put on by itself.
    private func withTaxes(
        _ held: OdooOrder, _ order: SinkOrder, _ catalog: OdooCatalog, _ desk: OdooDesk
    ) async throws(SinkError) -> OdooOrder {
        var changes: [[Int64]: [Int64]] = [:]
        var sets: [[Int64]] = []
        for line in order.order.lines {
            let names = order.item(for: line).taxes
            guard !names.isEmpty, let there = held.lines.first(where: { $0.key == line.key }) else { continue }
            let wanted = names.compactMap { catalog.named.taxes[$0]?.first }.sorted()
            guard wanted.count == names.count, wanted != there.taxes.sorted() else { continue }
            if !held.isDraft {
                throw SinkError(.conflict, "order \(held.number) in Odoo has other taxes on line \(line.key) than ours")
            }
            if changes[wanted] == nil { sets.append(wanted) }
            changes[wanted, default: []].append(there.id)
        }
        guard !sets.isEmpty else { return held }
        for taxes in sets {
            let value: JSONValue = [[6, 0, .ids(taxes)]]
            try await write("sale.order.line", changes[taxes] ?? [], desk.facts.lineTaxes, value, desk)
        }
        return try await reread(held, order.key, desk)
    }

    /// An order that stands further on already, by whoever's hand, is left there.
    private func confirmed(
        _ held: OdooOrder, _ key: IdempotencyKey, _ desk: OdooDesk, _ order: SinkOrder?
    ) async throws(SinkError) -> OdooOrder {
        guard held.isDraft else { return held }
        var refusal = ""
        do throws(OdooFailure) { _ = try await desk.tell("sale.order", "action_confirm", ids: [held.id]) } catch {
            guard case .raised(let exception) = error else { throw error.sinkError }
            // Or somebody else has confirmed it.
            refusal = order.map { ": \($0.withoutPersonalWords(exception.text))" } ?? ""
        }
        let now = try await reread(held, key, desk)
        guard now.isDraft else { return now }
        throw SinkError(.conflict, "order \(held.number) stays a quotation: asked to confirm it, Odoo refuses\(refusal)")
    }

    /// Confirming puts the present moment in its place.
    private func keepDate(of held: OdooOrder, _ date: String?, _ desk: OdooDesk) async throws(SinkError) {
        guard let date, held.date != date, !held.isCancelled else { return }
        try await write("sale.order", [held.id], "date_order", .text(date), desk)
    }

    private func write(
        _ model: String, _ ids: [Int64], _ field: String, _ value: JSONValue, _ desk: OdooDesk
    ) async throws(SinkError) {
        do throws(OdooFailure) {
            _ = try await desk.tell(model, "write", ids: ids, JSONObject([("vals", .object(JSONObject([(field, value)])))]))
        } catch {
            guard case .raised(let exception) = error else { throw error.sinkError }
            throw SinkError(.conflict, "Odoo refuses to write \(field) of \(model): \(exception.text)")
        }
    }

    private func reread(_ held: OdooOrder, _ key: IdempotencyKey, _ desk: OdooDesk) async throws(SinkError) -> OdooOrder {
        guard let now = try await desk.order(id: held.id, key) else {
            throw SinkError(.conflict, "order \(held.number) is gone from Odoo")
        }
        return now
    }
}

/// Cancelling, which Odoo does to orders that are on their way as well.
extension OdooSink {
    package func cancel(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkCancellation {
        let desk = try await desk(context)
        let held = try await existing(key, desk)
        if held.isCancelled { return .cancelled }
        if let reason = try await obstacle(held, desk) { return .refused("order \(held.number) \(reason)") }
        do throws(OdooFailure) { _ = try await desk.tell("sale.order", "action_cancel", ids: [held.id]) } catch {
            guard case .raised(let exception) = error else { throw error.sinkError }
            return .refused("Odoo refuses to cancel order \(held.number): \(exception.text)")
        }
        let now = try await existing(key, desk)
        guard now.isCancelled else { return .refused("order \(held.number) stays \(now.state) in Odoo, asked to cancel it") }
        if try await !OdooShipmentReader(desk: desk, order: now).pickings().isEmpty {
            throw SinkError(.conflict, "order \(held.number) was cancelled in Odoo at the moment in which goods of it went out")
        }
        return .cancelled
    }

    /// Odoo itself cancels what was delivered and invoiced without a word.
    private func obstacle(_ held: OdooOrder, _ desk: OdooDesk) async throws(SinkError) -> String? {
        if held.isLocked { return "is locked in Odoo" }
        if held.isDraft { return nil }
        if held.lines.contains(where: { !$0.invoiced.isZero }) { return "is invoiced in Odoo" }
        let isSent = try await !OdooShipmentReader(desk: desk, order: held).pickings().isEmpty
        return isSent || held.lines.contains { !$0.delivered.isZero } ? "was delivered, at least in part" : nil
    }
}
