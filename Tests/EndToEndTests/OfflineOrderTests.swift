import Simulators
import TestSupport
import Testing

/// The built binary, the bundled shop, and the orders in it that were placed elsewhere.
@Suite struct OfflineOrderTests {
    /// `offline-processing.json` and `offline-done.json`.
    private static let ids = [48148, 48149]

    @Test func `they are marked as sent once, told of in words, and never reach the ERP`() async throws {
        let installation = try await Installation(extra: "    offline: mark_sent")
        let numbers = Self.ids.map { installation.shopText($0, "erp_order_number") }
        #expect(try await installation.crossdock("sync").status == 1)
        #expect(Self.ids.map { installation.shopText($0, "erp_order_number") } == numbers)
        let standings = try await installation.standings()
        for id in Self.ids {
            #expect(standings[id]?.reason == "finished")
            #expect(installation.shopText(id, "shipment_state") == "sent")
            let story = try await installation.crossdock("order", String(id)).output
            #expect(story.contains("no, and it never goes there: it was placed elsewhere"))
            #expect(story.contains("the shop listed it as an order that was placed elsewhere, and not among the others"))
        }
        let inERP = try SyncTests.query("SELECT count(*) FROM orders", installation.folder.path + "/erp.db")
        #expect(inERP == "28")
        let writes = installation.shop.writes
        #expect(try await installation.crossdock("sync").status == 0)
        #expect(installation.shop.writes == writes)
        #expect(try await installation.crossdock("ledger", "verify").status == 0)
        await installation.stop()
    }

    @Test func `a shop that ignores the filter stops the flow with 78, before anything is recorded or written`() async throws {
        let installation = try await Installation(extra: "    offline: mark_sent") { configuration in
            configuration.fixtures = ProjectFolder.cloudsuiteFixtures
            configuration.ignoresOfflineFilter = true
        }
        let run = try await installation.crossdock("sync")
        #expect(run.status == 78)
        #expect(run.errors.contains("both as offline and as not offline"), "\(run.errors)")
        #expect(try await installation.standings().isEmpty)
        #expect(installation.shop.writes == 0)
        await installation.stop()
    }
}
