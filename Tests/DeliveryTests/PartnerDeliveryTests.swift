import Delivery
import Documents
import OrderFlow
import Orders
import Posting
import Simulators
import Testing
import Transport

/// cXML on its way to the bundled trading partner, over real sockets and libcurl.
struct PartnerDeliveryTests {
    private static func withPartner(
        _ configure: (inout PartnerConfiguration) -> Void = { _ in }, alreadyKnown: String? = nil,
        _ body: (PartnerSimulator, HTTPSTarget) async throws -> Void
    ) async throws {
        var configuration = PartnerConfiguration()
        configure(&configuration)
        let partner = PartnerSimulator(configuration: configuration)
        let base = try BaseURL(try await partner.start())
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        let endpoint = Endpoint(Endpoint.Settings(base: base), surroundings: .standing(exchange))
        let rule = try alreadyKnown.map { try AnswerRule(expects: .cxml, alreadyKnown: $0) } ?? AnswerRule(expects: .cxml)
        let result: Result<Void, any Error>
        do {
            try await body(partner, HTTPSTarget(DocumentPost(endpoint: endpoint, path: "/cxml", rule: rule)))
            result = .success(())
        } catch { result = .failure(error) }
        await exchange.shutdown()
        await partner.stop()
        try result.get()
    }

    private static func confirmation(secret: String = "simulated-secret") throws -> OutgoingDocument {
        let time = try #require(ZonedTime(iso: "2024-03-05T10:15:30+01:00"))
        let us = CXMLCredential(domain: "NetworkId", identity: "AN1")
        let envelope = CXMLEnvelope(
            payloadID: "confirmation.main.1@connector.example", timestamp: time, from: [us],
            to: [CXMLCredential(domain: "NetworkId", identity: "AN2")], sender: [us], sharedSecret: CXMLSecret(secret))
        let request = ConfirmationRequest(
            kind: .accept, confirmID: "C-1", noticeTime: time, order: CXMLOrderReference(orderID: "PO-1"))
        return OutgoingDocument(
            kind: .confirmationRequest, number: envelope.payloadID, bytes: try request.render(in: envelope))
    }

    private static func deliver(_ target: HTTPSTarget, _ document: OutgoingDocument) async -> DeliveryAnswer {
        await target.deliver(document, timeLimit: .seconds(60))
    }

    @Test func `a confirmation is acknowledged, with the bytes it has`() async throws {
        try await Self.withPartner { partner, target in
            let document = try Self.confirmation()
            #expect(await Self.deliver(target, document) == .acknowledged)
            #expect(partner.documents.map(\.bytes) == [document.bytes])
        }
    }

    /// Each fault leaves the outcome unknown; the same bytes then settle it with a partner that looks at payloadIDs.
    @Test(arguments: [
        (FaultAction.dropBeforeApplying, 0), (.applyThenDrop, 1), (.applyThenStatus(500), 1), (.applyThenStatus(502), 1),
        (.status(503, retryAfterSeconds: 1), 0), (.html200(applied: true), 1), (.html200(applied: false), 0), (.halfBody, 1),
        (.malformedJSON(applied: true), 1), (.malformedJSON(applied: false), 0),
        (.errorInside200(detail: "no", applied: false), 0),
    ])
    func `whatever hides the verdict leaves it unknown, and a repetition is taken once`(_ action: FaultAction, _ taken: Int)
        async throws
    {
        for repetition in [PartnerConfiguration.Repetition.acknowledge, .refuse] {
            try await Self.withPartner({ $0.repetition = repetition }, alreadyKnown: "already known") { partner, target in
                partner.addFault(FaultRule(kind: "document", times: 1, action: action))
                let document = try Self.confirmation()
                let first = await Self.deliver(target, document)
                #expect(first.isUnknown, "\(first)")
                #expect(partner.documents.count == taken && partner.requestCounts == ["POST document": 1])
                #expect(await Self.deliver(target, document) != .unknown("") && partner.documents.count == 1)
                #expect(partner.documents.count == 1)
            }
        }
    }

    @Test func `a partner that doesn't look at payloadIDs has it twice`() async throws {
        try await Self.withPartner({ $0.repetition = .take }) { partner, target in
            partner.addFault(FaultRule(kind: "document", times: 1, action: .applyThenDrop))
            let document = try Self.confirmation()
            #expect(await Self.deliver(target, document).isUnknown)
            #expect(await Self.deliver(target, document) == .acknowledged)
            #expect(partner.documents.count == 2)
        }
    }

    @Test(arguments: [401, 406, 409, 500], [false, true])
    func `a Status that isn't a success is what it says`(_ code: Int, _ inHTTP: Bool) async throws {
        try await Self.withPartner({
            $0.statusCode = code; $0.repeatsStatusInHTTP = inHTTP
        }) { partner, target in
            let answer = await Self.deliver(target, try Self.confirmation())
            switch (code, answer) {
            case (401, .notSent(let failure)): #expect(failure.failureClass == .unauthorized)
            case (500, .notSent(let failure)): #expect(failure.failureClass == .transient)
            case (406, .refused(let text)), (409, .refused(let text)): #expect(text.contains("\(code)") && !text.contains("told"))
            default: Issue.record("\(answer)")
            }
            #expect(partner.documents.isEmpty && partner.requestCounts == ["POST document": 1])
        }
    }

    @Test func `a wrong secret is told without showing it`() async throws {
        try await Self.withPartner { partner, target in
            let answer = await Self.deliver(target, try Self.confirmation(secret: "hush-hush"))
            #expect(answer.failure?.failureClass == .unauthorized)
            #expect(!"\(answer)".contains("hush") && partner.documents.isEmpty)
        }
    }
}
