internal import Orders
internal import Simulators
internal import Testing

/// What the simulated Khumbu refuses, and with which code.
struct KhumbuStrictnessTests {
    @Test func `the published sample is taken`() {
        let probe = KhumbuProbe()
        let answer = probe.post("orders/notification", .object(KhumbuProbe.order()))
        #expect(answer.status == 200)
        #expect(answer.json?["ksOrderId"]?.stringValue == "1000001" && answer.json?["partnerOrderId"] != nil)
        #expect(probe.simulator.orders.map(\.state) == [.atPOS])
    }

    struct Field: Sendable, CustomStringConvertible {
        let path: String
        /// `nil`: it is left out.
        let value: JSONValue?
        let code: String

        init(_ path: String, _ value: JSONValue?, _ code: String) {
            (self.path, self.value, self.code) = (path, value, code)
        }

        var description: String { "\(path) \(value?.compactText ?? "left out")" }
    }

    private static let fields: [Field] = [
        Field("providerOrderId", nil, "KS-0007"),
        Field("providerOrderId", "", "KS-0007"),
        Field("marketName", nil, "KS-0006"),
        Field("marketName", "other", "KS-0010"),
        Field("storeInformation", nil, "KS-0006"),
        Field("storeInformation.providerStoreId", nil, "KS-0006"),
        Field("storeInformation.providerStoreId", " ", "KS-0011"),
        Field("storeInformation.providerStoreId", "S-9", "KS-0013"),
        Field("storeInformation.partnerStoreId", "P-9", "KS-1002"),
        Field("storeInformation.additionalProperties", ["A": 1], "KS-0010"),
        Field("orderNotificationType", "PARK", "KS-0010"),
        Field("orderNotificationType", "CREATE_ORDER", "KS-0010"),
        Field("createdTimestamp", nil, "KS-0006"),
        Field("createdTimestamp", "2025-06-02T12:00:00Z", "KS-0010"),
        Field("updatedTimestamp", "2025-02-30 12:00:00.000000", "KS-0010"),
        Field("customerInformation", nil, "KS-0006"),
        Field("customerInformation.phone", "", "KS-0011"),
        Field("payments.tax", nil, "KS-0006"),
        Field("payments.tax", "10", "KS-0010"),
        Field("payments.total", -1, "KS-0010"),
        Field("payments.paymentMethod", "SHELLS", "KS-0017"),
        Field("payments.currencyCode", "usd", "KS-0021"),
        Field("serviceMode.fulfillmentMode", "DRONE", "KS-0016"),
        Field("orderItems", [], "KS-0010"),
        Field("orderItems", nil, "KS-0006"),
        Field("orderItems.type", "THING", "KS-0022"),
        Field("orderItems.id", nil, "KS-0006"),
        Field("orderItems.quantity", .number(JSONNumber(spelling: "1.5")), "KS-0010"),
        Field("orderItems.quantity", 0, "KS-0010"),
        Field("orderItems.price", "5", "KS-0010"),
        Field("orderItems.options.id", nil, "KS-0006"),
        Field("colour", "red", "KS-0010"),
        Field("orderItems.colour", "red", "KS-0010"),
    ]

    @Test(arguments: fields)
    func `each field is looked at`(_ field: Field) {
        let probe = KhumbuProbe()
        let answer = probe.post("orders/notification", .object(KhumbuProbe.order().with(field.path, field.value)))
        #expect(answer.code == field.code && answer.status == 400, "\(answer.text)")
        #expect(probe.simulator.orders.isEmpty)
    }

    @Test(arguments: ["", "{", "[]", "null", "\"text\""])
    func `what is no JSON object is told so`(_ text: String) {
        #expect(KhumbuProbe().post("orders/notification", text: text).code == "KS-0001")
    }

    @Test func `an inactive store takes no orders`() {
        let order = KhumbuProbe.order().with("storeInformation", ["providerStoreId": "S-2"])
        #expect(KhumbuProbe().post("orders/notification", .object(order)).code == "KS-0014")
    }

