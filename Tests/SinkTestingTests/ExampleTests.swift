import Orders
import SinkTesting
import Testing

/// What the documentation shows, with the sink in memory in the place of somebody's own.
struct ExampleTests {
    @Test func `my sink keeps what it declares`() async throws {
        let erp = ReferenceERP("K")
        let sample = SinkSample(products: ["124", "125"], unknownProduct: "no-such-product")
        var target = SinkUnderTest("my-erp", sample: sample) { ReferenceSink(erp) }
        target.auditor = SinkAuditor { key in
            erp.orders(key).map { SinkAuditedOrder(number: $0.number) }
        }
        let report = try await SinkCheck(target).run()
        #expect(report.hasLooked)
        #expect(report.fallen.map(\.text) == [])
        #expect(report["reject.nothing-left"]?.word == "held")

        let waiver = SinkWaiver(rule: "decimal.long", reason: "our ERP holds four decimals, and orders have two")!
        let waived = try await SinkCheck(target, rules: ["decimal.long"], waivers: [waiver]).run()
        #expect(waived.isGood && waived["decimal.long"]?.word == "waived")
    }
}
