package import Orders
package import Settings
package import SinkKit
package import Transport

/// Orders as digital codes bought from EZ Cards, where every accepted request spends money.
///
/// Class L: each purchase is a named attempt under a `clientOrderNumber` of its own, with EZ Cards' check for duplicates on; before any
/// second POST, EZ Cards is asked for the number. A create ends with a ticket; polling it asks for the codes, which is part of what
/// moves their fulfilment.
///
/// Source: https://docs.ezcards.io/docs/api-reference-v2, https://docs.ezcards.io/docs/get-started/design-principles
package final class EZCardsSink: ERPSink {
    package let capabilities: SinkCapabilities
    let settings: EZCardsSinkSettings
    let client: EZCardsClient
    let catalogue: EZCardsCatalogue
    let timekeeper: any Timekeeper

    package init(_ settings: EZCardsSinkSettings, endpoint: Endpoint, timekeeper: any Timekeeper = SystemTimekeeper()) {
        self.settings = settings
        self.timekeeper = timekeeper
        client = EZCardsClient(endpoint: endpoint, apiKey: settings.apiKey)
        catalogue = EZCardsCatalogue(client, timekeeper: timekeeper)
        capabilities = SinkCapabilities(
            sinkClass: .lookUp(latestEffect: settings.latestEffect), requiredFields: settings.requiredFields, validates: true,
            deliversSecrets: true)
    }

    /// A draft, whatever is bought of the order: only ``create(_:_:)`` knows what belongs to it, and carries it on.
    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        let budget = self.budget(for: context)
        let first = try await client.transaction(numbered: EZCardsPlan.firstNumber(key), budget)
        return first.map { SinkReceipt(erpOrderNumber: $0.id, state: .draft, lines: []) }
    }

    package func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        try await faults(EZCardsPlan(order), budget(for: context))
    }

    /// Whether EZ Cards answers, what the account may spend, and whether the settings fit it.
    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        let balances = try await catalogue.balances(budget(for: context))
        let sums = balances.map { "\($0.amount) \($0.currency)" }.joined(separator: ", ")
        if let currency = settings.payWithCurrency, !balances.contains(where: { $0.currency == currency }) {
            throw SinkError(.misconfigured, "the account has no balance in \(currency), which 'pay_with_currency' names")
        }
        return ["EZ Cards answers; the balance is \(sums.isEmpty ? "nothing" : sums)"]
    }

    func budget(for context: SinkContext) -> CallBudget {
        CallBudget(context, timekeeper, haste: CallBudget.Haste(cause: "what was bought before", rest: "the rest"))
    }

    /// Everything that EZ Cards would refuse, as far as it can be told beforehand.
    func faults(_ plan: EZCardsPlan, _ budget: CallBudget) async throws(SinkError) -> [SinkFault] {
        var faults = plan.faults
        if settings.ordering == .instant, plan.unitCount > EZCardsPlan.instantUnitsMax {
            faults.append(
                SinkFault(
                    message:
                        "\(plan.unitCount) units are more than the \(EZCardsPlan.instantUnitsMax) that 'order: instant' buys one by one"
                ))
        }
        let products = try await catalogue.products(plan.skus, budget)
        let currencies = try await catalogue.currencies(budget)
        for line in plan.lines {
            guard let product = products[line.sku] else {
                faults.append(SinkFault(path: "\(line.path).product", message: "EZ Cards sells no '\(line.sku)'"))
                continue
            }
            if settings.ordering == .instant, !product.isInstantDeliverySupported {
                faults.append(
                    SinkFault(
                        path: "\(line.path).product", message: "'\(line.sku)' can't be ordered instantly; see 'order: bulk'"))
            }
            if settings.payWithCurrency == nil, !currencies.contains(product.currency) {
                faults.append(
                    SinkFault(
                        path: "\(line.path).product",
                        message:
                            "'\(line.sku)' is sold in \(product.currency), in which the account has no balance; see 'pay_with_currency'"
                    ))
            }
        }
        return faults
    }
}
