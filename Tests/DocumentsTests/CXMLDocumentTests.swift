import Documents
import Orders
import TestSupport
import Testing
import XMLKit

struct CXMLDocumentTests {
    private typealias Samples = CXMLSamples

    /// A confirmation with every field that we write.
    private static func fullConfirmation() throws -> ConfirmationRequest {
        let split = Samples.item(
            1,
            [
                try Samples.status(.accept, 6) { $0.deliveryTime = try Samples.time() },
                try Samples.status(.backordered, 4) {
                    $0.shipmentTime = try Samples.time()
                    $0.comments = ["Waiting for <the> \"ship\" & its crew"]
                },
            ])
        let substituted = Samples.item(2, [Samples.status(.detail) { $0.replacement = Samples.replacement() }])
        let charged = Samples.item(
            3,
            [
                Samples.status(.detail) {
                    $0.unitPrice = CXMLMoney(ExactDecimal(7), "EUR")
                    $0.tax = Samples.charge(4)
                    $0.shipping = Samples.charge(0)
                    $0.extrinsics = [CXMLExtrinsic("erpLineNumber", "30")]
                }
            ])
        var confirmation = try Samples.confirmation(.except, [split, substituted, charged])
        confirmation.operation = .update(replaces: "1@connector.example")
        confirmation.total = CXMLMoney(try ExactDecimal("123.45"), "EUR")
        confirmation.shipping = Samples.charge(5)
        confirmation.tax = Samples.charge(20)
        var contact = CXMLContact(role: "sales", name: "Ann Müller")
        contact.streets = ["Dock 1", "Gate 2"]
        contact.city = "Köln"
        contact.postalCode = "50667"
        contact.country = "DE"
        contact.email = "ann@example.org"
        contact.addressID = "12"
        confirmation.contacts = [contact]
        confirmation.comments = ["First", "Second"]
        confirmation.extrinsics = [CXMLExtrinsic("erpOrderNumber", "SO-100-200")]
        return confirmation
    }

    private static func documents(version: String) throws -> [[UInt8]] {
        var envelope = try Samples.envelope(version: version)
        var notice = try Samples.shipNotice()
        var second = Samples.control("Second & Sons", "Z9")
        second.startTime = try Samples.time("2024-03-07T08:00:00+01:00")
        second.contacts = [CXMLContact(role: "shipFrom", name: "Harbour")]
        notice.controls.append(second)
        notice.comments = ["Handle with care"]
        notice.extrinsics = [CXMLExtrinsic("a", "b")]
        notice.operation = .update(replaces: "1@x")
        var deletion = ShipNoticeRequest(
            shipmentID: "SHP-77", operation: .delete(replaces: "2@x"), noticeTime: try Samples.time())
        deletion.isActual = false
        var documents = [
            try fullConfirmation().render(in: envelope), try Samples.confirmation(.accept).render(in: envelope),
            try notice.render(in: envelope), try deletion.render(in: envelope), try feedback(type: "update").render(in: envelope),
        ]
        envelope.sharedSecret = nil
        envelope.isTest = false
        documents.append(try Samples.shipNotice().render(in: envelope))
        return documents
    }

    private static func feedback(type: String) throws -> OrderFeedback {
        let line = OrderFeedback.Line(
            erpLineNumber: 10, quantity: try ExactDecimal("2.5"), unit: "MTR", supplierPartID: "124_STUK",
            unitPrice: CXMLMoney(try ExactDecimal("9.95"), "EUR"), description: "Rope")
        var feedback = OrderFeedback(
            type: type, erpOrderNumber: "ERP-124578", orderTime: try Samples.time(), total: CXMLMoney(ExactDecimal(25), "EUR"),
            billTo: OrderFeedback.Address(addressID: "C10", name: "Buyer B.V."), lines: [line])
        feedback.shipTo = OrderFeedback.Address(addressID: "C11", name: "Dock")
        feedback.requestedDeliveryDate = CalendarDate(iso: "2024-04-01")
        feedback.extrinsics = [CXMLExtrinsic("CloudSuiteCustomerReference", "office")]
        return feedback
    }

