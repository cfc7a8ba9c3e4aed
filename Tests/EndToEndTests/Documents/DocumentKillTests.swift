import Foundation
import Glibc
import Orders
import Simulators
import TestSupport
import Testing

/// `kill -9` between a document's sending and the record of it, and whatever else leaves it unknown whether it arrived.
@Suite struct DocumentKillTests {
    private static let delivery = "/proxy/des_adv_xml/delivery/"
    private static let isKnown = ", already_known: \"^409 \""

    private static func site(_ settings: String = "") async throws -> ShippingSite {
        let site = try await ShippingSite("    despatch: {with: desadv, shop: \"1\", user: \"10\"\(settings)}\n")
        #expect(try await site.sync().status == 0)
        return site
    }

    /// Runs until the shop has booked a delivery, and kills the run before it is answered.
    private static func killAfterBooking(_ site: ShippingSite) async throws {
        site.shop.addFault(
            FaultRule(method: "POST", pathPrefix: delivery, action: .delay(milliseconds: 90_000, .after)))
        let run = try site.installation.start("sync")
        try await Waiting.until { !site.shop.deliveries.isEmpty }
        run.send(SIGKILL)
        #expect(try await run.waitForEnd().wasKilled)
        site.shop.clearFaults()
        #expect(try await site.documentStates() == ["PS-1 sending"])
    }

    /// The shop has it once, as the same bytes however often it came, and the order is closed.
    private static func expectBookedOnce(_ site: ShippingSite, posts count: Int) async throws {
        #expect(site.shop.deliveries.map(\.number) == ["PS-1"] && site.booked() == ShippingSite.ordered)
        let posts = site.posts(below: delivery)
        #expect(posts.count == count && Set(posts).count == 1, "\(posts)")
        #expect(try await site.standing() == "finished")
        #expect(site.shows("shipment_state") == "sent")
        let further = try await site.sync()
        #expect(further.status == 0 && site.posts(below: delivery).count == count, "\(further)")
    }

    @Test func `a killed run's document waits for a person, who says that it arrived`() async throws {
        let site = try await Self.site()
        try site.shipAll()
        try await Self.killAfterBooking(site)
        let next = try await site.sync()
        #expect(next.status == 1 && next.output.contains("document_unknown"), "\(next)")
        #expect(try await site.sync().status == 0, "it needs a person, but not newly")
        #expect(try await site.standing() == "document_unknown" && site.shows("shipment_state") == "none")
        let unknown = try await site.documents("--state", "unknown")
        #expect(unknown.map { $0["document_number"]?.stringValue } == ["PS-1"])
        let release = try await site.installation.crossdock("release", ShippingSite.reference, "--reason", "the shop has it")
        #expect(release.status == 0, "\(release)")
        #expect(try await site.sync().status == 0)
        try await Self.expectBookedOnce(site, posts: 1)
        #expect(try await site.documentStates() == ["PS-1 sent"])
        await site.installation.stop()
    }

    @Test(arguments: [false, true])
    func `a killed run's document may be sent again by a person, and the shop says that it has it`(isKnown: Bool) async throws {
        let site = try await Self.site(isKnown ? Self.isKnown : "")
        try site.shipAll()
        try await Self.killAfterBooking(site)
        #expect(try await site.sync().status == 1)
        let resend = try await site.installation.crossdock("document", "resend", "1", "--reason", "not sure that they have it")
        // Without words for "has it already", a 409 is a refusal like any other, and a person reads it.
        #expect(resend.status == (isKnown ? 0 : 1), "\(resend)")
        if !isKnown {
            #expect(resend.output.contains("it has it since an earlier try"), "\(resend)")
            #expect(try await site.documentStates() == ["PS-1 refused"])
            #expect(try await site.installation.crossdock("release", "CS7001", "--reason", "so they have it").status == 0)
            #expect(try await site.sync().status == 0)
        }
        try await Self.expectBookedOnce(site, posts: 2)
        #expect(try await site.documentStates() == ["PS-1 \(isKnown ? "acknowledged" : "sent")"])
        await site.installation.stop()
    }

