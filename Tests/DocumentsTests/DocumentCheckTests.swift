import Documents
import Foundation
import Testing
import XMLKit

struct DocumentCheckTests {
    private static func check(_ bytes: [UInt8]) throws -> DocumentCheck {
        let cxml = try DefinitionCatalog(Fixture.bytes("cxml/catalog.xml"))
        let desadv = try DefinitionCatalog(Fixture.bytes("desadv/catalog.xml"))
        return DocumentCheck(
            bytes,
            definitions: DocumentDefinitions(
                typeDefinition: { address in cxml.typeDefinition(for: address).flatMap { try? Fixture.bytes("cxml/\($0)") } },
                schema: { root in desadv.schema(for: root).flatMap { try? Fixture.bytes("desadv/\($0)") } }))
    }

    @Test func `a delivery message is held against the schema, each fault with its line`() throws {
        #expect(try Self.check(Fixture.bytes("desadv/samples/partial-delivery.xml")).faults.isEmpty)
        let faults = try Self.check(Fixture.bytes("desadv/samples/wrong-in-five-places.xml")).faults.map(\.description)
        #expect(
            faults.compactMap { $0.split(separator: ":").first.map(String.init) }.prefix(5) == [
                "line 5", "line 6", "line 18", "line 20", "line 21",
            ], "\(faults)")
    }

    @Test func `without a schema a delivery message is read to its end all the same`() throws {
        let bytes = try Fixture.bytes("desadv/samples/wrong-in-five-places.xml")
        #expect(
            DocumentCheck(bytes).faults.map(\.description) == [
                "line 5, DesadvHeader/DesadvDate: '2025-02-29' is not a date such as 2025-03-01",
                "line 6, DesadvHeader/PlannedDeliveryDate: 'tomorrow' is not a date such as 2025-03-01",
                "line 18, Item/ItemNum: '0' is not a line number", "line 21, Item/SellerItemID: a mandatory value is missing",
                "line 20, Item/QuantityValue: 0.50001 has more than 4 decimals",
            ])
        let good = String(decoding: try Fixture.bytes("desadv/samples/partial-delivery.xml"), as: UTF8.self)
        for (part, wrong, fault) in [
            (
                "<TransportModeCode>DHL</TransportModeCode>", "",
                "line 8, TransportDetails/TransportModeCode: the element is missing"
            ),
            ("<DesadvNumber>", "<DesadvNumber/><DesadvNumber>", "line 3, DesadvHeader/DesadvNumber: the element stands twice"),
            ("ERP-124578", " ", "line 19, Item/OrderNum: a mandatory value is missing"),
            ("0.5000", "-0.5", "line 20, Item/QuantityValue: -0.5 is not a quantity above zero"),
            ("0.5000", "half", "line 20, Item/QuantityValue: 'half' is not a decimal"),
            ("LineItems>", "Lines>", "line 15, Packaging/LineItems: the element is missing"),
            ("Item>", "Thing>", "line 16, LineItems: there is nothing in the shipment"),
        ] {
            let faults = DocumentCheck(Array(good.replacing(part, with: wrong).utf8)).faults
            #expect(faults.map(\.description) == [fault])
        }
    }

    @Test func `a document of another kind is held against the schema that the catalog names`() {
        let schema = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='note' type='xs:date'/></xs:schema>"
        let definitions = DocumentDefinitions(schema: { $0 == "note" ? Array(schema.utf8) : nil })
        let good = DocumentCheck(Array("<note>2026-01-31</note>".utf8), definitions: definitions)
        #expect(good.kind == "XML note" && good.faults.isEmpty && good.notes.count == 1)
        #expect(DocumentCheck(Array("<note>today</note>".utf8), definitions: definitions).faults.count == 1)
    }

    @Test(arguments: [
        ("own/confirmation_accept_whole_order", "cXML ConfirmationRequest"),
        ("own/confirmation_reject", "cXML ConfirmationRequest"),
        ("own/confirmation_update", "cXML ConfirmationRequest"), ("own/confirmation_detail_mixed", "cXML ConfirmationRequest"),
        ("cxml-php/OrderRequest", "cXML OrderRequest"), ("cxml-php/StatusUpdateRequest", "cXML StatusUpdateRequest"),
        ("own/response_201", "cXML Response"),
    ])
    func `a good cXML document has no faults`(name: String, kind: String) throws {
        let check = try Self.check(Fixture.bytes("cxml/samples/\(name).xml"))
        #expect(check.kind == kind && check.faults.isEmpty)
    }

    @Test func `faults of the DTD and of the rules are named with their lines`() throws {
        let good = String(decoding: try Fixture.bytes("cxml/samples/own/confirmation_detail_mixed.xml"), as: UTF8.self)
        let wrong = good.replacing("quantity=\"10\" lineNumber=\"1\"", with: "quantity=\"11\" lineNumber=\"1\" colour=\"red\"")
        let faults = try Self.check(Array(wrong.utf8)).faults.map(\.description)
        #expect(faults.first?.hasPrefix("line 20: ") == true && faults.first?.contains("colour") == true)
        #expect(
            faults.last
                == "order PO-4712, line 1, ConfirmationStatus/@quantity: the parts don't add up to the line's quantity, 11")
    }

    @Test func `a document whose DTD is not at hand is told`() throws {
        let text =
            "<!DOCTYPE cXML SYSTEM 'http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd'><cXML payloadID='' timestamp=''><Response><Status code='200' text=''/></Response></cXML>"
        let check = try Self.check(Array(text.utf8))
        #expect(check.faults.isEmpty && check.notes.count == 2)
    }

    @Test func `delivery messages and EDIFACT files are known by their looks`() throws {
        let documents = try DesadvDocument.documents(for: EDIFACTSamples.despatch(), split: .oneMessage)
        let desadv = try Self.check(documents[0].render())
        #expect(desadv.kind == "CloudSuite DESADV" && desadv.faults.isEmpty)
        let advice = try DespatchAdvice(EDIFACTSamples.despatch()).render(EDIFACTSamples.profiles[3]).message
        let response = try OrderResponse(EDIFACTSamples.confirmation()).render(EDIFACTSamples.profiles[0]).message
        let bytes = try EDIFACTSamples.interchange([advice, response]).render()
        let edifact = try Self.check(bytes)
        #expect(edifact.kind == "EDIFACT DESADV D.01B EAN007, ORDRSP D.96A" && edifact.faults.isEmpty)
        let wrong = String(decoding: bytes, as: Unicode.ASCII.self).replacing("CNT+2:2", with: "CNT+2:3")
        #expect(
            try Self.check(Array(wrong.utf8)).faults.map(\.description) == [
                "segment 40 (CNT), line 1: CNT 2: it counts 3 lines, there are 2"
            ])
    }

    @Test(arguments: [
        ("hello", "line 1: there is no element"), ("<html/>", "html: neither cXML nor a delivery message for CloudSuite"),
        ("UNB+", "segment 1 (UNB), line 1: document: the last segment has no end"),
        (" UNB+UNOC:3'", "segment 1 (UNB), line 1: document: ' UNB' is not a segment's tag"),
    ])
    func `what is none of them is told`(text: String, description: String) {
        #expect(DocumentCheck(Array(text.utf8)).faults.map(\.description) == [description])
    }

    /// Each is one change to a file of one segment a line, the first of which is UNA.
    @Test(arguments: [
        (
            "LIN+2++04000862141411", "LIN+2++04000862141412",
            "segment 34 (LIN), line 35: order PO-4712, line 2, LIN C212.7140: '04000862141412' is not a GTIN"
        ),
        (
            "GIN+BJ+340123450000000017", "GIN+BJ+340123450000000018",
            "segment 21 (GIN), line 22: order PO-4712, GIN C208.7402: '340123450000000018' is not an SSCC"
        ),
        (
            "QTY+12:6:PCE", "QTY+12:-6:PCE",
            "segment 25 (QTY), line 26: order PO-4712, line 1, QTY 12 C186.6060: -6 is below zero"
        ), ("QTY+12:6:PCE", "QTY+12:six:PCE", "segment 25 (QTY), line 26: QTY: 'six' is not a decimal"),
        (
            "DTM+17:20240306:102", "DTM+17:20240230:102",
            "segment 6 (DTM), line 7: DTM 17: '20240230' is not a date such as 20240305 (102)"
        ),
        (
            "NAD+DP+4054321000016", "NAD+DP+4054321000017",
            "segment 11 (NAD), line 12: order PO-4712, NAD DP C082.3039: '4054321000017' is not a GLN"
        ),
        (
            "Rampe 3", "Rampe\t3",
            "segment 14 (FTX), line 15: order PO-4712, FTX C108.4440: UNOC doesn't hold the sign '\\t'"
        ), ("DN-1001+9", "DN-1001+9\t", "segment 3 (BGM), line 4: BGM: UNOC doesn't hold the sign '\\t'"),
    ])
    func `a fault in an EDIFACT file is told with its segment and line`(part: String, wrong: String, description: String) throws {
        let advice = try DespatchAdvice(EDIFACTSamples.despatch()).render(EDIFACTSamples.profiles[0]).message
        let good = try EDIFACTSamples.interchange([advice]).render(layout: EDIFACTLayout(breaksLines: true))
        let bytes = good.replacing(Array(part.utf8), with: Array(wrong.utf8))
        #expect(bytes != good)
        #expect(try Self.check(bytes).faults.map(\.description) == [description])
    }

    @Test func `a message of a directory that isn't known is named, and said not to be looked into`() throws {
        let advice = try DespatchAdvice(EDIFACTSamples.despatch()).render(EDIFACTSamples.profiles[0]).message
        let text = String(decoding: try EDIFACTSamples.interchange([advice], .unoc).render(), as: Unicode.ASCII.self)
        let check = try Self.check(Array(text.replacing("DESADV:D:96A", with: "DESADV:D:21B").utf8))
        #expect(check.kind == "EDIFACT DESADV D.21B")
        #expect(check.faults.map(\.element) == ["UNH S009"])
    }
}
