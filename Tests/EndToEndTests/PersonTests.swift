import Orders
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
        let released = try await installation.crossdock("release", "CS48101", "--reason", "they called back")
        #expect(released.status == 0 && released.output.contains("'crossdock rerun CS48101' does so now"), "\(released)")
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

    @Test func `an order that doesn't go says what a person can do about it, and machines get its faults`() async throws {
        let installation = try await Installation()
        _ = try await installation.crossdock("sync")
        let malformed = try await installation.crossdock("order", "CS48143").output
        #expect(malformed.contains("mend it in the shop, then 'crossdock rerun CS48143'"), "\(malformed)")
        #expect(malformed.contains("in the shop  state confirmed  (read"), "what couldn't be used isn't told: \(malformed)")
        let total = try await installation.crossdock("order", "CS48137").output
        #expect(total.contains("or 'crossdock release CS48137' to send it as it is"), "\(total)")
        let json = try JSONValue(parsing: try await installation.crossdock("order", "CS48143", "--json").output)
        #expect(json["faults"]?.arrayValue?.count == 2 && json["next"]?.stringValue?.isEmpty == false, "\(json)")
        let held = try await installation.crossdock("hold", "CS48130", "--reason", "a call", "--json")
        #expect(try JSONValue(parsing: held.output)["reason"] == "held_by_person", "\(held)")
        await installation.stop()
    }

    @Test func `an order that no flow takes is told of with its webshop`() async throws {
        let installation = try await Installation()
        let unknown = try await installation.crossdock("order", "CS48138")
        #expect(unknown.status == 2 && unknown.errors.contains("'crossdock rerun CS48138 --dry-run' asks the shop"), "\(unknown)")
        let other = try await installation.crossdock("rerun", "CS48138", "--dry-run")
        #expect(
            other.status == 2
                && other.errors.contains("has 'CS48138' as order 48138 of webshop 2, and no flow of this configuration"),
            "\(other)")
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

    @Test func `a list says whether it goes on, and no more is read of it than is shown`() async throws {
        let installation = try await Installation { $0.orders = 3 }
        #expect(try await installation.crossdock("sync").status == 0)
        let cut = try await installation.crossdock("orders", "--all", "--json", "--limit", "2")
        #expect(cut.status == 0 && cut.output.split(separator: "\n").count == 2, "\(cut)")
        #expect(cut.errors == "crossdock: the list goes on after 2; --limit shows more\n", "\(cut)")
        let whole = try await installation.crossdock("orders", "--all", "--json", "--limit", "3")
        #expect(whole.output.split(separator: "\n").count == 3 && whole.errors.isEmpty, "\(whole)")
        for list in ["orders", "documents"] {
            let none = try await installation.crossdock(list, "--limit", "0")
            #expect(none.status == 2 && none.errors.contains("--limit is at least 1"), "\(none)")
        }
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
            "customer ids can be resolved", "invoice address ids can be resolved", "class K",
            "links to the next page lead to where the API is", "an order that isn't there is refused",
            "of the filters payment_status, shipment_state, erp_order_number, customer_order_number it ignores all",
        ] {
            #expect(check.output.contains(expected), "\(check.output)")
        }
        #expect(installation.shop.writes == 0)
        await installation.stop()
    }

    @Test func `check tells what contradicts the documentation, and what can't be told`() async throws {
        let installation = try await Installation {
            $0.orders = 3
            $0.pageSizeDefault = 2
            $0.pageSizeMax = 2
            $0.nextLinkHost = "elsewhere.example"
            $0.listOrder = .shuffled
            $0.ignoresOfflineFilter = true
        }
        let check = try JSONValue(parsing: try await installation.crossdock("check", "--json").output)
        let verdicts = (check.arrayValue ?? []).compactMap { finding in
            finding["message"]?.stringValue.map { ($0, finding["verdict"]?.stringValue ?? "") }
        }
        for (expected, verdict) in [
            ("links to the next page lead to http://elsewhere.example", "contradicted"),
            ("set page_limit to that", "contradicted"),
            ("the filter is ignored", "contradicted"), ("whether orders are found by their key", "can't tell"),
            ("a list's count is that of the whole list", "confirmed"),
        ] { #expect(verdicts.contains { $0.0.contains(expected) && $0.1 == verdict }, "\(expected): \(verdicts)") }
        await installation.stop()
    }
}
