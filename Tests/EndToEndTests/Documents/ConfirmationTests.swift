import Glibc
import Orders
import Simulators
import TestSupport
import Testing

/// `write_back: cxml`: one document tells the shop the ERP's numbers.
@Suite struct ConfirmationTests {
    private static let interface = "/proxy/oci_xml/purchase"

    /// The two documents, as the simulated shop understands them; what the real one understands isn't public.
    enum Form: String, CaseIterable, Sendable {
        case confirmationRequest = "confirmation_request"
        case orderRequest = "order_request"

        var settings: String {
            switch self {
            case .confirmationRequest: "erp_order_number: ERPOrderNumber, erp_line_number: ERPLineNumber"
            case .orderRequest: "order_id: CloudSuiteOrderId"
            }
        }
    }

    private static func site(_ form: Form, _ more: String = "") async throws -> ShippingSite {
        let confirmation = "{document: \(form.rawValue), shop: \"1\", user: \"10\", \(form.settings)\(more)}"
        return try await ShippingSite(
            "    write_back: cxml\n    confirmation: \(confirmation)\n" + ShippingSite.cxml)
    }

    private static func expectTold(_ site: ShippingSite, posts count: Int = 1) async throws {
        #expect(site.shop.orderFeedback.count == 1 && site.posts(below: interface).count == count)
        #expect(Set(site.posts(below: interface)).count == 1)
        #expect(site.shows("state") == "processing" && site.shows("erp_order_number") == ShippingSite.erpNumber)
        let lines = site.shop.order(ShippingSite.orderID)?["order_lines"]?.arrayValue ?? []
        #expect(lines.map { $0["erp_line_number"]?.integerValue } == [10, 20, 30])
        #expect(try await site.standing() == "finished")
        #expect(site.patches == [#"{"state":"processing"}"#, #"{"shipment_state":"sent"}"#])
        #expect(!site.shop.requestLog.contains { $0.method == "PUT" })
        #expect(try await site.sync().status == 0 && site.posts(below: interface).count == count)
    }

    @Test(arguments: Form.allCases)
    func `one document tells the shop what the ERP calls the order and its lines`(form: Form) async throws {
        let site = try await Self.site(form)
        let sync = try await site.sync()
        #expect(sync.status == 0, "\(sync)")
        try await Self.expectTold(site)
        #expect(try await site.documents("--all").map { $0["state"] } == ["acknowledged"])
        await site.installation.stop()
    }

    @Test(arguments: Form.allCases)
    func `a kill between sending it and recording that tells the shop once, and nobody need be asked`(form: Form) async throws {
        let site = try await Self.site(form)
        try await Self.killAfterTaking(site)
        let next = try await site.sync()
        // The shop shows what the document says, so nobody need ask whether it arrived.
        #expect(next.status == 0, "\(next)")
        try await Self.expectTold(site)
        await site.installation.stop()
    }

    @Test(arguments: Form.allCases)
    func `a document that never arrived is sent again by itself where the shop is said to know payloadIDs`(form: Form)
        async throws
    {
        let site = try await Self.site(form, ", dedupes: true, on_unknown: resend")
        site.shop.addFault(FaultRule(method: "POST", pathPrefix: Self.interface, times: 1, action: .dropBeforeApplying))
        let sync = try await site.sync()
        #expect(sync.status == 0, "\(sync)")
        try await Self.expectTold(site, posts: 2)
        await site.installation.stop()
    }

    @Test func `a document that was taken and shows nothing in the shop needs a person`() async throws {
        let site = try await Self.site(.confirmationRequest, ", answer: status, shows_within: 1ms")
        site.shop.addFault(
            FaultRule(method: "POST", pathPrefix: Self.interface, action: .errorInside200(detail: "", applied: false)))
        let sync = try await site.sync()
        #expect(sync.status == 1 && sync.output.contains("document_unknown"), "\(sync)")
        #expect(site.shows("erp_order_number") == nil)
        await site.installation.stop()
    }

    @Test func `an order that is made again under a new key is told of under a payloadID of its own`() async throws {
        let site = try await Self.site(.orderRequest, ", payload_id: order_id")
        #expect(try await site.sync().status == 0)
        let erp = site.installation.folder.path + "/erp.db"
        _ = try ChildProgram.output(of: ["sqlite3", erp, "UPDATE orders SET state = 'cancelled'"])
        let rerun = try await site.installation.crossdock(
            "rerun", ShippingSite.reference, "--new-key", "--reason", "cancelled by mistake")
        #expect(rerun.status == 0, "\(rerun)")
        #expect(try await site.sync().status == 0)
        #expect(try await site.standing() == "finished")
        #expect(site.shop.orderFeedback.map(\.payloadID) == ["7001", "7001-2"])
        await site.installation.stop()
    }

    private static func killAfterTaking(_ site: ShippingSite) async throws {
        site.shop.addFault(FaultRule(method: "POST", pathPrefix: interface, action: .delay(milliseconds: 90_000, .after)))
        let run = try site.installation.start("sync")
        try await Waiting.until { !site.shop.orderFeedback.isEmpty }
        run.send(SIGKILL)
        #expect(try await run.waitForEnd().wasKilled)
        site.shop.clearFaults()
    }
}
