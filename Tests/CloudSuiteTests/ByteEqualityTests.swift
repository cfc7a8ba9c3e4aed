import CloudSuite
import OrderFlow
import Orders
import Simulators
import SinkKit
import Testing

/// What we don't own is in the shop, after all our writes, byte for byte as it was.
@Suite struct ByteEqualityTests {
    /// The order with our fields and `modified_date` taken out.
    private static func foreign(_ order: JSONValue?) throws -> String {
        var object = try #require(order?.objectValue)
        for name in ["state", "erp_order_number", "shipment_state", "modified_date"] { object[name] = nil }
        let lines = try #require(object["order_lines"]?.arrayValue)
        object["order_lines"] = .array(
            lines.map { line in
                guard var line = line.objectValue else { return line }
                line["erp_line_number"] = nil
                return .object(line)
            })
        return JSONValue.object(object).compactText
    }

    /// Number, lines, state and shipment, each as a step of its own after a new read, as the engine does it.
    private static func writeEverything(_ shop: ShopUnderTest, _ id: Int64) async throws -> ShopOrder {
        var order = try await shop.client.order(id)
        let numbers = order.reading.lines.enumerated().map {
            SinkReceiptLine(lineKey: $1.key, erpLineNumber: Int64(10 * ($0 + 1)))
        }
        let receipt = SinkReceipt(erpOrderNumber: "ERP-\(id)", lines: numbers)
        for step in [[WriteStep.mark], [.number], [.lines], [.close]] {
            let written = try await shop.client.write(OrderEdit(step, receipt: receipt, close: .auto), to: order, id: id)
            #expect(written.foreignDifferences == [], "\(id) \(step)")
            order = written.order
        }
        return order
    }

    @Test(arguments: [CloudSuiteConfiguration.WriteAnswer.full, .empty, .partial])
    func `after number, lines, state and shipment every foreign field is as it was`(
        answer: CloudSuiteConfiguration.WriteAnswer
    ) async throws {
        try await ShopUnderTest.running { options in
            options.hasFixtures = true
            options.configure = { $0.writeAnswer = answer }
        } _: { shop in
            let eligible = Set(48101...48129).map { Int64($0) }.sorted()
            for id in eligible {
                let before = try Self.foreign(shop.simulator.order(Int(id)))
                let order = try await Self.writeEverything(shop, id)
                let after = shop.simulator.order(Int(id))
                #expect(try Self.foreign(after) == before, "\(id)")
                #expect(after?["state"] == "processing" && after?["shipment_state"] == "sent")
                #expect(after?["erp_order_number"] == .text("ERP-\(id)"))
                #expect(order.reading.lines.map(\.erpLineNumber) == (1...order.reading.lines.count).map { Int64(10 * $0) })
                #expect(JSONValue.object(order.json) == after)
            }
            #expect(shop.count("PUT order") == eligible.count && shop.count("PATCH order") == 3 * eligible.count)
            #expect(shop.simulator.backwardMoves == 0)
        }
    }

    @Test func `odd spellings go through, the worst that JSON allows`() async throws {
        let text = #"""
            {"id":77,"reference":"CS77","state":"confirmed","payment_status":"paid","currency":"EUR","webshop":1,"customer":1324,
            "amount":12.50,"one":1.0,"thirty":0.123456789012345678901234567890,"huge":123456789012345678901234567890,"exp":1.20E+05,
            "minus":-0.0,"emoji":"🐕‍🦺 ☕","escaped":"caf\u00e9 \ud83d\ude9a \/ \" \\ \n \t \u0000","k\u00e9y":"\u006bey","empty":{},"none":[],
            "nested":{"a":{"b":[{"c":[[],{"d":null,"e":false}]},1.10]},"state":"confirmed","erp_line_number":"7"},
            "order_lines":[{"id":5,"type":"line","product":{"key":"k","origin":"o","tax":[{"rate":21.00}]},"quantity":3.0,"unit_price":"1.8500",
            "discount":{"pct":10.0}},{"id":6,"type":"title","text":"\u2603"},{"id":7,"type":"line","product":{"key":"k","origin":"o"},"quantity":"2.500"}]}
            """#
        try await ShopUnderTest.running { shop in
            let sent = try object(text)
            #expect(shop.simulator.add(sent) == 77)
            let before = try Self.foreign(shop.simulator.order(77))
            for spelling in ["12.50", ":1.0,", "1.20E+05", "-0.0", #"caf\u00e9 \ud83d\ude9a \/"#, #"k\u00e9y":"\u006bey"#, "🐕‍🦺 ☕"]
            {
                #expect(before.contains(spelling), "the shop keeps \(spelling)")
            }
            _ = try await Self.writeEverything(shop, 77)
            let after = shop.simulator.order(77)
            #expect(try Self.foreign(after) == before)
            #expect(after?["order_lines"]?.arrayValue?.map { $0["erp_line_number"] } == [10, nil, 20])
        }
    }

    @Test func `state, number and lines in one PUT leave the rest alone too`() async throws {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            let before = try Self.foreign(shop.simulator.order(48114))
            let read = try await shop.client.order(48114)
            var edit = OrderEdit.mark
            edit.erpOrderNumber = "ERP-1"
            edit.erpLineNumbers = ["id:481141": 1, "id:481142": 2]
            let written = try await shop.client.write(edit, to: read, id: 48114)
            #expect(written.foreignDifferences == [] && written.order.reading.contentDigest == read.reading.contentDigest)
            #expect(try Self.foreign(shop.simulator.order(48114)) == before)
            #expect(shop.simulator.requestCounts == ["GET order": 1, "PUT order": 1], "the whole answer counts as a read")
        }
    }
}
