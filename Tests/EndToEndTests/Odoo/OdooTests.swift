import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// From the shop into a real Odoo and back; `make test-odoo`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["ODOO_TESTS"] != nil, "make test-odoo")) struct OdooTests {
    /// How often a run is killed; `make test-odoo KILLS=50` sets more.
    private static let trials = ProcessInfo.processInfo.environment["ODOO_KILLS"].flatMap(Int.init) ?? 8

    private static func run(
        _ settings: String = "", apiKey: String? = nil, _ test: (OdooServer, Installation) async throws -> Void
    ) async throws {
        let server = try await OdooServer()
        do {
            let sink =
                "{type: odoo, base_url: \"\(server.url)\", api_key: \(apiKey ?? server.apiKey), parties: create, "
                + "timeouts: {total: 90s, stall: 90s}, "
                + "sandbox: {products: [SKU-1001, SKU-1002], unknown_product: NONE, currency: EUR}}"
            let installation = try await Installation(sink: .configured(sink, timeLimit: "90s"), extra: settings) {
                $0.shipmentStateMove = .never
            }
            try await test(server, installation)
            await installation.stop()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private static func key(_ id: Int) -> String { "crossdock:test:\(id)" }

    @Test func `an order goes to Odoo, and what is delivered there comes back to the shop`() async throws {
        try await Self.run("    despatch: {with: desadv, shop: \"1\", user: \"10\"}\n") { odoo, installation in
            let (id, shop) = (7001, installation.shop)
            try installation.addOrder(id)
            let first = try await installation.crossdock("sync")
            #expect(first.status == 0, "\(first)")
            let number = try #require(installation.shopText(id, "erp_order_number"))
            #expect(try odoo.orders(Self.key(id)) == ["sale \(number)"])
            #expect(installation.shopText(id, "state") == "processing")
            let lineIDs = try odoo.rows(
                """
                SELECT l.id FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id WHERE o.origin = '\(Self.key(id))'
                ORDER BY l.sequence
                """)
            let shown = shop.order(id)?["order_lines"]?.arrayValue?.compactMap { line in
                line["erp_line_number"]?.stringValue ?? line["erp_line_number"]?.integerValue.map(String.init)
            }
            #expect(shown == lineIDs)

            try odoo.ship(Self.key(id), [10: "2", 20: "0"], tracking: "00340434161094021501")
            #expect(try await installation.crossdock("sync").status == 0)
            #expect(shop.deliveries.map(\.trackingCode) == ["00340434161094021501"])
            #expect(shop.deliveries.first?.items.map(\.quantity) == [ExactDecimal(2)])
            #expect(try await installation.standings()[id]?.reason == "awaiting_shipment")

            try odoo.ship(Self.key(id), tracking: "00340434161094021518")
            let last = try await installation.crossdock("sync")
            #expect(last.status == 0, "\(last)")
            #expect(shop.deliveries.map(\.trackingCode) == ["00340434161094021501", "00340434161094021518"])
            #expect(shop.deliveries.last?.items.map(\.quantity.spelling).sorted() == ["0.5000", "1.0000"])
            #expect(try await installation.standings()[id]?.standing == "finished")
            #expect(installation.shopText(id, "shipment_state") == "sent")
        }
    }

    @Test func `a missing product stops its order alone, a dry run writes nothing, a wrong key ends the run`() async throws {
        try await Self.run { odoo, installation in
            try installation.addOrder(7001, products: ["SKU-1001", "NO-SUCH-1", "NO-SUCH-2"])
            try installation.addOrder(7002)
            let dry = try await installation.crossdock("sync", "--dry-run")
            #expect(dry.status == 1 || dry.status == 0, "\(dry)")
            #expect(try odoo.rows("SELECT count(*) FROM sale_order") == ["0"])
            let sync = try await installation.crossdock("sync")
            #expect(sync.status == 1, "\(sync)")
            for product in ["NO-SUCH-1", "NO-SUCH-2"] { #expect(sync.output.contains(product), "\(sync.output)") }
            #expect(try odoo.orders(Self.key(7001)).isEmpty && odoo.orders(Self.key(7002)).count == 1)
            let check = try await installation.crossdock("check")
            #expect(check.status == 0 && check.output.contains("Odoo 19.0 answers"), "\(check)")
        }
        try await Self.run(apiKey: "a-wrong-secret") { odoo, installation in
            for id in 7001...7004 { try installation.addOrder(id) }
            let sync = try await installation.crossdock("sync")
            #expect(sync.status == 77, "\(sync)")
            #expect(!(sync.output + sync.errors).contains("a-wrong-secret"))
        }
    }

    @Test func `the conformance kit finds no rule that falls`() async throws {
        try await Self.run { _, installation in
            let check = try installation.start(
                "sink", "check", "erp", "--live", "--waive",
                "lines.many=Odoo may take longer to confirm 400 lines than the kit waits; OdooLiveTests makes them")
            let ending = try await check.waitForEnd(within: .seconds(600))
            #expect(ending.status == 0, "\(ending)")
        }
    }

    @Test func `a kill at any moment makes no second order, and the next run carries on`() async throws {
        try await Self.run { odoo, installation in
            var random = SeededGenerator(seed: 19)
            var kills = 0
            for trial in 0..<Self.trials {
                let (id, customer) = (8000 + trial, 2001 + trial % 20)
                try installation.addOrder(id, customer: customer)
                let order = "SELECT 1 FROM sale_order WHERE origin = '\(Self.key(id))'"
                let moments: [Installation.Moment] = [
                    .shows("between create and confirm", order),
                    .shows("while it is confirmed", order + " AND state = 'sale'"),
                    // The contact is made just before: the create is on its way.
                    .shows("during the create", "SELECT 1 FROM res_partner WHERE ref = 'DEB\(customer)'"),
                    .after(milliseconds: Int.random(in: 0..<4000, using: &random)),
                ]
                let moment = moments[trial % moments.count]
                if try await installation.kill(at: moment, rows: odoo.rows) { kills += 1 }
                try await installation.syncUntilFinished(id)
                let number = try #require(installation.shopText(id, "erp_order_number"), "\(moment)")
                #expect(try odoo.orders(Self.key(id)) == ["sale \(number)"], "\(moment)")
            }
            #expect(kills * 2 > Self.trials, "most runs were still under way: \(kills) of \(Self.trials)")
            #expect(try odoo.rows("SELECT count(*) FROM sale_order") == ["\(Self.trials)"])
            let contacts = try odoo.rows("SELECT count(*), count(DISTINCT ref) FROM res_partner WHERE ref LIKE 'DEB%'")
            #expect(contacts == ["\(min(Self.trials, 20))|\(min(Self.trials, 20))"])
            // The date is the order's, not that of its confirmation, wherever the run was killed.
            let late = "SELECT count(*) FROM sale_order WHERE date_order > create_date - interval '5 minutes'"
            #expect(try odoo.rows(late) == ["0"])
        }
    }
}
