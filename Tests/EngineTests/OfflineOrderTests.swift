import CloudSuite
import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import SinkKit
import Testing

/// Orders that were placed elsewhere, between the simulated shop and the engine.
@Suite struct OfflineOrderTests {
    /// A tenth of the shop's orders are offline ones.
    private static func bench(
        _ policy: OfflinePolicy, orders: Int = 60, ignoresFilter: Bool = false,
        adjust: (inout FlowPolicy) -> Void = { _ in }
    ) async throws -> Workbench {
        try await Workbench(
            orders: orders, timekeeper: Workbench.StandingClock(),
            configureShop: {
                ($0.generated.offlinePerThousand, $0.generated.processingPerThousand) = (200, 100)
                $0.ignoresOfflineFilter = ignoresFilter
            },
            policy: {
                $0.offline = policy
                adjust(&$0)
            })
    }

    private static func offlineRow(_ bench: Workbench) throws -> OrderRow {
        let first = rows(bench).first { $0.isListedOffline }
        return try #require(first)
    }

    private static func rows(_ bench: Workbench) -> [OrderRow] { bench.ledger.rows(OrderFilter(), after: 0, limit: 1000) }

    @Test func `each is marked as sent by one PATCH, and none gets to the ERP`() async throws {
        let bench = try await Self.bench(.markSent) { $0.close = .leave }
        let ordinary = bench.shop.orderIDs(state: "confirmed").count
        let report = await bench.run()
        #expect(report.stop == nil)
        let offline = Self.rows(bench).filter(\.isListedOffline)
        #expect(offline.count > 3)
        #expect(report.counts.finished == ordinary + offline.count && report.counts.pushed == ordinary)
        #expect(bench.erp.orders.count == ordinary)
        #expect(bench.shop.requestCounts["PATCH order"] == 2 * ordinary + offline.count)
        for row in offline {
            #expect(bench.shopText(Int(row.key.orderID), "shipment_state") == "sent")
            #expect(bench.shopText(Int(row.key.orderID), "erp_order_number") == nil)
            #expect(row.state.reason == .finished && row.state.sentence.contains("placed elsewhere"))
            let journal = bench.ledger.journal(row.key)
            #expect(journal.first?.event == .listedOffline)
            #expect(journal.filter { $0.event.kind == .wrote }.count == 1)
        }
        let writes = bench.shop.writes
        await bench.run()
        #expect(bench.shop.writes == writes)
        await bench.stop()
    }

    @Test func `a flow that ignores them doesn't list them`() async throws {
        let bench = try await Self.bench(.ignore)
        let ordinary = bench.shop.orderIDs(state: "confirmed").count
        await bench.run()
        #expect(Self.rows(bench).count == ordinary)
        #expect(!bench.shop.requestLog.contains { $0.target.contains("offline=true") })
        await bench.stop()
    }

    @Test func `a shop that ignores the filter refuses the flow, and nothing is recorded or written`() async throws {
        let bench = try await Self.bench(.markSent, ignoresFilter: true)
        let report = await bench.run()
        guard case .misconfigured(let why)? = report.stop else {
            Issue.record("it wasn't refused: \(String(describing: report.stop))")
            return await bench.stop()
        }
        #expect(why.contains("both as offline and as not offline") && why.contains("'offline: ignore'"))
        #expect(Self.rows(bench).isEmpty && bench.shop.writes == 0 && bench.erp.orders.isEmpty)
        #expect(bench.ledger.memory(flow: "main") == FlowMemory())
        await bench.stop()
    }

    @Test func `one placed later is found where it has a date, and by the next sweep where it has none`() async throws {
        let bench = try await Self.bench(.markSent)
        await bench.run()
        let swept = bench.ledger.memory(flow: "main")
        #expect(swept.offlineSweptAt != nil && swept.offlineWatermark != nil)
        let template = try Self.offlineRow(bench)
        var order = try #require(bench.shop.order(Int(template.key.orderID))?.objectValue)
        order["id"] = nil
        order["shipment_state"] = .null
        order["@simulator"] = ["offline": true]
        order["confirm_date"] = "@now"
        let dated = try #require(bench.shop.add(order))
        order["confirm_date"] = .null
        let undated = try #require(bench.shop.add(order))
        await bench.run()
        #expect(bench.reason(dated) == .finished && bench.reason(undated) == nil)
        var memory = bench.ledger.memory(flow: "main")
        memory.offlineSweptAt = nil
        bench.ledger.remember(memory, flow: "main")
        await bench.run()
        #expect(bench.reason(undated) == .finished)
        #expect(bench.ledger.memory(flow: "main").sweptAt == swept.sweptAt)
        await bench.stop()
    }

    @Test func `a person who names one makes no ordinary order of it`() async throws {
        let bench = try await Self.bench(.ignore)
        let offline = try await Self.offlineID(bench)
        var query = OrderQuery()
        query.isOffline = true
        let reference = try #require(try await bench.flow.shop.page(query, offset: 0).entries.first?.reference)
        for name in [String(offline), reference] {
            await #expect { try await bench.desk.rows(named: name, webshop: nil) } throws: {
                "\($0)".contains("placed elsewhere")
            }
        }
        #expect(bench.reason(offline) == nil, "no row was made")
        var marking = bench.flow
        marking.policy.offline = .markSent
        let desk = OrderDesk(marking, surroundings: bench.surroundings)
        #expect(try await desk.rows(named: reference, webshop: nil).map(\.isListedOffline) == [true])
        let report = await FlowRun(marking, surroundings: bench.surroundings).run(id: "second")
        #expect(report.stop == nil && bench.reason(offline) == .finished)
        #expect(bench.shopText(offline, "shipment_state") == "sent")
        await bench.stop()
    }

    /// The first that the shop lists as offline.
    private static func offlineID(_ bench: Workbench) async throws -> Int {
        var query = OrderQuery()
        query.isOffline = true
        return Int(try #require(try await bench.flow.shop.page(query, offset: 0).entries.first).id)
    }

    @Test func `a person can't bring one into the ERP`() async throws {
        let bench = try await Self.bench(.markSent)
        await bench.run()
        let key = try Self.offlineRow(bench).key
        for kind in [.createAgain, .newKey, .adopt(SinkReceipt(erpOrderNumber: "E9", lines: []))] as [PersonDecision.Kind] {
            let decision = PersonDecision(kind: kind, by: "ops", reason: "because")
            await #expect(throws: OrderDesk.Refusal.self) { try await bench.desk.decide(decision, on: key) }
        }
        await bench.stop()
    }

    @Test func `a dry run shows the PATCH and writes nothing`() async throws {
        let bench = try await Self.bench(.markSent)
        var surroundings = bench.surroundings
        surroundings.ledger = DryRunLedger(bench.ledger)
        surroundings.isDryRun = true
        _ = await FlowRun(bench.flow, surroundings: surroundings).run(id: "dry")
        let previews = bench.outcomes.latest.values.compactMap(\.preview)
        #expect(previews.contains { $0.title.hasPrefix("PATCH /api/order/") && $0.body == ["shipment_state": "sent"] })
        #expect(bench.shop.writes == 0 && Self.rows(bench).isEmpty)
        await bench.stop()
    }
}
