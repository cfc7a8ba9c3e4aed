import Documents
import Foundation
import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing

/// The documents that the file sink writes, in the eyes of programs that know nothing of us.
@Suite struct FileSinkDocumentTests {
    private let folder: ProjectFolder.Temporary
    private let context = SinkContext(timeLimit: .seconds(10))

    init() throws { folder = try ProjectFolder.Temporary() }

    private func settings(
        _ format: FileSinkSettings.Format, directory: EDIFACTMessageType.Directory = .d96a, version: String = "1.2.050"
    ) -> FileSinkSettings {
        var settings = FileSinkSettings(folder: folder.path)
        settings.format = format
        settings.isEmptied = false
        settings.edifact = EDIFACTStyle(
            sender: .init("4012345000009", qualifier: "14"), recipient: .init("ERP", qualifier: "ZZ"),
            profile: EDIFACTProfile(directory: directory, transliteration: .western),
            buyer: DocumentParty(locationNumber: "4012345000009"), supplier: DocumentParty(code: "S-1", name: "Großhandel"))
        let us = CXMLCredential(domain: "NetworkId", identity: "AN1")
        settings.cxml = CXMLStyle(from: us, to: CXMLCredential(domain: "DUNS", identity: "9"), sender: us, host: "shop.example")
        settings.cxml?.version = version
        return settings
    }

    private func order(_ id: Int64, quantity: String = "2.5") throws -> SinkOrder {
        let plain = try vendorOrder(id, quantity: quantity)
        var head = plain.order
        (head.confirmDate, head.description) = ("2026-11-20T10:15:00", "Bitte <vor> 12 Uhr & + 'klingeln': danke?")
        var customer = plain.customer ?? Party()
        (customer.houseNumber, customer.postalCode, customer.country) = ("12", "3511 AB", "NL")
        let items = [
            "id:\(id * 100)": SinkItem(
                productCode: "A'1+B", unit: "KGM", quantity: try ExactDecimal("0.125"), unitPrice: try ExactDecimal("12.3456"))
        ]
        return SinkOrder(
            key: plain.key, order: head, customer: customer, shipmentAddress: customer, invoiceAddress: customer,
            customerCode: "C-7", items: items)
    }

    /// What lies in the folder for orders 1 to 12, after each was made twice and found.
    private func written(_ settings: FileSinkSettings) async throws -> [[UInt8]] {
        let sink = FileSink(settings)
        for id in Int64(1)...12 {
            let receipt = try #require(try await sink.create(try order(id), context).receipt)
            #expect(try await sink.create(try order(id), context).receipt == receipt)
            #expect(try await sink.find(try order(id).key, context) == receipt)
            #expect(receipt.lines.map(\.lineKey) == (0...2).map { "id:\(id * 100 + Int64($0))" })
        }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + $0)))
        }
    }

    @Test(arguments: [EDIFACTMessageType.Directory.d96a, .d01b])
    func `another engine finds nothing wrong with orders in EDIFACT`(_ directory: EDIFACTMessageType.Directory) async throws {
        let files = try await written(settings(.edifactOrders, directory: directory))
        #expect(files.count == 12)
        let ediComplaints = try await Judges.ediCheck(files)
        #expect(ediComplaints == "")
        let interchange = try EDIFACTInterchange(files[0])
        let segments = try #require(interchange.messages.first).segments
        #expect(segments.first { $0.tag == "BGM" }?.elements == [["220"], ["CS1"], ["9"]])
        #expect(segments.filter { $0.tag == "LIN" }.count == 3 && segments.filter { $0.tag == "PRI" }[0][0, 1] == "12.3456")
        #expect(segments.first { $0.tag == "QTY" }?.elements == [["21", "0.125", "KGM"]])
        #expect(Set(try files.map { try EDIFACTInterchange($0).controlReference }).count == 12)
    }

    @Test(arguments: ["1.2.050", "1.2.063"])
    func `two programs of others find nothing wrong with orders in cXML`(_ version: String) async throws {
        let documents = try await written(settings(.cxmlOrderRequest, version: version))
        #expect(documents.count == 12)
        let lintComplaints = try await Judges.xmllint(documents)
        #expect(lintComplaints == "")
        let javaComplaints = try await Judges.java(documents)
        #expect(javaComplaints == "")
        let text = String(decoding: documents[0], as: UTF8.self)
        // 0.125 × 12.3456 + 2 × 2.5 × 12.50
        #expect(text.contains("<Money currency=\"EUR\">64.0432</Money>") && text.contains("order.demo.1@shop.example"))
    }

    @Test func `what a document has no room for refuses the order, with the line that it stands in`() async throws {
        let sink = FileSink(settings(.edifactOrders))
        guard case .rejected(let faults) = try await sink.create(try order(1, quantity: "-1"), context) else {
            Issue.record("not rejected")
            return
        }
        #expect(faults.map(\.path) == ["lines[1]", "lines[2]"] && faults[0].message.contains("below zero"), "\(faults)")
        #expect(try await sink.validate(try order(1, quantity: "-1"), context) == faults)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
