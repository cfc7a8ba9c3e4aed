import Foundation
import Glibc
import Orders
import Simulators
import TestSupport
import Testing

/// Shipments told to trading partners: by cXML over HTTP, by EDIFACT in a folder.
@Suite struct PartnerTests {
    private static func settings(_ despatch: String, _ sections: String, target: String) -> String {
        "    despatch: {\(despatch), target: partner}\n\(sections)targets:\n  partner: {\(target)}\n"
    }

    private static let edifact = """
            edifact:
              sender: {id: "4012345000009", qualifier: "14"}
              receiver: {id: "4054321000009", qualifier: "14"}
              buyer: {gln: "4054321000009"}
              supplier: {gln: "4012345000009"}

        """

    // MARK: cXML

    /// - Parameter target: what the configuration says of the partner, besides its address.
    private static func cxmlSite(
        _ configure: (inout PartnerConfiguration) -> Void = { _ in }, onUnknown: String = "person", target: String = ""
    ) async throws -> (ShippingSite, PartnerSimulator) {
        var configuration = PartnerConfiguration()
        configure(&configuration)
        let partner = PartnerSimulator(configuration: configuration)
        let url = try await partner.start() + configuration.path
        let site = try await ShippingSite(
            settings(
                "with: cxml, on_unknown: \(onUnknown)", ShippingSite.cxml, target: "type: https, base_url: \"\(url)\"\(target)"))
        #expect(try await site.sync().status == 0)
        return (site, partner)
    }

    private static func stop(_ site: ShippingSite, _ partner: PartnerSimulator) async {
        await site.installation.stop()
        await partner.stop()
    }

    @Test func `a ship notice reaches the partner as the bytes that the ledger shows, and the shop is closed`() async throws {
        let (site, partner) = try await Self.cxmlSite()
        try site.ship("PS-1", ("3SA", [10: "4"]), ("3SB", [10: "6", 20: "3"]))
        #expect(try await site.sync().status == 0)
        #expect(try await site.standing() == "awaiting_shipment" && site.shows("shipment_state") == "none")
        try site.ship("PS-2", ("3SC", [30: "2.5"]))
        #expect(try await site.sync().status == 0)
        #expect(try await site.standing() == "finished" && site.shows("shipment_state") == "sent")
        #expect(partner.documents.map(\.number) == ["PS-1", "PS-2"])
        #expect(partner.documents.map(\.orders) == [[ShippingSite.reference], [ShippingSite.reference]])
        for (index, document) in partner.documents.enumerated() {
            #expect(try site.bytes(ofDocument: index + 1) == document.bytes)
        }
        #expect(try await site.documents("--all").map { $0["state"] } == ["acknowledged", "acknowledged"])
        #expect(site.shop.deliveries.isEmpty)
        await Self.stop(site, partner)
    }

    @Test func `a kill before the answer is recorded doesn't give a partner two documents who knows payloadIDs`() async throws {
        let (site, partner) = try await Self.cxmlSite(onUnknown: "resend", target: ", dedupes: true")
        try await Self.killAfterTaking(site, partner)
        let next = try await site.sync()
        #expect(next.status == 0, "\(next)")
        #expect(partner.documents.count == 1 && partner.repetitions == 1)
        #expect(Set(partner.requestLog.map(\.bodyDigest)).count == 1 && partner.requestLog.count == 2)
        #expect(try await site.standing() == "finished")
        await Self.stop(site, partner)
    }

    @Test func `with a partner who takes everything twice, a person decides, and what is sent again are the same bytes`()
        async throws
    {
        let (site, partner) = try await Self.cxmlSite { $0.repetition = .take }
        try await Self.killAfterTaking(site, partner)
        #expect(try await site.sync().status == 1)
        #expect(try await site.standing() == "document_unknown" && partner.documents.count == 1)
        let resend = try await site.installation.crossdock("document", "resend", "1", "--reason", "they lost it")
        #expect(resend.status == 0, "\(resend)")
        #expect(partner.documents.count == 2 && partner.documents[0].bytes == partner.documents[1].bytes)
        #expect(try await site.standing() == "finished")
        await Self.stop(site, partner)
    }

    @Test func `the code in the partner's answer decides, whatever HTTP says`() async throws {
        let (site, partner) = try await Self.cxmlSite { $0.statusCode = 406 }
        try site.shipAll()
        let sync = try await site.sync()
        #expect(sync.status == 1 && sync.output.contains("cXML status 406"), "\(sync)")
        #expect(try await site.standing() == "document_refused" && site.shows("shipment_state") == "none")
        let release = try await site.installation.crossdock("release", ShippingSite.reference, "--reason", "told them by phone")
        #expect(release.status == 0, "\(release)")
        #expect(try await site.sync().status == 0)
        #expect(partner.documents.isEmpty && site.shows("shipment_state") == "sent")
        await Self.stop(site, partner)
    }

