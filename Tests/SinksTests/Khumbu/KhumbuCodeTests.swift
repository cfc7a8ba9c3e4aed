import Orders
import Settings
import SinkKit
import Sinks
import Synchronization
import Testing
import Transport

/// Every documented code, and what follows from it.
@Suite struct KhumbuCodeTests {
    /// What becomes of a first create, and of a webhook with that code beside FAILURE.
    private static let table: [(code: String, create: String, webhook: String)] = [
        ("KS-0001", "rejected", "rejected"), ("KS-0002", "misconfigured", "rejected"), ("KS-0003", "misconfigured", "rejected"),
        ("KS-0004", "unknown_outcome", "conflict"), ("KS-0006", "rejected", "rejected"), ("KS-0007", "rejected", "rejected"),
        ("KS-0008", "misconfigured", "rejected"), ("KS-0009", "rejected", "rejected"), ("KS-0010", "rejected", "rejected"),
        ("KS-0011", "rejected", "rejected"), ("KS-0012", "misconfigured", "rejected"), ("KS-0013", "misconfigured", "rejected"),
        ("KS-0014", "not_applied", "rejected"), ("KS-0015", "misconfigured", "rejected"), ("KS-0016", "rejected", "rejected"),
        ("KS-0017", "rejected", "rejected"), ("KS-0018", "conflict", "conflict"), ("KS-0019", "not_applied", "rejected"),
        ("KS-0020", "rejected", "rejected"), ("KS-0021", "rejected", "rejected"), ("KS-0022", "rejected", "rejected"),
        ("KS-1001", "misconfigured", "rejected"), ("KS-1002", "misconfigured", "rejected"), ("KS-1003", "rejected", "rejected"),
        ("KS-1004", "rejected", "rejected"), ("KS-1005", "unknown_outcome", "cancelled"),
        ("KS-1006", "misconfigured", "rejected"),
        ("KS-1007", "rejected", "rejected"), ("KS-1008", "unknown_outcome", "conflict"),
        ("KS-2003", "unknown_outcome", "conflict"),
        ("KS-2004", "unknown_outcome", "conflict"), ("KS-2010", "unknown_outcome", "conflict"),
        // None that is documented.
        ("KS-0005", "unknown_outcome", "rejected"), ("KS-9999", "unknown_outcome", "rejected"),
    ]

    @Test func `the table has every documented code, once`() {
        #expect(Self.table.map(\.code).dropLast(2) == KhumbuCode.documented.map(\.text)[...])
        #expect(KhumbuCode.documented.allSatisfy { !$0.remedy.isEmpty })
        #expect(Set(KhumbuCode.documented.map(\.kind)) == Set(KhumbuCode.Kind.allCases))
        #expect(KhumbuCode("KS-0005") == nil)
    }

