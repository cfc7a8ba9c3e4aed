import Simulators
import TestSupport
import Testing

/// Shipments told to the shop over several runs, and the end of the order.
@Suite struct DespatchTests {
    /// How the order ends: what the policy is called, what the shop does by itself, what the shop shows in the end, what we patched for it.
    struct Ending: Sendable, CustomTestStringConvertible {
        let close: String
        var shopMoves = CloudSuiteConfiguration.ShipmentStateMove.never
        let state: String
        let shipmentState: String
        var patch: String?

        var testDescription: String { "close: \(close), the shop moves by itself: \(shopMoves.rawValue)" }
    }

    private static let endings = [
        Ending(close: "auto", state: "processing", shipmentState: "sent", patch: #"{"shipment_state":"sent"}"#),
        Ending(close: "auto", shopMoves: .complete, state: "processing", shipmentState: "sent"),
        Ending(close: "done", state: "done", shipmentState: "none", patch: #"{"state":"done"}"#),
        Ending(close: "leave", state: "processing", shipmentState: "none"),
    ]

    @Test(arguments: endings)
    func `three partial shipments over three runs are booked once each, and the order ends with the last of them`(
        ending: Ending
    ) async throws {
        let site = try await ShippingSite(ShippingSite.desadv + "    close: \(ending.close)\n", shipmentState: ending.shopMoves)
        #expect(try await site.sync().status == 0)
        try await Self.expectOpen(site, told: [])

        try site.ship("PS-1", ("3SA", [10: "4"]))
        #expect(try await site.sync().status == 0)
        try await Self.expectOpen(site, told: ["PS-1"])

        try site.ship("PS-2", ("3SB", [10: "3"]), ("3SC", [10: "3", 20: "3", 30: "0.5"]))
        #expect(try await site.sync().status == 0)
        try await Self.expectOpen(site, told: ["PS-1", "PS-2-1", "PS-2-2"])
        #expect(site.shop.deliveries.map(\.trackingCode) == ["3SA", "3SB", "3SC"])
        #expect(site.patches.count == 2, "state and number, and nothing that ends the order: \(site.patches)")

        try site.ship("PS-3", ("3SD", [30: "2"]))
        let last = try await site.sync()
        #expect(last.status == 0, "\(last)")
        #expect(site.shop.deliveries.map(\.number) == ["PS-1", "PS-2-1", "PS-2-2", "PS-3"])
        #expect(site.booked() == ShippingSite.ordered)
        #expect(site.shows("state") == ending.state && site.shows("shipment_state") == ending.shipmentState)
        #expect(site.patches.dropFirst(2) == (ending.patch.map { [$0] } ?? [])[...])
        #expect(try await site.standing() == "finished")

        let writes = site.shop.writes
        let further = try await site.sync()
        #expect(further.status == 0 && further.output.contains("nothing was written to the shop or the ERP"), "\(further)")
        #expect(site.shop.writes == writes && site.shop.deliveries.count == 4)
        await site.installation.stop()
    }

    @Test func `a line that is closed in the ERP is waited for no longer`() async throws {
        let site = try await ShippingSite(ShippingSite.desadv)
        #expect(try await site.sync().status == 0)
        try site.ship("PS-1", ("3SA", [10: "10", 20: "3", 30: "1"]))
        #expect(try await site.sync().status == 0)
        try await Self.expectOpen(site, told: ["PS-1"])
        try site.close(line: 30)
        #expect(try await site.sync().status == 0)
        #expect(try await site.standing() == "finished")
        #expect(site.shows("shipment_state") == "sent" && site.booked()[30] == "1")
        await site.installation.stop()
    }

    @Test func `the packages of a shipment may go in one message with all their tracking codes`() async throws {
        let site = try await ShippingSite("    despatch: {with: desadv, packages: joined, shop: \"1\", user: \"10\"}\n")
        #expect(try await site.sync().status == 0)
        try site.ship("PS-1", ("3SA", [10: "4"]), ("3SB", [10: "6", 20: "3", 30: "2.5"]))
        #expect(try await site.sync().status == 0)
        #expect(site.shop.deliveries.map(\.number) == ["PS-1"])
        #expect(site.shop.deliveries.map(\.trackingCode) == ["3SA, 3SB"] && site.booked() == ShippingSite.ordered)
        await site.installation.stop()
    }

    @Test func `a shipment that can't be told stops its order, with all faults at once, and nothing goes out`() async throws {
        let site = try await ShippingSite(ShippingSite.desadv)
        #expect(try await site.sync().status == 0)
        try site.ship("PS-1", ("3SA", [10: "0.00001", 20: "1.00001"]))
        let sync = try await site.sync()
        #expect(sync.status == 1, "\(sync)")
        for fault in ["0.00001", "1.00001"] { #expect(sync.output.contains(fault), "\(sync.output)") }
        #expect(try await site.standing() == "document_impossible" && site.shop.deliveries.isEmpty)
        // What has left can't be booked otherwise in the file, so the buyer is told by hand, and the rest goes its way.
        #expect(throws: (any Error).self) { try site.write(["UPDATE shipment_lines SET quantity = '1' WHERE shipment = 'PS-1'"]) }
        let release = try await site.installation.crossdock("release", ShippingSite.reference, "--reason", "told by telephone")
        #expect(release.status == 0, "\(release)")
        #expect(try await site.sync().status == 0)
        #expect(try await site.standing() == "awaiting_shipment")
        try site.ship("PS-2", ("3SB", [30: "2.5"]))
        try site.close(line: 10)
        try site.close(line: 20)
        #expect(try await site.sync().status == 0)
        #expect(site.booked() == [30: "2.5"] && site.shows("shipment_state") == "sent")
        #expect(try await site.standing() == "finished")
        await site.installation.stop()
    }

    @Test func `what was sent out beyond what was ordered is not told before a person says so`() async throws {
        let site = try await ShippingSite(ShippingSite.desadv)
        #expect(try await site.sync().status == 0)
        try site.ship("PS-1", ("3SA", [10: "11", 20: "3", 30: "2.5"]))
        let sync = try await site.sync()
        #expect(sync.status == 1 && sync.output.contains("10.0 ordered, 11 sent out"), "\(sync)")
        #expect(site.shop.deliveries.isEmpty)
        let release = try await site.installation.crossdock("release", ShippingSite.reference, "--reason", "a gift")
        #expect(release.status == 0, "\(release)")
        #expect(try await site.sync().status == 0)
        #expect(site.booked()[10] == "11" && site.shows("shipment_state") == "sent")
        await site.installation.stop()
    }

    @Test func `goods of two orders on one slip are told of once for each order`() async throws {
        let site = try await ShippingSite(ShippingSite.desadv)
        _ = try #require(site.shop.add(try ShippingSite.order(id: 7002)))
        #expect(try await site.sync().status == 0)
        let everything = "SELECT 'PS-1', 1, order_number, number, quantity FROM lines"
        try site.write([
            "INSERT INTO shipments (id) VALUES ('PS-1')", "INSERT INTO packages (shipment, number) VALUES ('PS-1', 1)",
            "INSERT INTO shipment_lines (shipment, package, order_number, line_number, quantity) \(everything)",
            "UPDATE shipments SET shipped_at = '2026-11-21T10:30:00+01:00'",
        ])
        let sync = try await site.sync()
        #expect(sync.status == 0, "\(sync)")
        #expect(site.shop.deliveries.map(\.number).sorted() == ["PS-1-SO-000001", "PS-1-SO-000002"])
        #expect(site.booked() == ShippingSite.ordered)
        #expect(site.installation.shopText(7001, "shipment_state") == "sent")
        #expect(site.installation.shopText(7002, "shipment_state") == "sent")
        await site.installation.stop()
    }

    private static func expectOpen(
        _ site: ShippingSite, told numbers: [String], at location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(site.shop.deliveries.map(\.number) == numbers, sourceLocation: location)
        #expect(try await site.standing() == "awaiting_shipment", sourceLocation: location)
        #expect(site.shows("state") == "processing" && site.shows("shipment_state") != "sent", sourceLocation: location)
        #expect(try await site.documentStates() == numbers.map { "\($0) sent" }, sourceLocation: location)
    }
}
