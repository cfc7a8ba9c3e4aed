import Orders
import Settings
import SinkKit
import Sinks
import Synchronization
import Transport

/// Answers like a Tryton with one empty web shop, and otherwise as a test says: for what a real one can't be brought to do.
final class PretendedTryton: HTTPExchange {
    struct Call: Sendable {
        let path: String
        let method: String
        let authorization: String?
        let parameters: [JSONValue]
    }

    enum Answer: Sendable {
        case result(JSONValue)
        case error(JSONValue)
        case status(Int)
        /// The connection ends before the answer.
        case cut
    }

    private let answer: @Sendable (Call) -> Answer?
    private let log = Mutex<[Call]>([])

    /// - Parameter answer: what a call gets; `nil`: the usual.
    init(_ answer: @escaping @Sendable (Call) -> Answer?) { self.answer = answer }

    var calls: [Call] { log.withLock { $0 } }

    func count(_ method: String) -> Int { calls.count { $0.method == method } }

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let body = try? JSONValue(parsing: request.body ?? [])
        let method = body?["method"]?.stringValue ?? ""
        let call = Call(
            path: String(request.url.dropFirst("http://tryton.example".count)),
            method: method.hasPrefix("model.") ? String(method.dropFirst(6)) : method,
            authorization: request.headers["Authorization"], parameters: body?["params"]?.arrayValue ?? [])
        log.withLock { $0.append(call) }
        switch answer(call) ?? .result(Self.usual(call.method)) {
        case .result(let value): return Self.response(["id": 1, "result": value])
        case .error(let value): return Self.response(["id": 1, "error": value])
        case .status(let status): return HTTPResponse(status: status, body: Array("<h1>\(status)</h1>".utf8))
        case .cut: throw TransportError(.connectionLost, .unknown, "the connection ended")
        }
    }

    private static func response(_ body: JSONValue) -> HTTPResponse { HTTPResponse(status: 200, body: body.serialized()) }

    private static func usual(_ method: String) -> JSONValue {
        switch method {
        case "common.db.login": [2, "token", nil]
        case "web.shop.search_read":
            [["id": 1, "company": 1, "company.": ["timezone": "Europe/Berlin", "party.": ["rec_name": "Example"]]]]
        case "currency.currency.search_read": [["id": 1, "code": "EUR"]]
        case "product.uom.search_read":
            [["id": 1, "symbol": "u", "name": "Unit", "category": 1, "digits": 0, "factor": 1, "rate": 1]]
        case "country.country.search_read": [["id": 5, "code": "NL"]]
        case "product.product.search_read":
            [
                [
                    "id": 1, "code": "SKU-1001", "identifiers.": [], "salable": true, "sale_uom": 1, "default_uom": 1,
                    "account_category": 1,
                ]
            ]
        case "party.party.search_read": [["id": 7, "code": "demo", "name": "Example"]]
        case "sale.line.fields_get": ["unit_price": ["digits": [nil, 4]]]
        case "sale.sale.on_change_party", "sale.line.on_change_product": [:]
        case "sale.sale.create", "party.address.create": [1]
        case _ where method.hasSuffix("fields_get"): [:]
        case _ where method.hasSuffix("search_read"): []
        default: nil
        }
    }

    /// A sink that talks to it.
    func sink(
        timekeeper: any Timekeeper = SystemTimekeeper(), _ configure: (inout TrytonSinkSettings) -> Void = { _ in }
    ) throws -> TrytonSink {
        var settings = TrytonSinkSettings(database: "erp", login: "connector", password: Secret("hush"), webShop: "shop")
        settings.parties = .create
        configure(&settings)
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL("http://tryton.example")),
            surroundings: Endpoint.Surroundings(exchange: self, timekeeper: timekeeper))
        return TrytonSink(settings, endpoint: endpoint, timekeeper: timekeeper)
    }

    /// A sale as it shows once it was made, in that state.
    static func sale(_ order: SinkOrder, state: String) -> JSONValue {
        [
            [
                "id": 1, "number": nil, "state": .text(state), "web_id": .text(order.key.text), "currency.": ["code": "EUR"],
                "untaxed_amount": ["__class__": "Decimal", "decimal": "8.40"],
            ]
        ]
    }

    static func lines(_ order: SinkOrder) -> JSONValue {
        [
            [
                "id": 11, "sequence": 10, "note": .text("crossdock \(order.order.lines[0].key)"),
                "product.": ["id": 1, "code": "SKU-1001"], "quantity": 1, "unit": 1,
                "unit_price": ["__class__": "Decimal", "decimal": "8.395"],
            ]
        ]
    }
}
