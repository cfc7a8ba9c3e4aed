import Documents
import Engine
import Foundation
import OrderFlow
import Orders
import SinkKit
import TestSupport
import Testing
import XMLKit

/// What the maker makes, held against DTDs, schema and the rules that neither sees.
@Suite struct MadeDocumentsTests {
    private typealias Samples = MakerSamples

    /// What is wrong with a document, `[]` for a good one of that kind.
    private static func faults(_ document: OutgoingDocument, kind: String) throws -> [String] {
        let read = { (path: String) in
            Array(try Data(contentsOf: URL(fileURLWithPath: "\(ProjectFolder.root)/Fixtures/\(path)")))
        }
        let cxml = try DefinitionCatalog(read("cxml/catalog.xml"))
        let desadv = try DefinitionCatalog(read("desadv/catalog.xml"))
        let check = DocumentCheck(
            document.bytes,
            definitions: DocumentDefinitions(
                typeDefinition: { address in cxml.typeDefinition(for: address).flatMap { try? read("cxml/\($0)") } },
                schema: { root in desadv.schema(for: root).flatMap { try? read("desadv/\($0)") } }))
        return check.faults.map(\.description) + check.notes + (check.kind == kind ? [] : ["a \(check.kind ?? "file")"])
    }

    @Test(arguments: [
        (DocumentStyle.Despatch.desadv, "CloudSuite DESADV"), (.cxml, "cXML ShipNoticeRequest"),
        (.edifact, "EDIFACT DESADV D.96A"),
    ])
    func `documents of a shipment are good ones of their kind`(despatch: DocumentStyle.Despatch, kind: String) throws {
        var shipment = try Samples.threePackages()
        shipment.comment = "Ring <twice> & wait, \"please\": Müller + Söhne?"
        shipment.packages[1].containerCode = "340123450000000017"
        shipment.packages[1].weightKilograms = try ExactDecimal("2.50")
        shipment.packages[1].trackingAddress = "https://carrier.example/t/A?a=1&b=2"
        let maker = try Samples.maker { style in
            style.despatch = despatch
            style.packageType = "CT"
            style.cxml?.sharedSecret = CXMLSecret("not-a-real-secret")
        }
        let documents = try maker.despatch(
            shipment, of: Samples.order, receipt: Samples.receipt, shop: "main", control: try #require(Samples.control),
            at: Samples.at)
        #expect(!documents.isEmpty)
        for document in documents { #expect(try Self.faults(document, kind: kind) == []) }
    }

    @Test(arguments: [
        (SinkReceiptLine.Outcome.accepted, SinkReceiptLine.Outcome.accepted), (.accepted, .changed), (.changed, .backordered),
        (.backordered, .rejected), (.rejected, .rejected), (.accepted, .rejected), (.backordered, .backordered),
    ])
    func `confirmations are good ones whatever became of the lines`(
        first: SinkReceiptLine.Outcome, others: SinkReceiptLine.Outcome
    ) throws {
        var receipt = Samples.receipt
        for index in receipt.lines.indices {
            receipt.lines[index].outcome = index == 0 ? first : others
            receipt.lines[index].message = index == 1 ? nil : "what the ERP said"
            if receipt.lines[index].outcome == .rejected { receipt.lines[index].erpLineNumber = nil }
        }
        for names in [ConfirmationStyle(), ConfirmationStyle(erpOrderNumberName: "no", erpLineNumberName: "line")] {
            let maker = try Samples.maker { $0.cxml?.confirmation = names }
            let document = try maker.confirmation(of: Samples.order, receipt: receipt, shop: "main", at: Samples.at)
            #expect(try Self.faults(document, kind: "cXML ConfirmationRequest") == [])
        }
    }

    @Test func `an order request is a good one, but for a type that no DTD knows`() throws {
        func faults(type: String) throws -> [String] {
            let maker = try Samples.maker { style in
                style.confirmation = .orderRequest
                style.cxml?.orderRequest.type = type
            }
            let document = try maker.confirmation(of: Samples.order, receipt: Samples.receipt, shop: "main", at: Samples.at)
            return try Self.faults(document, kind: "cXML OrderRequest")
        }
        #expect(try faults(type: "update") == ["of cXML documents of this kind only the DTD's rules are known"])
        #expect(try faults(type: "sync").contains { $0.contains("sync") })
    }
}