    @Test(arguments: [
        ("orders/fire", 404), ("order/notification", 404), ("order/cancel", 404), ("orders/notification/", 404), ("orders", 404),
        ("orders/notification", 200),
    ])
    func `the paths are those of the documents, fire in the singular`(_ call: String, _ status: Int) {
        #expect(KhumbuProbe().post(call, .object(KhumbuProbe.order())).status == status)
    }

    @Test(arguments: [
        ("x", "simphony", "plkpl", "KS-0002"), ("other", "simphony", "plkpl", "KS-0003"),
        ("standardprovider", "other", "plkpl", "KS-0012"), ("standardprovider", "simphony", "other", "KS-0008"),
    ])
    func `the names in the path are looked at`(_ provider: String, _ partner: String, _ market: String, _ code: String) {
        let prefix = "/uat/v1/providers/\(provider)/partners/\(partner)/markets/\(market)"
        let answer = KhumbuProbe().post("orders/notification", .object(KhumbuProbe.order()), prefix: prefix)
        #expect(answer.code == code)
    }

    @Test func `both credentials are needed, and the form's`() {
        let probe = KhumbuProbe { $0.tokenLifetimeSeconds = 3600 }
        let order = JSONValue.object(KhumbuProbe.order())
        #expect(probe.post("orders/notification", order, apiKey: "wrong").status == 403)
        #expect(probe.post("orders/notification", order, type: "text/plain").status == 415)
        #expect(probe.post("orders/notification", order, method: "PUT").status == 405)
        probe.clock.advance(milliseconds: 3_600_000)
        #expect(probe.post("orders/notification", order).status == 401)
        probe.renew()
        #expect(probe.post("orders/notification", order).status == 200)
    }

    @Test(arguments: [
        ("grant_type=password&client_id=simulated-client&client_secret=simulated-secret&scope=access%2Fall", 400),
        ("grant_type=client_credentials&client_id=simulated-client&client_secret=wrong&scope=access%2Fall", 401),
        ("grant_type=client_credentials&client_id=simulated-client&client_secret=simulated-secret", 400),
    ])
    func `a token needs the right form`(_ form: String, _ status: Int) {
        #expect(KhumbuProbe().askForToken(form).status == status)
        #expect(KhumbuProbe().askForToken("{}", type: "application/json").status == 400)
    }

    @Test func `a provider order id is taken once`() async {
        let probe = KhumbuProbe { $0.answers.duplicateStatus = 409 }
        let order = JSONValue.object(KhumbuProbe.order())
        #expect(probe.post("orders/notification", order).status == 200)
        for _ in 1...2 {
            let again = probe.post("orders/notification", order)
            #expect(again.status == 409 && again.code == "KS-0018")
            await probe.wait()
        }
        let audit = probe.simulator.audit("0191d0f4-0000-8000-8000-000000000001")
        #expect(audit.creates == 3 && audit.accepted == 1 && audit.ordersAtPOS == 1 && audit.told == ["SUCCESS"])
    }

    @Test(arguments: [true, false])
    func `whether a refused order keeps its id is a switch`(_ keeps: Bool) async {
        let probe = KhumbuProbe { $0.answers.endedOrdersKeepTheirID = keeps }
        #expect(probe.post("orders/notification", .object(KhumbuProbe.order(item: "9||9||9"))).status == 200)
        await probe.wait()
        #expect(probe.post("orders/notification", .object(KhumbuProbe.order())).code == (keeps ? "KS-0018" : nil))
    }

    @Test(arguments: KhumbuAnswers.ErrorShape.allCases)
    func `errors have the shape that is set`(_ shape: KhumbuAnswers.ErrorShape) {
        let probe = KhumbuProbe { ($0.answers.errorShape, $0.answers.errorStatus) = (shape, 422) }
        let answer = probe.post("orders/notification", text: "{}")
        #expect(answer.status == 422 && answer.text.contains("KS-0007"))
        #expect((answer.json?.objectValue == nil) == (shape == .text))
    }
}
