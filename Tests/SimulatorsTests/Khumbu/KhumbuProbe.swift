internal import Orders
internal import Simulators
internal import Synchronization
internal import Testing

/// The simulated Khumbu in process, on a clock that the test turns, with a client that has its credentials.
final class KhumbuProbe: Sendable {
    let simulator: KhumbuSimulator
    let clock = HandTurnedClock()
    private let taken = Mutex<[JSONValue]>([])
    private let token = Mutex("")

    init(_ configure: (inout KhumbuConfiguration) -> Void = { _ in }) {
        var configuration = KhumbuConfiguration()
        configuration.clock = clock.simulatorClock
        configuration.pos.delayMilliseconds = 100...100
        configure(&configuration)
        simulator = KhumbuSimulator(configuration: configuration)
        renew()
    }

    func renew() {
        let form = "grant_type=client_credentials&client_id=simulated-client&client_secret=simulated-secret&scope=access%2Fall"
        let answer = askForToken(form)
        token.withLock { $0 = answer.json["access_token"]?.stringValue ?? "" }
    }

    func askForToken(_ form: String, type: String = "application/x-www-form-urlencoded") -> (status: Int, json: JSONValue) {
        let answer = simulator.answer(
            InProcessRequest(
                method: "POST", target: KhumbuSimulator.tokenPath, host: "127.0.0.1", headers: [("Content-Type", type)],
                body: Array(form.utf8)))
        return (answer.status, (try? JSONValue(parsing: answer.body)) ?? .null)
    }

    static let prefix = "/uat/v1/providers/standardprovider/partners/simphony/markets/plkpl"

    struct Answer {
        let status: Int
        let text: String
        var json: JSONValue? { try? JSONValue(parsing: Array(text.utf8)) }
        var code: String? { json?["code"]?.stringValue }
    }

    func post(
        _ call: String, _ body: JSONValue, prefix: String = KhumbuProbe.prefix, apiKey: String = "simulated-key",
        type: String = "application/json", method: String = "POST"
    ) -> Answer {
        post(call, text: body.compactText, prefix: prefix, apiKey: apiKey, type: type, method: method)
    }

    func post(
        _ call: String, text: String, prefix: String = KhumbuProbe.prefix, apiKey: String = "simulated-key",
        type: String = "application/json", method: String = "POST"
    ) -> Answer {
        let answer = simulator.answer(
            InProcessRequest(
                method: method, target: "\(prefix)/\(call)", host: "127.0.0.1",
                headers: [
                    ("Authorization", "Bearer \(token.withLock(\.self))"), ("x-api-key", apiKey), ("Content-Type", type),
                ],
                body: Array(text.utf8)))
        return Answer(status: answer.status, text: String(decoding: answer.body, as: UTF8.self))
    }

    // MARK: Webhooks

    /// Those that were taken, oldest first.
    var messages: [JSONValue] { taken.withLock(\.self) }
    var statuses: [String?] { messages.map { $0["orderStatus"]?.stringValue } }

    /// Lets time pass and takes what is due, answering with that status.
    @discardableResult
    func wait(milliseconds: Int64 = 100, status: Int = 200) async -> Int {
        clock.advance(milliseconds: milliseconds)
        return await simulator.deliverDue { body in
            if status == 200 { self.taken.withLock { $0.append((try? JSONValue(parsing: body)) ?? .null) } }
            return status
        }
    }

    // MARK: Documents

    static func order(_ id: String = "0191d0f4-0000-8000-8000-000000000001", item: String = "101000001||2||1") -> JSONObject {
        JSONObject([
            ("providerOrderId", .text(id)), ("marketName", "plkpl"),
            (
                "storeInformation",
                [
                    "providerStoreId": "S-1", "partnerStoreId": "P-1",
                    "additionalProperties": ["REVENUE_CENTER_ID": "1", "TIME_ZONE": "Europe/Warsaw"],
                ]
            ),
            ("orderNotificationType", "CREATE"), ("createdTimestamp", "2025-06-02 12:00:00.000000"),
            ("updatedTimestamp", "2025-06-02 12:00:00.000000"),
            ("customerInformation", ["id": "7", "phone": "+48", "firstName": "A", "lastName": "B", "email": "a@example.com"]),
            (
                "payments",
                [
                    "subTotal": 100, "tax": 10, "tip": 2, "discount": 2, "total": 102, "paymentMethod": "CARD",
                    "currencyCode": "USD",
                ]
            ), ("serviceMode", ["fulfillmentMode": "PICK_UP"]),
            (
                "orderItems",
                [
                    [
                        "id": .text(item), "type": "ITEM", "name": "Chicken", "price": 50, "quantity": 2, "categoryId": "9",
                        "options": [
                            [
                                "id": "199000002||1||1", "name": "Spicy", "price": 0, "quantity": 1, "modifierId": "3",
                                "options": [],
                            ]
                        ],
                    ]
                ]
            ),
        ])
    }

    static func cancellation(_ id: String) -> JSONObject {
        JSONObject([
            ("ksOrderId", "1000001"), ("partnerOrderId", "pos-1"), ("providerOrderId", .text(id)),
            ("storeInformation", ["providerStoreId": "S-1"]), ("cancellationNotes", "changed their mind"),
        ])
    }
}

extension JSONObject {
    /// With the member at a path such as `payments.tax` replaced, or taken out.
    func with(_ path: String, _ value: JSONValue?) -> JSONObject {
        var object = self
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            object[parts[0]] = value
            return object
        }
        if var first = object[parts[0]]?.arrayValue, let inner = first.first?.objectValue {
            first[0] = .object(inner.with(parts[1], value))
            object[parts[0]] = .array(first)
        } else {
            object[parts[0]] = .object((object[parts[0]]?.objectValue ?? JSONObject()).with(parts[1], value))
        }
        return object
    }
}
