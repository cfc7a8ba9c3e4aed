import CloudSuite
import Ledger
import Mapping
import OrderFlow
import Orders
import Simulators
import SinkKit
import Testing

@testable import Engine

/// Orders on their way through mapping tables, from the simulated shop into the simulated ERP.
@Suite("Mapping in a flow")
struct MappingTests {
    /// Every product but those whose number is in `missing` is known.
    private func tables(_ bench: Workbench, missing: Set<String> = [], otherwise: Otherwise = .refuse) -> MappingTables {
        let ids = ["confirmed", "processing"].flatMap { bench.shop.orderIDs(state: $0) }
        let keys = Set(ids.flatMap { productKeys($0, bench) }).sorted()
        let entries = keys.filter { !missing.contains($0) }.enumerated().map { index, key in
            ProductEntry(
                key: key,
                target: ItemTarget(
                    code: "ERP-\(key)", unit: "u", factor: ExactDecimal(10), place: TablePlace(file: "t.csv", line: index + 2)))
        }
        var tables = MappingTables()
        tables.products = ProductTable(entries, otherwise: otherwise)
        return tables
    }

    private func productKeys(_ id: Int, _ bench: Workbench) -> [String] {
        (bench.shop.order(id)?["order_lines"]?.arrayValue ?? []).filter { $0["type"]?.stringValue == "line" }
            .compactMap { $0["product"]?["key"]?.stringValue }
    }

    private func flow(_ bench: Workbench, _ tables: MappingTables) -> Flow {
        var flow = bench.flow
        flow.preparation = Preparation(
            tables: tables, requiredFields: flow.sink.capabilities.requiredFields, parties: flow.parties)
        return flow
    }

    private func run(_ flow: Flow, _ bench: Workbench) async -> FlowRun.Report {
        await FlowRun(flow, surroundings: bench.surroundings).run(id: "run")
    }

