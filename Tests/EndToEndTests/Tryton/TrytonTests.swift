import Orders
import Simulators
import TestSupport
import Testing

/// From the shop into a real Tryton and back.
@Suite(.serialized) struct TrytonTests {
    @Test func `an order goes to Tryton, and what is delivered there comes back to the shop`() async throws {
        try await TrytonSite.run("    despatch: {with: desadv, shop: \"1\", user: \"10\"}\n") { site in
            let (id, shop) = (7001, site.installation.shop)
            try site.addOrder(id)
            let first = try await site.sync()
            #expect(first.status == 0, "\(first)")
            let number = try #require(site.installation.shopText(id, "erp_order_number"))
            #expect(try site.server.sales(site.webID(id)) == ["processing \(number)"])
            #expect(site.installation.shopText(id, "state") == "processing")
            let lineIDs = try site.server.rows(
                "SELECT l.id FROM sale_line l JOIN sale_sale s ON s.id = l.sale WHERE s.web_id = '\(site.webID(id))' ORDER BY l.sequence"
            )
            let shown = shop.order(id)?["order_lines"]?.arrayValue?.compactMap { line in
                line["erp_line_number"]?.stringValue ?? line["erp_line_number"]?.integerValue.map(String.init)
            }
            #expect(shown == lineIDs)

            try site.server.ship(site.webID(id), [10: "2", 20: "0"], tracking: "00340434161094021501")
            #expect(try await site.sync().status == 0)
            #expect(shop.deliveries.map(\.trackingCode) == ["00340434161094021501"])
            #expect(shop.deliveries.first?.items.map(\.quantity) == [ExactDecimal(2)])
            #expect(try await site.installation.standings()[id]?.reason == "awaiting_shipment")

            try site.server.ship(site.webID(id), tracking: "00340434161094021518")
            let last = try await site.sync()
            #expect(last.status == 0, "\(last)")
            #expect(shop.deliveries.map(\.trackingCode) == ["00340434161094021501", "00340434161094021518"])
            #expect(shop.deliveries.last?.items.map(\.quantity.spelling).sorted() == ["0.5000", "1.0000"])
            #expect(try await site.installation.standings()[id]?.standing == "finished")
            #expect(site.installation.shopText(id, "shipment_state") == "sent")
        }
    }

    @Test func `the conformance kit finds no rule that falls`() async throws {
        try await TrytonSite.run { site in
            let check = try site.installation.start(
                "sink", "check", "erp", "--live", "--json", "--unknown-product", "NO-SUCH", "--product",
                Installation.erpProducts[0],
                "--product", Installation.erpProducts[1])
            let ending = try await check.waitForEnd(within: .seconds(900))
            let rules = try #require(try JSONValue(parsing: ending.output)["rules"]?.arrayValue)
            #expect(
                ending.status == 0 && rules.allSatisfy { $0["verdict"]?.stringValue != "fell" },
                "\(rules.filter { $0["verdict"]?.stringValue == "fell" }.map(\.compactText)) \(ending.errors)")
            // Nobody counts requests here, the sink sends no texts with lines, and wrong passwords lock Tryton's account.
            let open = rules.filter { $0["verdict"]?.stringValue == "not-run" }.compactMap { $0["id"]?.stringValue }
            #expect(open == ["create.one-send", "text.kept", "credentials.refused"], "\(open)")
        }
    }

    @Test func `a product that Tryton lacks stops its order alone, and names it`() async throws {
        try await TrytonSite.run { site in
            try site.addOrder(7001, products: ["SKU-1001", "NO-SUCH-1", "NO-SUCH-2"])
            try site.addOrder(7002)
            let sync = try await site.sync()
            #expect(sync.status == 1, "\(sync)")
            for product in ["NO-SUCH-1", "NO-SUCH-2"] { #expect(sync.output.contains(product), "\(sync.output)") }
            #expect(try site.server.sales(site.webID(7001)).isEmpty && site.server.sales(site.webID(7002)).count == 1)
            #expect(site.installation.shopText(7001, "state") == "confirmed")
        }
    }

    @Test func `a wrong password ends the run at once, and is in no output`() async throws {
        try await TrytonSite.run(password: "a-wrong-secret") { site in
            for id in 7001...7004 { try site.addOrder(id) }
            let sync = try await site.sync()
            #expect(sync.status == 77, "\(sync)")
            #expect(!(sync.output + sync.errors).contains("a-wrong-secret"))
            #expect(try site.server.rows("SELECT count(*) FROM res_user_login_attempt") == ["1"])
        }
    }

    @Test func `a dry run asks Tryton and writes nothing`() async throws {
        try await TrytonSite.run { site in
            try site.addOrder(7001)
            let sync = try await site.installation.crossdock("sync", "--dry-run")
            #expect(sync.status == 0, "\(sync)")
            #expect(try site.server.rows("SELECT count(*) FROM sale_sale") == ["0"])
            let check = try await site.installation.crossdock("check")
            #expect(check.status == 0 && check.output.contains("Tryton 8.2 answers"), "\(check)")
        }
    }
}
