package import Orders
package import Settings
package import SinkKit
package import Transport

/// Orders as sales in a Tryton ERP, versions 7 and 8, over its JSON-RPC.
///
/// Class K: web shop and web ID are unique together in Tryton's database (module `web_shop`). A create is several calls, each
/// safe to come to again: the sale with all its lines in one transaction, then the steps from draft to processing, from wherever it stands.
package final class TrytonSink: ERPSink {
    package let capabilities: SinkCapabilities
    let settings: TrytonSinkSettings
    let client: TrytonClient
    let timekeeper: any Timekeeper
    private let remembered: RememberedFacts<TrytonFacts>

    package init(_ settings: TrytonSinkSettings, endpoint: Endpoint, timekeeper: any Timekeeper = SystemTimekeeper()) {
        self.settings = settings
        self.timekeeper = timekeeper
        remembered = RememberedFacts(timekeeper: timekeeper)
        client = TrytonClient(settings, endpoint: endpoint, timekeeper: timekeeper)
        capabilities = SinkCapabilities(
            sinkClass: .key(retention: nil, latestEffect: nil),
            requiredFields: settings.requiredFields + (settings.currency == nil ? ["currency"] : []), tellsShipments: true,
            validates: true,
            // What was confirmed, Tryton cancels no more.
            cancels: settings.confirmation == .draft || settings.confirmation == .quotation, releases: true)
    }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        let budget = CallBudget(context, timekeeper)
        let facts = try await facts(budget)
        return try await TrytonSale.find(key.text, client, facts, budget)?.receipt(settings.lineNumber)
    }

    package func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        let budget = CallBudget(context, timekeeper)
        let facts = try await facts(budget)
        return try await preparation(order, facts, budget).faults
    }

    func facts(_ budget: CallBudget) async throws(SinkError) -> TrytonFacts {
        try await remembered.facts { () throws(SinkError) in
            try await TrytonFacts.read(client, webShop: settings.webShop, budget)
        }
    }
}