    @Test(arguments: ["1.2.050", "1.2.063"])
    func `documents with every field are valid for two parsers`(version: String) async throws {
        let documents = try Self.documents(version: version)
        let lintComplaints = try await Judges.xmllint(documents)
        #expect(lintComplaints == "")
        let javaComplaints = try await Judges.java(documents)
        #expect(javaComplaints == "")
    }

    @Test func `both parsers refuse a document that is not valid`() async throws {
        let feedback = try Self.feedback(type: "sync").render(in: Samples.envelope())
        #expect(try await Judges.xmllint([feedback]).contains("validity error"))
        #expect(try await Judges.java([feedback]).hasPrefix("exit status 1"))
    }

    @Test func `what is written is read again`() throws {
        let envelope = try Samples.envelope()
        let confirmation = try Self.fullConfirmation()
        let read = try ConfirmationRequest.parse(confirmation.render(in: envelope))
        #expect(read.envelope == envelope && read.body == confirmation)
        let notice = try ShipNoticeRequest.parse(Samples.shipNotice().render(in: envelope))
        #expect(try notice.envelope == envelope && notice.body == Samples.shipNotice())
        let feedback = try OrderFeedback.parse(Self.feedback(type: "sync").render(in: envelope))
        #expect(try feedback.envelope == envelope && feedback.body == Self.feedback(type: "sync"))
    }

    @Test(arguments: [
        "confirmation_accept_whole_order", "confirmation_detail_mixed", "confirmation_reject", "confirmation_update",
    ])
    func `samples of confirmations are read and written without loss`(name: String) throws {
        let bytes = try Fixture.bytes("cxml/samples/own/\(name).xml")
        let (envelope, confirmation) = try ConfirmationRequest.parse(bytes)
        let again = try ConfirmationRequest.parse(confirmation.render(in: envelope))
        #expect(again.body == confirmation && again.envelope == envelope)
    }

    @Test(arguments: ["own/shipnotice_one_order", "cxml-php/ShipNoticeRequest"])
    func `samples of ship notices are read`(name: String) throws {
        let notice = try ShipNoticeRequest.parse(Fixture.bytes("cxml/samples/\(name).xml")).body
        #expect(!notice.portions.isEmpty && !notice.shipmentID.isEmpty)
    }

    @Test func `the same values give the same bytes, and no secret shows in words`() throws {
        let envelope = try Samples.envelope()
        #expect(try Self.fullConfirmation().render(in: envelope) == Self.fullConfirmation().render(in: envelope))
        #expect(!"\(envelope)".contains("not-a-real-secret") && !String(reflecting: envelope).contains("not-a-real-secret"))
        var text = ""
        dump(envelope, to: &text)
        #expect(!text.contains("not-a-real-secret"))
    }

    @Test func `no two documents share a payloadID`() {
        let make = { CXMLEnvelope.payloadID(kind: $0, shop: $1, number: $2, host: "h") }
        #expect(make("despatch", "main", "PS 1/ü") == "despatch.main.PS%201%2F%C3%BC@h")
        #expect(make("a", "b.c", "d") != make("a.b", "c", "d"))
        #expect(make("a", "b%", "d") != make("a", "b", "%d"))
    }

    @Test func `an envelope that nobody could deliver is a fault`() throws {
        var envelope = try Samples.envelope(version: "2")
        envelope.to = []
        envelope.payloadID = ""
        #expect(
            try Samples.faults { try Samples.confirmation(.accept).render(in: envelope) } == [
                "cXML/@payloadID: a mandatory value is missing", "DOCTYPE: '2' is not a version of cXML such as 1.2.050",
                "Header/To/Credential: there is no credential",
            ])
    }
}
