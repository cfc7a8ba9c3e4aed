package import Orders
package import Settings
package import SinkKit
package import Transport

/// Orders as sales orders in Odoo: version 19 over its JSON-2 API, versions 14 to 18 over JSON-RPC.
///
/// Class K: an order is made under an external id that derives from our key, and external ids are unique in Odoo's database. A create is
/// several calls, each safe to come to again: the order with all its lines in one transaction, then taxes, confirmation and date.
package final class OdooSink: ERPSink {
    package let capabilities: SinkCapabilities
    let settings: OdooSinkSettings
    let client: OdooClient
    let timekeeper: any Timekeeper
    private let remembered: RememberedFacts<OdooFacts>

    package init(_ settings: OdooSinkSettings, endpoint: Endpoint, timekeeper: any Timekeeper = SystemTimekeeper()) {
        self.settings = settings
        self.timekeeper = timekeeper
        remembered = RememberedFacts(timekeeper: timekeeper)
        client = OdooClient(settings, endpoint: endpoint)
        capabilities = SinkCapabilities(
            sinkClass: .key(retention: nil, latestEffect: nil), requiredFields: settings.requiredFields, tellsShipments: true,
            validates: true, cancels: true, releases: true)
    }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        try await desk(context).order(key)?.receipt(settings.lineNumber)
    }

    package func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        try await preparation(order, desk(context)).faults
    }

    func desk(_ context: SinkContext) async throws(SinkError) -> OdooDesk {
        let budget = CallBudget(context, timekeeper)
        let facts = try await remembered.facts { () throws(SinkError) in try await OdooFacts.read(client, settings, budget) }
        return OdooDesk(client: client, facts: facts, budget: budget)
    }

    /// - Throws: `conflict` where Odoo shows none.
    func existing(_ key: IdempotencyKey, _ desk: OdooDesk) async throws(SinkError) -> OdooOrder {
        guard let order = try await desk.order(key) else {
            throw SinkError(.conflict, "Odoo shows no order under the key \(key)")
        }
        return order
    }
}