    @Test func `the ERP gets what the tables say, and the shop its numbers`() async throws {
        let bench = try await Workbench(orders: 5)
        let report = await run(flow(bench, tables(bench)), bench)
        #expect(report.stop == nil && report.counts.finished == 5)
        for posted in bench.erp.orders {
            for line in posted.lines {
                let (product, quantity) = (line["product"]?.stringValue ?? "?", line["quantity"]?.stringValue ?? "?")
                #expect(line["erp"]?["product"]?.stringValue == "ERP-\(product)")
                #expect(
                    try ExactDecimal(line["erp"]?["quantity"]?.stringValue ?? "?")
                        == ExactDecimal(quantity).multiplied(by: ExactDecimal(10)))
            }
        }
        await bench.stop()
    }

    @Test func `an order heals itself in the run after its tables are mended, and no other is looked at`() async throws {
        let bench = try await Workbench(orders: 12)
        let ids = bench.shop.orderIDs(state: "confirmed")
        let lacking = try #require(productKeys(ids[0], bench).first)
        let stopped = ids.filter { productKeys($0, bench).contains(lacking) }
        let mended = tables(bench)
        let first = await run(flow(bench, tables(bench, missing: [lacking])), bench)
        #expect(first.counts.finished == 12 - stopped.count && first.counts.newlyQuarantined == stopped.count)
        #expect(stopped.allSatisfy { bench.reason($0) == .rejected })
        let fault = bench.outcomes.latest[Int64(ids[0])]?.verdict.faults.first
        #expect(fault?.message.contains("'\(lacking)'") ?? false)

        let unchanged = await run(flow(bench, tables(bench, missing: [lacking])), bench)
        #expect(unchanged.counts.lookedAt == 0, "nothing changed, so nothing is visited")
        #expect(bench.erp.orders.count == 12 - stopped.count)

        let healed = await run(flow(bench, mended), bench)
        #expect(healed.counts.lookedAt == stopped.count && healed.counts.finished == stopped.count)
        #expect(bench.erp.audit().values.allSatisfy { $0.ordersCreated == 1 && $0.posts == 1 })
        #expect(bench.erp.orders.count == 12)
        await bench.stop()
    }

    @Test func `tables that still lack it cost one look, and say what they lack now`() async throws {
        let bench = try await Workbench(orders: 1)
        let keys = productKeys(bench.orderID, bench)
        let id = bench.orderID
        _ = await run(flow(bench, tables(bench, missing: Set(keys))), bench)
        let faults = bench.outcomes.latest[Int64(id)]?.verdict.faults.count
        #expect(faults == keys.count)
        let other = tables(bench, missing: Set(keys), otherwise: .ask)
        let second = await run(flow(bench, other), bench)
        #expect(second.counts.lookedAt == 1 && bench.reason(id) == .mappingQuestion)
        #expect(await run(flow(bench, other), bench).counts.lookedAt == 0)
        await bench.stop()
    }

    @Test func `a question is answered by a release, and the order goes as the shop has it`() async throws {
        let bench = try await Workbench(orders: 1)
        let id = bench.orderID
        let asking = flow(bench, tables(bench, missing: Set(productKeys(id, bench)), otherwise: .ask))
        _ = await run(asking, bench)
        #expect(bench.reason(id) == .mappingQuestion && bench.erp.orders.isEmpty)
        let key = OrderKey(shop: "test", orderID: Int64(id))
        let release = PersonDecision(kind: .release, by: "anna", reason: "that is its name there too")
        _ = try await OrderDesk(asking, surroundings: bench.surroundings).decide(release, on: key)
        let report = await run(asking, bench)
        #expect(report.counts.finished == 1 && bench.erp.orders.count == 1)
        let lines = bench.erp.orders.first?.lines ?? []
        #expect(!lines.isEmpty && lines.allSatisfy { $0["erp"]?["product"] == $0["product"] })
        await bench.stop()
    }

    @Test func `an order that lacks what the sink requires goes once the sink requires it no more`() async throws {
        let bench = try await Workbench(orders: 2)
        var flow = bench.flow
        let impossible = Preparation(tables: nil, requiredFields: ["customer.no_such_field"], parties: flow.parties)
        let possible = flow.preparation
        flow.preparation = impossible
        #expect(await run(flow, bench).counts.newlyQuarantined == 2)
        #expect(await run(flow, bench).counts.lookedAt == 0)
        flow.preparation = possible
        #expect(await run(flow, bench).counts.finished == 2)
        await bench.stop()
    }

    @Test func `an order that another table of parties would complete is looked at again too`() {
        let (none, some) = (PartyTable([:]), PartyTable(["1": Party(json: JSONObject([("code", "C")]))]))
        #expect(none.fingerprint != some.fingerprint)
        #expect(some.fingerprint == PartyTable(["1": Party(json: JSONObject([("code", "C")]))]).fingerprint)
    }

    @Test func `a create whose answer was lost is repeated with its own bytes, whatever the tables say by then`() async throws {
        let bench = try await Workbench(
            .key, policy: { $0.retry = OrderBackoff(initial: .seconds(3600), max: .seconds(3600)) })
        let id = bench.orderID
        bench.erp.addFault(FaultRule(method: "POST", times: 1, action: .dropBeforeApplying))
        _ = await run(flow(bench, tables(bench)), bench)
        #expect(bench.reason(id) == .outcomeSettling && bench.erp.orders.isEmpty)
        // By these tables it couldn't even be sent.
        let otherwise = flow(bench, tables(bench, missing: Set(productKeys(id, bench))))
        let again = PersonDecision(kind: .rerun, by: "anna", reason: "now")
        let outcome = try await OrderDesk(otherwise, surroundings: bench.surroundings).rerun(
            OrderKey(shop: "test", orderID: Int64(id)), [again])
        #expect(outcome.verdict.standing == .finished)
        #expect(bench.erp.audit().values.first?.posts == 2 && bench.erp.orders.count == 1)
        let products = bench.erp.orders.flatMap(\.lines).map { $0["erp"]?["product"]?.stringValue }
        #expect(products == productKeys(id, bench).map { "ERP-\($0)" })
        await bench.stop()
    }

    @Test(arguments: [("24", "2"), ("30", "2.5"), ("7", nil)] as [(String, String?)])
    func `what was sent out is told in the shop's unit, exactly or not at all`(_ sent: String, _ told: String?) throws {
        func shipments(_ quantity: String) -> SinkShipments {
            let lines = ["id:1", "id:2"].map { key in
                SinkShippedLine(lineKey: key, quantity: (try? ExactDecimal(quantity)) ?? .zero)
            }
            return SinkShipments(shipments: [
                SinkShipment(id: "PS-1", shippedAt: "2026-11-21T10:00:00Z", packages: [SinkPackage(lines: lines)])
            ])
        }
        var converted = shipments(sent)
        let inexact = converted.convert(by: [LineFactor(key: "id:2", factor: ExactDecimal(12))])
        #expect(inexact.map(\.lineKey) == (told == nil ? ["id:2"] : []))
        #expect(inexact.allSatisfy { $0.shipmentID == "PS-1" && $0.quantity.spelling == sent && $0.factor.spelling == "12" })
        if let told {
            let lines = converted.shipments[0].packages[0].lines
            #expect(lines.map(\.quantity) == [try ExactDecimal(sent), try ExactDecimal(told)])
        }
    }
}
