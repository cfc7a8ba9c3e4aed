import Foundation
import Glibc
import TestSupport
import Testing

/// `kill -9` while an order is made in Tryton. `make tryton` does it fifty times and more.
@Suite(.serialized) struct TrytonKillTests {
    /// When the run is killed.
    enum Moment: CustomStringConvertible {
        /// As soon as Tryton's database shows what the query asks for.
        case shows(String, String)
        /// Wherever it is by then.
        case after(milliseconds: Int)

        var description: String {
            switch self {
            case .shows(let name, _): name
            case .after(let milliseconds): "after \(milliseconds) ms"
            }
        }
    }

    private static func moments(_ webID: String, customer: Int) -> [Moment] {
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
                let moment =
                    trial % 5 == 4 ? .after(milliseconds: Int.random(in: 0..<4000, using: &random)) : moments[trial % 5]
                if try await kill(site, at: moment) { kills += 1 }
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

    /// - Returns: whether the run hadn't ended by then.
    private func kill(_ site: TrytonSite, at moment: Moment) async throws -> Bool {
        let run = try site.installation.start("sync")
        switch moment {
        case .shows(_, let query):
            try await Waiting.until(.seconds(100)) { try !run.isRunning || !site.server.rows(query).isEmpty }
        case .after(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
        }
        run.send(SIGKILL)
        return try await run.waitForEnd().wasKilled
    }
}
