import Orders
import Settings
package import SinkKit
import Synchronization

/// From a shop's order to purchases, each made once.
extension EZCardsSink {
    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let budget = self.budget(for: context)
        let plan = EZCardsPlan(order)
        let faults = try await faults(plan, budget)
        guard faults.isEmpty else { return .rejected(faults) }
        let products = try await catalogue.products(plan.skus, budget)
        let currencies = try await catalogue.currencies(budget)
        let orders =
            switch settings.ordering {
            case .instant: plan.instantOrders(products, currencies, settings.payWithCurrency)
            case .bulk: plan.bulkOrders(products, currencies, settings.payWithCurrency)
            }
        try await refuseLeftovers(plan, context)
        var ticket = EZCardsTicket(key: plan.key.text)
        for order in orders {
            switch try await buy(order, context, budget) {
            case .bought(let id):
                guard !ticket.transactions.contains(where: { $0.id == id }) else {
                    throw SinkError(
                        .conflict, "transaction \(id) stands for two purchases of this order, \(order.number) among them")
                }
                ticket.transactions.append(EZCardsTicket.Transaction(id: id, products: order.products))
            case .refused(let why):
                // The first is bought first: where it is refused, nothing is.
                guard !ticket.transactions.isEmpty else { return .rejected([SinkFault(path: order.path, message: why)]) }
                for units in order.products.flatMap(\.units) {
                    ticket.refusals.append(EZCardsTicket.Refusal(lineKey: units.lineKey, count: units.count, why: why))
                }
            }
        }
        return .pending(SinkTicket(ticket.text))
    }

    /// A unit beyond those of its line was bought before the order became smaller.
    private func refuseLeftovers(_ plan: EZCardsPlan, _ context: SinkContext) async throws(SinkError) {
        guard settings.ordering == .instant else { return }
        for line in plan.lines {
            let next = SinkAttemptName("purchase", key: "\(line.key)/\(line.quantity + 1)")
            if case .finished = try await context.attempts.state(of: next) {
                throw SinkError(
                    .conflict, "more than \(line.quantity) of line \(line.key) were bought before the order became smaller")
            }
        }
    }

    // MARK: One purchase

    private enum Bought {
        case bought(transactionID: String)
        case refused(String)
    }

    private func buy(
        _ order: EZCardsOrder, _ context: SinkContext, _ budget: CallBudget
    ) async throws(SinkError) -> Bought {
        let refusal = Mutex<String?>(nil)
        let wasSought = Mutex(false)
        do throws(SinkError) {
            let evidence = try await context.attempt(
                "purchase", key: order.attemptKey, promise: .lookUp(latestEffect: settings.latestEffect),
                find: { [client] () throws(SinkError) -> JSONObject? in
                    wasSought.withLock { $0 = true }
                    return try await client.transaction(numbered: order.number, budget)?.evidence
                },
                send: { [self] () throws(SinkError) -> JSONObject in
                    switch try await post(order, wasSought: wasSought.withLock(\.self), budget) {
                    case .success(let evidence): return evidence
                    case .failure(let refused):
                        refusal.withLock { $0 = refused.why }
                        throw SinkError(.notApplied, refused.why)
                    }
                })
            let wanted = order.products.map { ($0.sku, $0.quantity) }
            return .bought(
                transactionID: try EZCardsPurchase(evidence, of: wanted, number: order.number).transactionID)
        } catch {
            guard let why = refusal.withLock(\.self), error.code == .notApplied else { throw error }
            return .refused(why)
        }
    }

    private struct Refused: Error { let why: String }

    /// - Parameter wasSought: EZ Cards was asked for the number just before, and had none.
    private func post(
        _ order: EZCardsOrder, wasSought: Bool, _ budget: CallBudget
    ) async throws(SinkError) -> Result<JSONObject, Refused> {
        let title = "POST \(order.request.path)"
        let answer = try await client.post(order.request.path, order.request.body, budget)
        switch answer.status {
        case 200:
            guard let transaction = answer.data.flatMap(EZCardsTransaction.init) else {
                throw SinkError(.unknownOutcome, "\(title): \(answer.outline), but without a transaction")
            }
            return .success(transaction.evidence)
        case 403: throw SinkError(.unauthorized, "\(title): \(answer.outline)")
        case 400..<500 where answer.isDuplicate:
            let held: EZCardsTransaction?
            do throws(SinkError) { held = try await client.transaction(numbered: order.number, budget) } catch {
                throw SinkError(.unknownOutcome, "\(title): \(answer.outline), and asking failed: \(error.message)")
            }
            if let held { return .success(held.evidence) }
            guard answer.saysDuplicate else { return .failure(Refused(why: "\(title): \(answer.outline)")) }
            // It may not show yet; once it must, a person has to look.
            throw SinkError(
                wasSought ? .conflict : .unknownOutcome,
                "EZ Cards says that \(order.number) was used before, and shows no transaction under it")
        case 400..<500: return .failure(Refused(why: "\(title): \(answer.outline)"))
        default: throw SinkError(.unknownOutcome, "\(title): \(answer.outline)")
        }
    }
}

