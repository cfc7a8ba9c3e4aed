import Orders
import Settings
import Testing

@Suite struct KhumbuSettingsTests {
    private static let good = [
        "base_url": "https://api.uat.khumbu.com/uat/v1", "token_url": "https://auth.example.com/oauth2/token", "client_id": "a",
        "client_secret": "${SHOP_SECRET}", "api_key": "${SHOP_SECRET}", "provider": "us", "partner": "simphony",
        "market": "plkpl",
        "stores": "[{provider_store_id: S-1}]",
    ]

    /// The good configuration with such a sink in the place of 'remote', settings replaced or added.
    private static func with(_ changes: [String: String]) -> String {
        let section = good.merging(changes) { _, changed in changed }.sorted { $0.key < $1.key }
        let lines = section.map { "    \($0.key): \($0.value)" }.joined(separator: "\n")
        return yaml(replacing: [17: "    type: khumbu", 18: lines, 19: "", 20: ""])
    }

    private static func sink(_ changes: [String: String] = [:]) throws -> (RemoteSettings, KhumbuSinkSettings)? {
        guard case .khumbu(let remote, let khumbu)? = try read(with(changes)).sink("remote")?.kind else { return nil }
        return (remote, khumbu)
    }

    @Test func `what is left out is the default, and no secret shows itself`() throws {
        let (remote, khumbu) = try #require(try Self.sink())
        #expect(khumbu.sending == .create && khumbu.validation == .local && khumbu.webhookWait == .seconds(1800))
        #expect(khumbu.paymentMethods == [.closedSuccess: "CARD", .paid: "CARD"] && khumbu.currency == nil)
        #expect(khumbu.stores == [KhumbuSinkSettings.Store(providerStoreID: "S-1")])
        #expect(khumbu.apiKey.revealed == "s3cret" && !"\(khumbu) \(remote)".contains("s3cret"))
    }

    @Test func `stores, statuses and payment methods are read`() throws {
        let (_, khumbu) = try #require(
            try Self.sink([
                "stores":
                    "[{webshop: 1, provider_store_id: A, partner_store_id: B, additional_properties: {X: 7}}, {provider_store_id: C}]",
                "failure_statuses": "[sorry]", "payment_methods": "{account: INVOICE, paid: CASH}", "currency": "PLN",
            ]))
        #expect(khumbu.store(ofWebshop: 1)?.additionalProperties == [KhumbuSinkSettings.Property("X", "7")])
        #expect(khumbu.store(ofWebshop: 2)?.providerStoreID == "C" && khumbu.failureStatuses == ["SORRY"])
        #expect(khumbu.paymentMethods == [.closedSuccess: "CARD", .paid: "CASH", .account: "INVOICE"])
        #expect(khumbu.currency == "PLN")
    }

    @Test(arguments: [
        ("stores", "[]", "at least one store"),
        ("stores", "[{provider_store_id: A}, {provider_store_id: B}]", "all other webshops"),
        ("stores", "[{webshop: 2, provider_store_id: A}, {webshop: 2, provider_store_id: B}]", "webshop 2"),
        ("stores", "[{webshop: 2}]", "provider_store_id"), ("provider", "u", "2 to 100"), ("market", "a/b", "no '/'"),
        ("currency", "euro", "no currency"), ("failure_statuses", "[SUCCESS]", "nothing of the kind"),
        ("send", "later", "create"),
        ("token_url", "nowhere", "https://"), ("webhook_wait", "0s", "too short"), ("amounts", "cents", "minor"),
        ("payment_methods", "{started: CASH}", "no such setting"), ("storess", "[]", "did you mean 'stores'"),
    ])
    func `what can't work is told`(_ setting: String, _ value: String, _ part: String) {
        let found = faults(Self.with([setting: value]))
        #expect(found.count == 1 && found.first?.description.contains(part) == true, "\(found)")
    }
}