    @Test func `a killed run's document is sent again by the next one where the shop is said to know it`() async throws {
        let site = try await Self.site(Self.isKnown + ", on_unknown: resend")
        try site.shipAll()
        try await Self.killAfterBooking(site)
        let next = try await site.sync()
        #expect(next.status == 0, "\(next)")
        try await Self.expectBookedOnce(site, posts: 2)
        #expect(try await site.documentStates() == ["PS-1 acknowledged"])
        await site.installation.stop()
    }

    /// How a post can end without anybody knowing what came of it, though the shop booked it.
    private static let takenUnanswered: [FaultAction] = [
        .applyThenDrop, .applyThenStatus(502), .html200(applied: true), .halfBody,
    ]

    @Test(arguments: takenUnanswered)
    func `a delivery that was booked and badly answered is booked once`(fault: FaultAction) async throws {
        let site = try await Self.site(Self.isKnown + ", on_unknown: resend")
        try site.shipAll()
        site.shop.addFault(FaultRule(method: "POST", pathPrefix: Self.delivery, times: 1, action: fault))
        let sync = try await site.sync()
        #expect(sync.status == 0, "\(sync)")
        try await Self.expectBookedOnce(site, posts: 2)
        await site.installation.stop()
    }

    @Test func `a delivery that never arrived is sent by a person as it was made, though the configuration has changed since`()
        async throws
    {
        let site = try await Self.site()
        try site.shipAll()
        site.shop.addFault(FaultRule(method: "POST", pathPrefix: Self.delivery, times: 1, action: .dropBeforeApplying))
        let sync = try await site.sync()
        #expect(sync.status == 1 && sync.output.contains("Ask its receiver"), "\(sync)")
        #expect(site.shop.deliveries.isEmpty)
        let (shown, record) = (try site.bytes(ofDocument: 1), try #require(try await site.documents("CS7001").first))
        #expect(record["state"] == "unknown")
        let path = site.installation.configurationPath
        let changed = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: "with: desadv", with: "with: desadv, buyer_party: \"99\"")
        try changed.write(toFile: path, atomically: true, encoding: .utf8)
        let resend = try await site.installation.crossdock("document", "resend", "1", "--reason", "they never got it")
        #expect(resend.status == 0, "\(resend)")
        try await Self.expectBookedOnce(site, posts: 2)
        #expect(try site.bytes(ofDocument: 1) == shown)
        let again = try await site.installation.crossdock("document", "resend", "1", "--reason", "once more")
        #expect(again.status == 2 && again.errors.contains("is with its receiver already"), "\(again)")
        #expect(site.posts(below: Self.delivery).count == 2)
        await site.installation.stop()
    }

    @Test func `a delivery that the shop refuses needs a person, and the next one waits for it`() async throws {
        let site = try await Self.site()
        try site.ship("PS-1", ("3SA", [10: "4"]), ("3SB", [10: "6"]))
        site.shop.addFault(
            FaultRule(method: "POST", pathPrefix: Self.delivery, times: 1, action: .status(400, retryAfterSeconds: nil)))
        let sync = try await site.sync()
        #expect(sync.status == 1 && sync.output.contains("document_refused"), "\(sync)")
        #expect(try await site.documentStates() == ["PS-1-1 refused", "PS-1-2 rendered"])
        #expect(site.shop.deliveries.isEmpty)
        let story = try await site.installation.crossdock("order", ShippingSite.reference).output
        #expect(
            story.contains("next         nothing by itself; 'crossdock document resend 1' or 'crossdock release CS7001'"),
            "\(story)")
        let resend = try await site.installation.crossdock("document", "resend", "1", "--reason", "they mended it")
        #expect(resend.status == 0, "\(resend)")
        #expect(site.shop.deliveries.map(\.number) == ["PS-1-1", "PS-1-2"] && site.booked() == [10: "10"])
        await site.installation.stop()
    }
}
