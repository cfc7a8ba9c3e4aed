package import Orders
package import Settings
package import SinkKit
import Synchronization
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
    private let knownFacts = Mutex<(facts: TrytonFacts, readAt: Int64)?>(nil)
    private let turns = TurnGate()

    /// How long it is believed what hardly ever changes, such as currencies.
    private static let factsLife = Duration.seconds(600)

    package init(_ settings: TrytonSinkSettings, endpoint: Endpoint, timekeeper: any Timekeeper = SystemTimekeeper()) {
        self.settings = settings
        self.timekeeper = timekeeper
        client = TrytonClient(settings, endpoint: endpoint, timekeeper: timekeeper)
        capabilities = SinkCapabilities(
            sinkClass: .key(retention: nil, latestEffect: nil),
            requiredFields: settings.requiredFields + (settings.currency == nil ? ["currency"] : []), tellsShipments: true,
            validates: true, cancels: true, releases: true)
    }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        let budget = TrytonBudget(context, timekeeper)
        let facts = try await facts(budget)
        return try await TrytonSale.find(key.text, client, facts, budget)?.receipt(settings.lineNumber)
    }

    package func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        let budget = TrytonBudget(context, timekeeper)
        let facts = try await facts(budget)
        return try await preparation(order, facts, budget).faults
    }

    /// What hardly ever changes, asked for by one task for all.
    func facts(_ budget: TrytonBudget) async throws(SinkError) -> TrytonFacts {
        if let facts = freshFacts { return facts }
        do { try await turns.enter() } catch { throw SinkError(.notApplied, "the call was cancelled before anything was sent") }
        defer { turns.leave() }
        if let facts = freshFacts { return facts }
        let facts = try await TrytonFacts.read(client, webShop: settings.webShop, budget)
        knownFacts.withLock { $0 = (facts, timekeeper.millisecondsSince1970) }
        return facts
    }

    private var freshFacts: TrytonFacts? {
        guard let (facts, readAt) = knownFacts.withLock({ $0 }) else { return nil }
        let age = Duration.milliseconds(timekeeper.millisecondsSince1970 - readAt)
        return age < Self.factsLife ? facts : nil
    }
}
