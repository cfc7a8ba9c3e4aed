import CloudSuite
import OrderFlow
import Orders
import Testing
import Transport

@Suite struct ShopErrorTests {
    static let calls: [(kind: EndpointError.Kind, effect: EndpointError.Effect, read: FailureClass, write: FailureClass)] = [
        (.unauthorized(status: 401), .notApplied, .unauthorized, .unauthorized),
        (.throttled(retryAfterMilliseconds: 1500), .notApplied, .throttled, .throttled),
        (.throttled(retryAfterMilliseconds: nil), .unknown, .throttled, .unknown),
        (.invalidCall, .notSent, .misconfigured, .misconfigured),
        (.circuitOpen(untilMilliseconds: 1), .notSent, .outage, .outage),
        (.circuitOpen(untilMilliseconds: 1), .unknown, .outage, .unknown), (.authorizationFailed, .notSent, .outage, .outage),
        (.transport(.nameNotResolved), .notSent, .outage, .outage), (.transport(.connectionFailed), .notSent, .outage, .outage),
        (.transport(.tls), .notSent, .misconfigured, .misconfigured), (.transport(.tls), .unknown, .misconfigured, .unknown),
        (.transport(.timedOut), .notSent, .outage, .outage), (.transport(.timedOut), .unknown, .outage, .unknown),
        (.transport(.stalled), .unknown, .outage, .unknown), (.transport(.connectionLost), .unknown, .outage, .unknown),
        (.transport(.responseTooLarge), .unknown, .transient, .unknown),
        (.transport(.malformedAnswer), .unknown, .transient, .unknown),
        (.transport(.cancelled), .notSent, .outage, .outage), (.transport(.cancelled), .unknown, .outage, .unknown),
        (.transport(.invalidRequest), .notSent, .misconfigured, .misconfigured),
        (.transport(.unavailable), .notSent, .outage, .outage),
    ]

    @Test(arguments: calls) func `a call without an answer has the class that its effect allows`(
        kind: EndpointError.Kind, effect: EndpointError.Effect, read: FailureClass, write: FailureClass
    ) {
        let error = EndpointError(kind, effect, "GET /api/order/1/: it broke")
        #expect(ShopError(error, writes: false).failureClass == read)
        #expect(ShopError(error, writes: true).failureClass == write)
        #expect(ShopError(error, writes: true).message == "GET /api/order/1/: it broke")
    }

    @Test func `how long the shop asks to be left alone is kept`() {
        let error = EndpointError(.throttled(retryAfterMilliseconds: 1500), .notApplied, "")
        #expect(ShopError(error, writes: true).retryAfter == .milliseconds(1500))
    }

    static let statuses: [(status: Int, read: FailureClass, write: FailureClass)] = [
        (202, .unknown, .unknown), (204, .transient, .unknown), (301, .misconfigured, .misconfigured),
        (400, .rejected, .rejected),
        (401, .unauthorized, .unauthorized), (403, .unauthorized, .unauthorized), (404, .rejected, .rejected),
        (405, .rejected, .rejected), (408, .transient, .unknown), (409, .rejected, .rejected), (422, .rejected, .rejected),
        (425, .transient, .unknown), (429, .throttled, .throttled), (500, .transient, .unknown), (501, .transient, .unknown),
        (502, .outage, .unknown), (503, .outage, .unknown), (504, .outage, .unknown), (520, .transient, .unknown),
    ]

    @Test(arguments: statuses) func `an answer has the class that its status allows`(
        status: Int, read: FailureClass, write: FailureClass
    ) {
        let response = HTTPResponse(status: status)
        #expect(ShopError(response, to: "PUT /x", writes: false).failureClass == read)
        #expect(ShopError(response, to: "PUT /x", writes: true).failureClass == write)
    }

    @Test func `a redirection is told with the host that it leads to, and with nothing else of it`() {
        let response = HTTPResponse(status: 302, headers: ["Location": "https://login.example/sso?token=secret"])
        let message = ShopError(response, to: "GET /api/order/", writes: false).message
        #expect(
            message
                == "GET /api/order/ was answered with 302, which sends the request elsewhere (https://login.example); that isn't followed: "
                + "base_url must be where the API is")
        let relative = HTTPResponse(status: 301, headers: ["Location": "/api/order?secret"])
        #expect(!ShopError(relative, to: "GET /x", writes: false).message.contains("secret"))
    }

    private static func message(_ body: String, type: String = "application/json") -> String {
        ShopError(HTTPResponse(status: 400, headers: ["Content-Type": type], body: Array(body.utf8)), to: "PUT /x", writes: true)
            .message
    }

    static let bodies: [(body: String, message: String)] = [
        (#"{"detail":"Not\nfound."}"#, ": Not found."), (#"{"state":["Bad.","Worse."]}"#, ": state: Bad.; state: Worse."),
        (
            #"{"order_lines":[{},{"quantity":["A valid number is required."]}]}"#,
            ": order_lines[1].quantity: A valid number is required."
        ),
        (#"["All wrong."]"#, ": All wrong."), ("{}", ""), ("", ", not JSON but application/json"),
    ]

    @Test(arguments: bodies) func `what the shop complains of is told`(body: String, message: String) {
        #expect(Self.message(body) == "PUT /x was answered with 400\(message)")
    }

    @Test func `an order that is echoed isn't told, nor a page of HTML`() {
        let echo = Self.message(#"{"customer":{"name":"J. de Vries","email":"j@mail.example"},"zip":"8011 AB","n":5}"#)
        #expect(echo == "PUT /x was answered with 400")
        #expect(
            Self.message("<html>J. de Vries</html>", type: "text/html") == "PUT /x was answered with 400, not JSON but text/html")
        #expect(Self.message(#"{"detail":"\#(String(repeating: "x", count: 500))"}"#).count < 240)
    }
}
