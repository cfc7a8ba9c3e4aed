import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Testing

@Suite("The REST sink's shipments")
struct RESTShipmentTests {
    private func shipments(_ erp: RemoteERP, _ id: Int64 = 1) async throws -> SinkShipments {
        let receipt = try #require(try await erp.sink.find(sinkKey(id), erp.context))
        return try await erp.sink.shipments(for: receipt, key: sinkKey(id), erp.context)
    }

    private func request(_ text: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: Array(text.utf8)).objectValue)
    }

    @Test(arguments: ["/orders/{number}/shipments", "/orders/{key}/shipments"])
    func `what the ERP sends out is told by our line keys`(path: String) async throws {
        try await RemoteERP.run(sink: { $0.shipmentsPath = path }) { erp in
            #expect(erp.sink.capabilities.tellsShipments)
            _ = try await erp.sink.create(try sinkOrder(), erp.context)
            #expect(try await shipments(erp) == SinkShipments())
            let parcel = """
                {"id": "PS-77", "shipped_at": "2026-11-21T10:30:00+01:00", "expected_date": "2026-11-22", "carrier": "DHL",
                 "comment": "Ring twice", "packages": [
                   {"tracking_code": "A", "tracking_url": "https://t.example/A", "sscc": "340123450000000017", "weight_kg": "2.5",
                    "lines": [{"number": 10}]},
                   {"tracking_code": "B", "lines": [{"number": 20, "quantity": "1.25"}]}]}
                """
            try erp.simulator.ship("SO-000001", try request(parcel))
            let expected = SinkShipment(
                id: "PS-77", shippedAt: "2026-11-21T10:30:00+01:00", expectedDate: "2026-11-22", carrier: "DHL",
                comment: "Ring twice",
                packages: [
                    SinkPackage(
                        trackingCode: "A", trackingAddress: "https://t.example/A", containerCode: "340123450000000017",
                        weightKilograms: try ExactDecimal("2.5"),
                        lines: [SinkShippedLine(lineKey: "id:100", quantity: try ExactDecimal("2.50"))]),
                    SinkPackage(
                        trackingCode: "B", lines: [SinkShippedLine(lineKey: "id:101", quantity: try ExactDecimal("1.25"))]),
                ])
            #expect(try await shipments(erp) == SinkShipments(shipments: [expected], closedLines: ["id:100"]))
            erp.simulator.closeLines("SO-000001", [30])
            try erp.simulator.ship("SO-000001")
            let all = try await shipments(erp)
            #expect(all.shipments.first == expected && all.shipments.count == 2)
            #expect(all.closedLines == ["id:100", "id:101", "id:102"])
        }
    }

    @Test func `an order that was cancelled in the ERP is told as cancelled, and nothing more is sent of it`() async throws {
        try await RemoteERP.run(sink: { $0.shipmentsPath = "/orders/{number}/shipments" }) { erp in
            _ = try await erp.sink.create(try sinkOrder(), erp.context)
            try erp.simulator.ship("SO-000001", try request(#"{"lines": [{"number": 10}]}"#))
            var expected = try await shipments(erp)
            #expect(!expected.isCancelled && expected.shipments.count == 1)
            erp.simulator.cancel("SO-000001")
            expected.isCancelled = true
            #expect(try await shipments(erp) == expected)
            #expect(throws: DocumentFaults.self) { try erp.simulator.ship("SO-000001") }
        }
    }

    @Test func `a sink that wasn't told where to ask says so and asks nothing`() async throws {
        try await RemoteERP.run { erp in
            #expect(!erp.sink.capabilities.tellsShipments)
            let receipt = SinkReceipt(erpOrderNumber: "SO-000001", lines: [])
            let error = await sinkError { () throws(SinkError) in
                try await erp.sink.shipments(for: receipt, key: sinkKey(), erp.context)
            }
            #expect(error?.code == .misconfigured && erp.simulator.requestLog.isEmpty)
        }
    }

    @Test(arguments: [
        (FaultAction.html200(applied: false), SinkError.Code.notApplied), (.malformedJSON(applied: false), .notApplied),
        (.status(500, retryAfterSeconds: nil), .notApplied), (.status(503, retryAfterSeconds: nil), .unavailable),
    ])
    func `an answer that can't be read is not "nothing was sent"`(action: FaultAction, code: SinkError.Code) async throws {
        try await RemoteERP.run(sink: { $0.shipmentsPath = "/orders/{number}/shipments" }) { erp in
            let receipt = try #require(try await erp.sink.create(try sinkOrder(), erp.context).receipt)
            erp.fail(action, method: "GET")
            let error = await sinkError { () throws(SinkError) in
                try await erp.sink.shipments(for: receipt, key: sinkKey(), erp.context)
            }
            #expect(error?.code == code)
        }
    }

    @Test func `an order that the ERP doesn't know is an error`() async throws {
        try await RemoteERP.run(sink: { $0.shipmentsPath = "/orders/{number}/shipments" }) { erp in
            let receipt = SinkReceipt(erpOrderNumber: "SO 1/2", lines: [])
            let error = await sinkError { () throws(SinkError) in
                try await erp.sink.shipments(for: receipt, key: sinkKey(), erp.context)
            }
            #expect(error?.code == .notApplied && error?.message.contains("404") == true)
            #expect(erp.simulator.requestLog.last?.target == "/orders/SO%201%2F2/shipments")
        }
    }
}
