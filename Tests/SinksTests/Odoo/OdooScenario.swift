import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing
import Transport

/// What is tried with a real Odoo, and again in CI with what that Odoo answered.
struct OdooScenario: Sendable, CustomTestStringConvertible {
    /// Of its file under `Fixtures/odoo`.
    let name: String
    var configure: @Sendable (inout OdooSinkSettings) -> Void = { _ in }
    let steps: @Sendable (OdooERP) async throws -> Void

    var testDescription: String { name }

    /// Recorded by `make test-odoo RECORD=1`.
    static let all: [OdooScenario] = ordering + lines + faults + deliveries + access
}

/// Every scenario over a real Odoo.
@Suite(.odoo, .serialized, .enabled(if: OdooTrait.isAsked, "make test-odoo")) struct OdooLiveTests {
    @Test(arguments: OdooScenario.all)
    func `a real Odoo does as is expected of it`(scenario: OdooScenario) async throws {
        let server = try #require(OdooTrait.server)
        let recorder = RecordingExchange(base: try CurlExchange(), server: server.url, secret: server.apiKey)
        try await OdooERP.run(
            server, url: server.url, apiKey: server.apiKey, interfere: { _ in recorder }, scenario.configure, scenario.steps)
        if OdooRecording.isAsked { try recorder.recording.save(as: scenario.name) }
    }

    @Test func `six creates that race on one key make one order, one customer and one address`() async throws {
        let server = try #require(OdooTrait.server)
        let plain = try ERPOrders.order(id: 5501)
        var elsewhere = ERPOrders.address()
        elsewhere.city = "Zwolle"
        let order = SinkOrder(
            key: plain.key, order: plain.order, customer: plain.customer, shipmentAddress: elsewhere,
            invoiceAddress: plain.invoiceAddress)
        let receipts = try await withThrowingTaskGroup(of: SinkReceipt.self) { group in
            for _ in 0..<6 {
                // Each with connections of its own, as in six processes.
                group.addTask {
                    try await OdooERP.run(server, url: server.url, apiKey: server.apiKey) { erp in
                        try await erp.sink.createPatiently(order, erp.context)
                    }
                }
            }
            return try await group.reduce(into: [SinkReceipt]()) { $0.append($1) }
        }
        #expect(receipts.count == 6 && Set(receipts.map(\.erpOrderNumber)).count == 1)
        #expect(try server.orders(order.key.text) == ["sale \(receipts[0].erpOrderNumber)"])
        let contacts = """
            SELECT count(*) FROM res_partner c LEFT JOIN res_partner p ON p.id = c.parent_id WHERE 'demo-5501' IN (c.ref, p.ref)
            """
        #expect(try server.rows(contacts) == ["2"])
    }

    @Test func `an order may have four hundred lines`() async throws {
        let server = try #require(OdooTrait.server)
        try await OdooERP.run(server, url: server.url, apiKey: server.apiKey) { erp in
            let lines = (0..<400).map { ("SKU-100\($0 % 2 + 1)", "\($0 + 1)", "1.0001") }
            let order = try ERPOrders.order(lines, id: 5502)
            let receipt = try await erp.create(order)
            #expect(receipt.state == .confirmed && receipt.lines.map(\.lineKey) == order.order.lines.map(\.key))
        }
    }
}

/// Every scenario over what a real Odoo answered.
@Suite struct OdooReplayTests {
    @Test(arguments: OdooScenario.all)
    func `the sink still asks what it asked a real Odoo, and makes the same of the answers`(scenario: OdooScenario) async throws {
        let replay = OdooReplay(try OdooRecording(named: scenario.name))
        try await ScriptedServer.running({ replay.serve($0) }) { server in
            try await OdooERP.run(nil, url: server.url, apiKey: OdooRecording.key, scenario.configure, scenario.steps)
        }
        #expect(replay.complaints == [])
    }
}
