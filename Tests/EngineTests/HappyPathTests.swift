import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import Testing

@Suite struct HappyPathTests {
    @Test(arguments: [ERPConfiguration.Mode.key, .lookUp, .neither])
    func `orders end in the ERP once, with numbers, state and shipment in the shop`(mode: ERPConfiguration.Mode) async throws {
        let bench = try await Workbench(mode, orders: 30)
        let ids = bench.shop.orderIDs(state: "confirmed")
        let report = await bench.run()
        #expect(report.stop == nil)
        #expect(report.counts.finished == 30)
        #expect(bench.erp.orders.count == 30)
        #expect(bench.erp.audit().values.allSatisfy { $0.ordersCreated == 1 && $0.posts == 1 })
        for id in ids {
            #expect(bench.shopText(id, "state") == "processing")
            #expect(bench.shopText(id, "shipment_state") == "sent")
            #expect(bench.erp.orders.contains { $0.number == bench.shopText(id, "erp_order_number") })
            let lines = bench.shop.order(id)?["order_lines"]?.arrayValue ?? []
            #expect(lines.allSatisfy { $0["type"]?.stringValue != "line" || $0["erp_line_number"]?.integerValue != nil })
        }
        await bench.stop()
    }

    @Test func `each order costs the shop two reads and four writes`() async throws {
        let bench = try await Workbench(orders: 20, timekeeper: Workbench.StandingClock())
        await bench.run()
        let counts = bench.shop.requestCounts
        #expect(counts["GET order"] == 40)
        #expect(counts["PATCH order"] == 60)
        #expect(counts["PUT order"] == 20)
        await bench.stop()
    }

    @Test(arguments: [(WriteMerge.stateAndNumber, 2, 1), (WriteMerge.all, 1, 1)])
    func `merged writes cost fewer requests and show the same`(merge: WriteMerge, patches: Int, puts: Int) async throws {
        let bench = try await Workbench(timekeeper: Workbench.StandingClock(), policy: { $0.merge = merge })
        let id = bench.orderID
        await bench.run()
        #expect(bench.shop.requestCounts["PATCH order"] == patches)
        #expect(bench.shop.requestCounts["PUT order"] == puts)
        #expect(bench.shopText(id, "state") == "processing")
        #expect(bench.shopText(id, "shipment_state") == "sent")
        #expect(bench.reason(id) == .finished)
        await bench.stop()
    }

    /// The partial answer to a PUT holds everything, for everything was sent.
    @Test(arguments: [(CloudSuiteConfiguration.WriteAnswer.empty, 6), (.partial, 5)])
    func `a shop that doesn't answer writes with the order is read again`(
        answer: CloudSuiteConfiguration.WriteAnswer, reads: Int
    ) async throws {
        let bench = try await Workbench(
            orders: 5, timekeeper: Workbench.StandingClock(), configureShop: { $0.writeAnswer = answer })
        let report = await bench.run()
        #expect(report.counts.finished == 5)
        #expect(bench.shop.requestCounts["GET order"] == 5 * reads)
        await bench.stop()
    }
}
