internal import Documents
internal import Orders
internal import Simulators
internal import Testing

/// The simulated trading partner.
struct PartnerTests {
    private static func withPartner(
        _ configure: (inout PartnerConfiguration) -> Void = { _ in }, _ body: (PartnerSimulator, Probe) async throws -> Void
    ) async throws {
        var configuration = PartnerConfiguration()
        configure(&configuration)
        let partner = PartnerSimulator(configuration: configuration)
        let probe = Probe(baseURL: try await partner.start(), headers: [("Content-Type", "text/xml; charset=UTF-8")])
        do { try await body(partner, probe) } catch {
            await partner.stop()
            throw error
        }
        await partner.stop()
    }

    static func envelope(_ number: String = "1", secret: String? = "simulated-secret") throws -> CXMLEnvelope {
        let us = CXMLCredential(domain: "NetworkId", identity: "AN1")
        return CXMLEnvelope(
            payloadID: CXMLEnvelope.payloadID(kind: "confirmation", shop: "main", number: number, host: "connector.example"),
            timestamp: try #require(ZonedTime(iso: "2024-03-05T10:15:30+01:00")), from: [us],
            to: [CXMLCredential(domain: "NetworkId", identity: "AN2")], sender: [us], sharedSecret: secret.map { CXMLSecret($0) })
    }

    private static func confirmation(_ number: String = "1", secret: String? = "simulated-secret", order: String = "PO-1") throws
        -> String
    {
        let time = try #require(ZonedTime(iso: "2024-03-05T10:15:30+01:00"))
        let request = ConfirmationRequest(
            kind: .accept, confirmID: "C-\(number)", noticeTime: time, order: CXMLOrderReference(orderID: order))
        return String(decoding: try request.render(in: try envelope(number, secret: secret)), as: UTF8.self)
    }

    private static func code(_ answer: Probe.Answer) -> Int? { (try? CXMLResponse(answer.body))?.code }

    @Test func `a confirmation and a ship notice are taken and shown`() async throws {
        try await Self.withPartner { partner, probe in
            let text = try Self.confirmation()
            let answer = probe.post("/cxml", text)
            #expect(answer.status == 200 && Self.code(answer) == 200)
            var notice = ShipNoticeRequest(
                shipmentID: "SHP-7", noticeTime: try #require(ZonedTime(iso: "2024-03-06T16:00:00+01:00")))
            notice.shipmentTime = ZonedTime(iso: "2024-03-06T15:30:00+01:00")
            notice.deliveryTime = ZonedTime(iso: "2024-03-08T12:00:00+01:00")
            notice.serviceLevels = [.init(language: "en", text: "standard")]
            notice.controls = [
                .init(
                    carriers: [.init(domain: "companyName", text: "Example Parcel")],
                    trackingCodes: [.init("JD1")])
            ]
            notice.portions = [
                .init(
                    order: CXMLOrderReference(orderID: "PO-1"),
                    items: [.init(lineNumber: 1, quantity: ExactDecimal(6), unit: "EA")])
            ]
            let noticeText = String(decoding: try notice.render(in: try Self.envelope("2")), as: UTF8.self)
            #expect(Self.code(probe.post("/cxml", noticeText)) == 200)
            #expect(partner.documents.map(\.kind) == ["ConfirmationRequest", "ShipNoticeRequest"])
            #expect(partner.documents.map(\.number) == ["C-1", "SHP-7"])
            #expect(partner.documents.map(\.orders) == [["PO-1"], ["PO-1"]])
            #expect(partner.documents[0].bytes == Array(text.utf8))
            let shown = probe.get("/_simulator/documents").json?["documents"]?.arrayValue
            #expect(shown?.map { $0["payload_id"]?.stringValue } == partner.documents.map(\.payloadID))
            #expect(partner.requestCounts == ["POST document": 2])
        }
    }

    @Test(arguments: [
        (PartnerConfiguration.Repetition.acknowledge, 200, 1), (.refuse, 409, 1), (.take, 200, 2),
    ])
    func `a payloadID that comes again is dealt with as set`(
        _ repetition: PartnerConfiguration.Repetition, _ code: Int, _ taken: Int
    ) async throws {
        try await Self.withPartner({ $0.repetition = repetition }) { partner, probe in
            let text = try Self.confirmation()
            #expect(Self.code(probe.post("/cxml", text)) == 200)
            let again = probe.post("/cxml", text)
            #expect(Self.code(again) == code)
            #expect(again.text.contains("already known") == (code == 409))
            #expect(partner.documents.count == taken && partner.repetitions == 1)
            // Other bytes under the same payloadID are never the same document.
            let other = try Self.confirmation(order: "PO-2")
            #expect(Self.code(probe.post("/cxml", other)) == 409)
            #expect(partner.documents.count == taken)
        }
    }

    @Test(arguments: [nil, "wrong", "simulated-secret "])
    func `the shared secret must be right`(_ secret: String?) async throws {
        try await Self.withPartner { partner, probe in
            let text = try Self.confirmation(secret: secret)
            #expect(Self.code(probe.post("/cxml", text)) == 401)
            #expect(partner.documents.isEmpty)
        }
    }

    @Test(arguments: ["", "<cXML/>", "<cXML><Request/></cXML>", "{}", "<Desadv/>"])
    func `what is no document of cXML isn't acceptable`(_ text: String) async throws {
        try await Self.withPartner { partner, probe in
            #expect(Self.code(probe.post("/cxml", text)) == 406)
            #expect(partner.documents.isEmpty)
        }
    }

    @Test func `another address, method or type isn't cXML's`() async throws {
        try await Self.withPartner({ $0.identity = "AN2" }) { partner, probe in
            let text = try Self.confirmation()
            #expect(probe.post("/", text).status == 404)
            #expect(probe.get("/cxml").status == 405)
            var json = probe
            json.headers = []
            #expect(json.post("/cxml", text).status == 415)
            #expect(partner.documents.isEmpty)
            #expect(Self.code(probe.post("/cxml", text)) == 200)
        }
        try await Self.withPartner({ $0.identity = "AN3" }) { _, probe in
            let text = try Self.confirmation()
            #expect(Self.code(probe.post("/cxml", text)) == 400)
        }
    }

    @Test(arguments: [401, 406, 409, 500])
    func `it answers as it is told, and takes nothing then`(_ code: Int) async throws {
        try await Self.withPartner({ $0.repeatsStatusInHTTP = code == 406 }) { partner, probe in
            partner.answer(withStatus: code)
            let text = try Self.confirmation()
            let answer = probe.post("/cxml", text)
            #expect(Self.code(answer) == code && answer.status == (code == 406 ? 406 : 200))
            #expect(partner.documents.isEmpty)
            #expect(probe.post("/_simulator/status", #"{"code": 200}"#).status == 200)
            #expect(Self.code(probe.post("/cxml", text)) == 200)
            #expect(probe.post("/_simulator/status", #"{"code": 99}"#).status == 400)
        }
    }

    @Test(arguments: [(FaultAction.dropBeforeApplying, 0), (.applyThenDrop, 1), (.applyThenStatus(502), 1), (.halfBody, 1)])
    func `faults strike it as they do the others`(_ action: FaultAction, _ taken: Int) async throws {
        try await Self.withPartner { partner, probe in
            partner.addFault(FaultRule(kind: "document", times: 1, action: action))
            let text = try Self.confirmation()
            #expect(Self.code(probe.post("/cxml", text)) == nil)
            #expect(partner.documents.count == taken)
        }
    }
}
