import Orders
import Settings
package import SinkKit
import Transport

extension TrytonSink {
    /// Version, company, web shop, rights and clock.
    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        let budget = CallBudget(context, timekeeper)
        let server = try await client.server(budget)
        let facts = try await facts(budget)
        var found = ["Tryton \(server.version ?? "of an unknown version") answers for '\(settings.database)'"]
        found.append("web shop '\(settings.webShop)' belongs to \(facts.companyName), in zone \(facts.zone ?? "UTC")")
        if let currency = settings.currency, facts.currencies[currency] == nil {
            throw SinkError(.misconfigured, "Tryton has no currency \(currency), which 'currency' names")
        }
        try await checkRights(facts, budget)
        found.append("the user '\(settings.login)' may do what is needed")
        if let clock = server.clock {
            let gap = (clock - timekeeper.millisecondsSince1970).magnitude / 1000
            found.append(gap < 60 ? "its clock agrees with ours" : "its clock is \(gap) s away from ours: check both")
        }
        return found
    }

    private func checkRights(_ facts: TrytonFacts, _ budget: CallBudget) async throws(SinkError) {
        var needed = ["sale.sale": ["read", "write", "create"], "sale.line": ["read", "create"]]
        needed["party.party"] = settings.parties == .create ? ["read", "create"] : ["read"]
        needed["party.address"] = needed["party.party"]
        for model in ["product.product", "account.tax", "stock.shipment.out", "stock.move"] { needed[model] = ["read"] }
        let models = needed.keys.sorted()
        let access = try await client.ask(
            "ir.model.access.get_access", [.texts(models)], company: facts.company, budget)
        let missing = models.flatMap { model in
            (needed[model] ?? []).filter { !(access[model]?[$0].map(Self.isGranted) ?? true) }.map { "\($0) \(model)" }
        }
        guard missing.isEmpty else {
            throw SinkError(.misconfigured, "the user '\(settings.login)' may not \(missing.joined(separator: ", "))")
        }
    }

    /// Tryton writes the same right as `true` or as a number.
    private static func isGranted(_ right: JSONValue) -> Bool { right.boolValue ?? (right.integerValue != 0) }
}