    private static func killAfterTaking(_ site: ShippingSite, _ partner: PartnerSimulator) async throws {
        try site.shipAll()
        partner.addFault(FaultRule(method: "POST", action: .delay(milliseconds: 90_000, .after)))
        let run = try site.installation.start("sync")
        try await Waiting.until { !partner.documents.isEmpty }
        run.send(SIGKILL)
        #expect(try await run.waitForEnd().wasKilled)
        partner.clearFaults()
    }

    // MARK: EDIFACT

    @Test func `an EDIFACT file for each shipment lies in the folder, whole, with a control reference of its own`() async throws {
        let site = try await ShippingSite(
            Self.settings("with: edifact", Self.edifact, target: "type: folder, path: edi, prefix: \"D-\""))
        let folder = site.installation.folder.path + "/edi"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        #expect(try await site.sync().status == 0)
        try site.ship("PS-1", ("3SA", [10: "10", 20: "3"]))
        #expect(try await site.sync().status == 0)
        try site.ship("PS-2", ("3SB", [30: "2.5"]))
        let last = try await site.sync()
        #expect(last.status == 0, "\(last)")
        let documents = try await site.documents("--all")
        let names = documents.map { "D-\($0["document_number"]?.stringValue ?? "").edi" }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == names.sorted() && Set(names).count == 2)
        for (index, name) in names.enumerated() {
            let path = "\(folder)/\(name)"
            #expect(try site.bytes(ofDocument: index + 1) == Array(Data(contentsOf: URL(fileURLWithPath: path))))
            let check = try await ChildProgram.run("crossdock", ["document", "check", path])
            #expect(check.status == 0 && check.output.contains("EDIFACT DESADV"), "\(check)")
        }
        #expect(try await site.standing() == "finished" && site.shows("shipment_state") == "sent")
        await site.installation.stop()
    }

    @Test func `a file that can't hold what is to be told names the sign, and is made once the configuration is mended`()
        async throws
    {
        let narrow = Self.edifact.replacing("    edifact:\n", with: "    edifact:\n      repertoire: UNOA\n")
        let site = try await ShippingSite(Self.settings("with: edifact", narrow, target: "type: folder, path: edi"))
        let folder = site.installation.folder.path + "/edi"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        #expect(try await site.sync().status == 0)
        try site.shipAll()
        let stopped = try await site.sync()
        #expect(stopped.status == 1 && stopped.output.contains("UNOA doesn't hold the sign '_'"), "\(stopped)")
        #expect(try await site.standing() == "document_impossible")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        let path = site.installation.configurationPath
        let mended = try String(contentsOfFile: path, encoding: .utf8).replacing("repertoire: UNOA", with: "repertoire: UNOC")
        try mended.write(toFile: path, atomically: true, encoding: .utf8)
        let rerun = try await site.installation.crossdock("rerun", ShippingSite.reference)
        #expect(rerun.status == 0, "\(rerun)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
        #expect(try await site.standing() == "finished" && site.shows("shipment_state") == "sent")
        await site.installation.stop()
    }

    @Test func `a folder that isn't there holds its documents up and says so, and everything goes out once it is`() async throws {
        let site = try await ShippingSite(Self.settings("with: edifact", Self.edifact, target: "type: folder, path: edi"))
        #expect(try await site.sync().status == 0)
        try site.shipAll()
        let check = try await site.installation.crossdock("check")
        #expect(check.status == 78 && check.output.contains("/edi can't be found"), "\(check)")
        // Far enough away that the run doesn't stay for it.
        let path = site.installation.configurationPath
        let patient = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: "retry: {initial: 50ms, max: 200ms}", with: "retry: {initial: 5m}")
        try patient.write(toFile: path, atomically: true, encoding: .utf8)
        let without = try await site.sync()
        #expect(without.status == 69 && without.output.contains("/edi: No such file or directory"), "\(without)")
        let rerun = try await site.installation.crossdock("rerun", ShippingSite.reference)
        #expect(rerun.status == 69, "\(rerun)")
        #expect(site.shows("shipment_state") == "none")
        try FileManager.default.createDirectory(
            atPath: site.installation.folder.path + "/edi", withIntermediateDirectories: false)
        #expect(try await site.installation.crossdock("check").status == 0)
        let with = try await site.installation.crossdock("rerun", ShippingSite.reference)
        #expect(with.status == 0, "\(with)")
        #expect(try await site.standing() == "finished")
        await site.installation.stop()
    }
}
