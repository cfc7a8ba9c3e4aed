import Foundation
import TestSupport
import Testing

/// `kill -9` while an order is made in Tryton. `make tryton` does it fifty times and more.
@Suite(.serialized) struct TrytonKillTests {
    private static func moments(_ webID: String, customer: Int) -> [Installation.Moment] {
        [
            .shows("between create and quote", "SELECT 1 FROM sale_sale WHERE web_id = '\(webID)'"),
            .shows("between quote and confirm", "SELECT 1 FROM sale_sale WHERE web_id = '\(webID)' AND state <> 'draft'"),
            .shows("while it is confirmed", "SELECT 1 FROM sale_sale WHERE web_id = '\(webID)' AND state = 'confirmed'"),
            // The party is made just before: the create is on its way.
            .shows("during the create", "SELECT 1 FROM party_party WHERE code = 'DEB\(customer)'"),
        ]
    }

    /// How often; `make tryton` sets more.
    private static let trials = ProcessInfo.processInfo.environment["TRYTON_KILLS"].flatMap(Int.init) ?? 8

    @Test func `a kill at any moment makes no second order, and the next run carries on`() async throws {
        try await TrytonSite.run { site in
            var random = SeededGenerator(seed: 8)
            var kills = 0
            for trial in 0..<Self.trials {
                let id = 8000 + trial
                let customer = 2001 + trial % 20
                try site.addOrder(id, customer: customer)
                let moments = Self.moments(site.webID(id), customer: customer)
                // One in five at a moment of chance: from the start of the run to about its end.
                let moment: Installation.Moment =
                    trial % 5 == 4 ? .after(milliseconds: Int.random(in: 0..<4000, using: &random)) : moments[trial % 5]
                if try await site.installation.kill(at: moment, rows: site.server.rows) { kills += 1 }
                try await site.syncUntilFinished(id)
                let number = try #require(site.installation.shopText(id, "erp_order_number"), "\(moment)")
                #expect(try site.server.sales(site.webID(id)) == ["processing \(number)"], "\(moment)")
            }
            #expect(kills * 2 > Self.trials, "most runs were still under way: \(kills) of \(Self.trials)")
            #expect(try site.server.rows("SELECT count(*) FROM sale_sale") == ["\(Self.trials)"])
            let parties = try site.server.rows("SELECT count(*), count(DISTINCT code) FROM party_party WHERE code LIKE 'DEB%'")
            #expect(parties == ["\(min(Self.trials, 20))|\(min(Self.trials, 20))"])
        }
    }
}