/// One request that buys something.
struct EZCardsOrder: Sendable {
    let number: String
    let attemptKey: String
    /// Of the line that it is for; empty for several.
    let path: String
    let products: [EZCardsTicket.Product]
    let payWithCurrency: String?
    let isInstant: Bool

    var request: (path: String, body: JSONObject) {
        var body = JSONObject([("clientOrderNumber", .text(number)), ("enableClientOrderNumberDupCheck", true)])
        if let payWithCurrency { body.append("payWithCurrency", .text(payWithCurrency)) }
        if isInstant {
            body.append("sku", .text(products.first?.sku))
            return ("/v2/orders/instant", body)
        }
        body.append("products", .array(products.map { ["sku": .text($0.sku), "quantity": .integer($0.quantity)] }))
        return ("/v2/orders", body)
    }
}

extension EZCardsPlan {
    /// One for each unit, in the order of the lines.
    func instantOrders(
        _ products: [String: EZCardsCatalogue.Product], _ currencies: [String], _ payWithCurrency: String?
    ) -> [EZCardsOrder] {
        lines.flatMap { line in
            (1...line.quantity).map { unit in
                EZCardsOrder(
                    number: number(line, unit: unit), attemptKey: "\(line.key)/\(unit)", path: line.path,
                    products: [
                        EZCardsTicket.Product(
                            sku: line.sku, units: [EZCardsTicket.Units(lineKey: line.key, first: unit, count: 1)])
                    ],
                    payWithCurrency: currencies.contains(products[line.sku]?.currency ?? "") ? nil : payWithCurrency,
                    isInstant: true)
            }
        }
    }

    /// One for each currency: all products of a request share theirs. Lines of one product are bought together.
    func bulkOrders(
        _ products: [String: EZCardsCatalogue.Product], _ currencies: [String], _ payWithCurrency: String?
    ) -> [EZCardsOrder] {
        var groups: [(currency: String, products: [EZCardsTicket.Product])] = []
        for line in lines {
            let currency = products[line.sku]?.currency ?? ""
            let group = groups.firstIndex { $0.currency == currency } ?? groups.endIndex
            if group == groups.endIndex { groups.append((currency, [])) }
            let index = groups[group].products.firstIndex { $0.sku == line.sku } ?? groups[group].products.endIndex
            if index == groups[group].products.endIndex {
                groups[group].products.append(EZCardsTicket.Product(sku: line.sku, units: []))
            }
            groups[group].products[index].units.append(
                EZCardsTicket.Units(lineKey: line.key, first: 1, count: line.quantity))
        }
        return groups.enumerated().map { index, group in
            EZCardsOrder(
                number: number(bulk: group.currency, isFirst: index == 0), attemptKey: group.currency, path: "",
                products: group.products, payWithCurrency: currencies.contains(group.currency) ? nil : payWithCurrency,
                isInstant: false)
        }
    }
}
