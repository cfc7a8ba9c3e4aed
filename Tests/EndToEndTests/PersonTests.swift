import Simulators
import TestSupport
import Testing

/// What ops do, over the built binary.
@Suite struct PersonTests {
    @Test func `the story of an order says why it isn't in the ERP, and what is next`() async throws {
        let installation = try await Installation()
        _ = try await installation.crossdock("sync")
        let story = try await installation.crossdock("order", "CS48130")
        #expect(story.status == 0)
        for expected in ["in the ERP   no", "payment_started", "the buyer began to pay", "looked at again", "listed by the shop"]
        {
            #expect(story.output.contains(expected), "\(story.output)")
        }
        let json = try await installation.crossdock("order", "CS48130", "--json")
        #expect(json.output.contains("\"in_erp\":false"))
        await installation.stop()
    }

    @Test func `hold, release, skip and rerun change one order and keep their reasons`() async throws {
        let installation = try await Installation()
        let held = try await installation.crossdock("hold", "CS48101", "--reason", "the customer rang")
        #expect(held.status == 0, "\(held.errors)")
        let skipped = try await installation.crossdock("skip", "CS48102", "--reason", "typed in by hand")
        #expect(skipped.status == 0, "\(skipped.errors)")
        _ = try await installation.crossdock("sync")
        #expect(try await installation.standings()[48101]?.reason == "held_by_person")
        #expect(try await installation.standings()[48102]?.reason == "skipped_by_person")
        #expect(try await installation.crossdock("release", "CS48101", "--reason", "they called back").status == 0)
        let rerun = try await installation.crossdock("rerun", "CS48101")
        #expect(rerun.status == 0, "\(rerun.errors)")
        #expect(installation.shopText(48101, "state") == "processing")
        let story = try await installation.crossdock("order", "CS48101").output
        #expect(story.contains("the customer rang") && story.contains("they called back"))
        let again = try await installation.crossdock("rerun", "CS48101", "--from", "push")
        #expect(again.status == 2)
        #expect(again.errors.contains("the ERP has it already"))
        await installation.stop()
    }

    @Test func `a dry re-run of an order the ledger doesn't know shows what would be sent and leaves no ledger`() async throws {
        let installation = try await Installation()
        let dry = try await installation.crossdock("rerun", "CS48101", "--dry-run")
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.contains("would send: create attempt 1 in sink 'erp'"), "\(dry.output)")
        #expect(try await installation.crossdock("orders", "--all", "--json").output.isEmpty)
        #expect(installation.shop.writes == 0)
        await installation.stop()
    }

    @Test func `an order cancelled in the ERP is created again only under a new key with a reason`() async throws {
        let installation = try await Installation(sink: .remote(.key)) { $0.orders = 1 }
        let erp = try #require(installation.erp)
        let id = try #require(installation.shop.orderIDs(state: "confirmed").first)
        _ = try await installation.crossdock("sync")
        let number = try #require(erp.orders.first?.number)
        let refused = try await installation.crossdock("rerun", String(id), "--new-key", "--reason", "twice")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("isn't cancelled in the ERP"), "\(refused.errors)")
        erp.cancel(number)
        let made = try await installation.crossdock("rerun", String(id), "--new-key", "--reason", "cancelled by mistake")
        #expect(erp.orders.count == 2, "\(made.output)\(made.errors)")
        await installation.stop()
    }

    @Test func `check says what the shop does where its documentation is silent`() async throws {
        let installation = try await Installation(sink: .remote(.key))
        let check = try await installation.crossdock("check")
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        for expected in [
            "credentials are accepted", "state=confirmed gives only confirmed", "confirm_date__gte",
            "customer ids can be resolved", "class K",
        ] {
            #expect(check.output.contains(expected), "\(check.output)")
        }
        #expect(installation.shop.writes == 0)
        await installation.stop()
    }
}