    @Test(arguments: table, [#"{"code":"%","message":"why"}"#, #"{"error":{"code":"%","reason":"why"}}"#, "It failed: % (why)"])
    func `a create ends as the code says, whatever the status and the shape`(
        _ row: (code: String, create: String, webhook: String), _ shape: String
    ) async throws {
        for status in [200, 400, 500] {
            let ended = try await Self.ended(status, shape.replacing("%", with: row.code))
            #expect(ended == row.create, "\(row.code), status \(status)")
        }
    }

    @Test(arguments: [
        (200, "", "pending"), (201, "{}", "pending"), (202, " \n", "pending"), (200, "<html>", "unknown_outcome"),
        (200, #"{"message":"fine"}"#, "pending"), (200, "[]", "unknown_outcome"), (204, "", "pending"),
        (302, "", "unknown_outcome"), (400, "", "rejected"), (401, "", "unauthorized"), (403, "{}", "unauthorized"),
        (404, "", "misconfigured"), (405, "", "misconfigured"), (408, "", "unknown_outcome"), (409, "", "unknown_outcome"),
        (413, "", "rejected"), (415, "", "misconfigured"), (422, "{}", "rejected"), (429, "", "throttled"),
        (500, "", "unknown_outcome"), (502, "<html>", "unknown_outcome"), (503, "", "unknown_outcome"),
    ])
    func `a create without a code ends as its status says`(_ status: Int, _ body: String, _ expected: String) async throws {
        #expect(try await Self.ended(status, body) == expected)
    }

    private static func ended(_ status: Int, _ body: String) async throws -> String {
        let exchange = OneAnswer(HTTPResponse(status: status, body: Array(body.utf8)))
        let sink = try sink(exchange)
        let result: String
        do throws(SinkError) {
            switch try await sink.create(try order(), SinkContext()) {
            case .accepted: result = "accepted"
            case .pending: result = "pending"
            case .rejected: result = "rejected"
            }
        } catch { result = error.code.name }
        #expect(exchange.count == 1)
        return result
    }

    private static func order() throws(SinkError) -> SinkOrder {
        do { return try RemoteKhumbu.order() } catch { throw SinkError(.conflict, "\(error)") }
    }

    private static func sink(_ exchange: any HTTPExchange) throws -> KhumbuSink {
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL("https://khumbu.example.com")), authorizer: FixedAuthorizer.bearer("token"),
            surroundings: Endpoint.Surroundings(exchange: exchange))
        return KhumbuSink(RemoteKhumbu.settings(), shops: ["demo"], endpoint: endpoint)
    }

    // MARK: Webhooks

    private static func heard(_ body: String) async throws -> String {
        let sink = try sink(OneAnswer(HTTPResponse(status: 500)))
        do throws(SinkError) {
            let events = try await sink.receive(RemoteKhumbu.message(Array(body.utf8)), SinkContext())
            switch events.first?.kind {
            case .answer(.accepted)?: return "accepted"
            case .answer(.rejected)?: return "rejected"
            case .answer(.pending)?: return "pending"
            case .cancelled?: return "cancelled"
            case .shipped?: return "shipped"
            case nil: return "nothing"
            }
        } catch { return error.code.name }
    }

    private static func id() throws -> String { try #require(KhumbuOrderID(try RemoteKhumbu.order().key)).text }

    @Test(arguments: table)
    func `a failure that is told ends as the code says`(_ row: (code: String, create: String, webhook: String)) async throws {
        let body =
            #"{"providerOrderId":"\#(try Self.id())","orderStatus":"FAILURE","error":{"code":"\#(row.code)","reason":"r"}}"#
        #expect(try await Self.heard(body) == row.webhook)
        // The published sample of a success has an error in it.
        #expect(try await Self.heard(body.replacing("FAILURE", with: "SUCCESS")) == "accepted")
    }

    @Test(arguments: [
        (#""orderStatus":"SUCCESS""#, "accepted"), (#""orderStatus":"success""#, "accepted"),
        (#""orderStatus":"FAILED""#, "rejected"), (#""orderStatus":"REJECTED""#, "rejected"),
        (#""orderStatus":"CANCELED""#, "cancelled"), (#""orderStatus":"CANCELLED""#, "cancelled"),
        (#""orderStatus":"PREPARING""#, "nothing"), (#""orderStatus":"""#, "nothing"), (#""orderStatus":7"#, "nothing"),
        (#""orderStatus":"PREPARING","error":{"code":"KS-2010"}"#, "conflict"),
        (#""orderStatus":"PREPARING","error":{"code":"KS-0010"}"#, "rejected"), (#""x":1"#, "nothing"),
        (#""orderStatus":"SUCCESS","providerName":"somebody""#, "nothing"),
        (#""orderStatus":"SUCCESS","marketName":"elsewhere""#, "nothing"),
        (#""orderStatus":"SUCCESS","providerName":"standardprovider","partnerName":"simphony","marketName":"plkpl""#, "accepted"),
    ])
    func `only what is known for certain is an event`(_ members: String, _ expected: String) async throws {
        #expect(try await Self.heard(#"{"providerOrderId":"\#(try Self.id())",\#(members)}"#) == expected)
    }

    @Test(arguments: [
        ("", "conflict"), ("{", "conflict"), ("null", "conflict"), ("[]", "conflict"),
        (#"{"orderStatus":"SUCCESS"}"#, "conflict"),
        (#"{"providerOrderId":"","orderStatus":"SUCCESS"}"#, "conflict"),
        (#"{"providerOrderId":7,"orderStatus":"SUCCESS"}"#, "conflict"),
        (#"{"storeStatus":"ACT"}"#, "nothing"), (#"{"menuItems":[{"id":"1||1||1","inStock":false}]}"#, "nothing"),
        (#"{"providerOrderId":"CS48193","orderStatus":"SUCCESS"}"#, "nothing"),
        (#"{"providerOrderId":"0191d0f4-0000-4000-8000-000000000001","orderStatus":"SUCCESS"}"#, "nothing"),
    ])
    func `what can't be read is kept for a person, and strangers are passed over`(_ body: String, _ expected: String) async throws
    {
        #expect(try await Self.heard(body) == expected)
    }

    @Test func `a refusal doesn't repeat what people said about themselves`() async throws {
        let body = #"{"code":"KS-0010","message":"phone +31612345678 of Anna Maria Jansen is wrong"}"#
        let sink = try Self.sink(OneAnswer(HTTPResponse(status: 400, body: Array(body.utf8))))
        guard case .rejected(let faults) = try await sink.create(try RemoteKhumbu.order(), SinkContext()) else {
            return #expect(Bool(false), "not rejected")
        }
        #expect(faults.map(\.message).joined().contains("•••") && !faults.map(\.message).joined().contains("Jansen"))
        #expect(!faults.map(\.message).joined().contains("+316"))
        let webhook =
            #"{"providerOrderId":"\#(try Self.id())","orderStatus":"FAILED","error":{"code":"KS-0010","reason":"+31612345678 and a@example.com"}}"#
        let events = try await sink.receive(RemoteKhumbu.message(Array(webhook.utf8)), SinkContext())
        guard case .answer(.rejected(let told))? = events.first?.kind else { return #expect(Bool(false), "\(events)") }
        #expect(told.first?.message.contains("••• and •••") == true)
    }
}

/// The same answer to every request.
private final class OneAnswer: HTTPExchange {
    private let response: HTTPResponse
    private let requests = Mutex(0)

    init(_ response: HTTPResponse) { self.response = response }

    var count: Int { requests.withLock(\.self) }

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        requests.withLock { $0 += 1 }
        return response
    }
}
