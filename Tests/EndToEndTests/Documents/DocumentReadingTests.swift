import Orders
import Simulators
import TestSupport
import Testing

/// What people read about documents, and that it holds together.
@Suite struct DocumentReadingTests {
    private static let settings =
        "    write_back: cxml\n    confirmation: {document: order_request, order_id: CloudSuiteOrderId, shop: \"1\", user: \"10\"}\n"
        + ShippingSite.desadv + ShippingSite.cxml

    @Test func `the number in an order's story is the one that the commands take`() async throws {
        let site = try await ShippingSite(
            ShippingSite.desadv + "    order_status: {shop: \"1\", processing: {language: nl_NL, text: In behandeling}}\n")
        // Another order's document comes first, so that the order's own count isn't the ledger's.
        _ = try #require(site.shop.add(try ShippingSite.order(id: 6001)))
        #expect(try await site.installation.crossdock("rerun", "6001").status == 0)
        #expect(try await site.sync().status == 0)
        let story = try await site.installation.crossdock("order", ShippingSite.reference).output
        #expect(story.contains("document 2   order_status SO-000002.processing"), "\(story)")
        #expect(story.contains("document 2: its receiver took it") && !story.contains("document 1"), "\(story)")
        let shown = try await site.installation.crossdock("document", "show", "2")
        #expect(shown.output.contains("document 2: order_status SO-000002.processing"), "\(shown)")
        #expect(shown.output.contains("sent once") && shown.output.contains("CS7001"), "\(shown)")
        await site.installation.stop()
    }

    @Test func `a cXML document is shown without its secret, and as bytes with it`() async throws {
        let site = try await ShippingSite(Self.settings)
        let dry = try await site.installation.crossdock("sync", "--dry-run")
        #expect(dry.status == 0 && !dry.output.contains("simulated-secret"), "\(dry)")
        #expect(try await site.sync().status == 0)
        let shown = try await site.installation.crossdock("document", "show", "1")
        #expect(shown.output.contains("<SharedSecret>(kept back)</SharedSecret>"), "\(shown)")
        #expect(!shown.output.contains("simulated-secret"))
        let bytes = String(decoding: try site.bytes(ofDocument: 1), as: UTF8.self)
        #expect(bytes.contains("<SharedSecret>simulated-secret</SharedSecret>"))
        await site.installation.stop()
    }

    @Test func `a dry run shows every document that it would send, and sends none`() async throws {
        let site = try await ShippingSite(ShippingSite.desadv)
        #expect(try await site.sync().status == 0)
        try site.ship("PS-1", ("3SA", [10: "4"]), ("3SB", [20: "3"]))
        let dry = try await site.installation.crossdock("sync", "--dry-run")
        #expect(dry.status == 0, "\(dry)")
        for expected in [
            "would send: documents desadv PS-1-1, desadv PS-1-2", "<DesadvNumber>PS-1-2</DesadvNumber>",
            "<QuantityValue>4.0000</QuantityValue>",
        ] { #expect(dry.output.contains(expected), "\(dry.output)") }
        let lines = try await site.installation.crossdock("sync", "--dry-run", "--json").output.split(separator: "\n")
        let sent = try lines.map { try JSONValue(parsing: String($0)) }.compactMap { $0["would_send"]?["body"]?.arrayValue }
        #expect(sent.map { $0.map { $0["document_number"] } } == [["PS-1-1", "PS-1-2"]])
        #expect(site.shop.deliveries.isEmpty)
        #expect(try await site.documents("--all").isEmpty)
        await site.installation.stop()
    }

    @Test func `an empty list says what it would have listed`() async throws {
        let site = try await ShippingSite(ShippingSite.desadv)
        #expect(try await site.sync().status == 0)
        let none = try await site.installation.crossdock("documents")
        #expect(none.status == 0 && none.output.contains("--all lists every one"), "\(none)")
        await site.installation.stop()
    }
}
