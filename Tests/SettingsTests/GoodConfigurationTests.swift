import Mapping
import OrderFlow
import Orders
import Settings
import SinkKit
import Testing

@Suite("A configuration without a fault")
struct GoodConfigurationTests {
    @Test func `every setting arrives where it belongs`() throws {
        let configuration = try read(yaml())
        #expect(configuration.ledgerPath == "/etc/crossdock/data/ledger.db")
        let shop = try #require(configuration.shop("demo"))
        #expect(shop.remote.baseURL == "https://shop.example" && shop.zone == "Europe/Amsterdam" && shop.pageLimit == 100)
        #expect(
            shop.remote.credentials
                == .oauth2(
                    tokenURL: "https://login.example/token", clientID: "crossdock", clientSecret: Secret("s3cret"),
                    scope: "openid"))
        guard case .sqlite(let path, let prefix, let required) = configuration.sink("erp")?.kind else {
            Issue.record("no SQLite sink")
            return
        }
        #expect(path == "/etc/crossdock/erp.db" && prefix == "SO-" && required.isEmpty)
        let flow = try #require(configuration.flows.first)
        #expect(flow.name == "main" && flow.shop == "demo" && flow.sink == "erp" && flow.webshop == 1)
        #expect(flow.since == "2026-01-31T00:00:00" && flow.template.settlingDelay == .seconds(300))
        #expect(flow.template.close == .done && flow.template.webshop == 1)
        let policy = flow.policy(sinkClass: .key(retention: nil, latestEffect: nil), ledgerCreatedAt: Timestamp(milliseconds: 5))
        #expect(policy.sinkClass.letter == "K" && policy.ledgerCreatedAt == Timestamp(milliseconds: 5))
    }

    @Test func `a REST sink is what its section says, and what it leaves out is the default`() throws {
        guard case .rest(let remote, let rest) = try read(yaml()).sink("remote")?.kind else {
            Issue.record("no REST sink")
            return
        }
        #expect(remote.baseURL == "http://127.0.0.1:8099" && remote.credentials == .none)
        #expect(rest == RESTSinkSettings(sinkClass: .lookUp(latestEffect: .seconds(90))))
    }

    @Test func `a setting beside it takes no default away`() throws {
        let text = yaml(replacing: [20: "    latest_effect: 90s\n    create: { path: /v2/orders }\n    find: { results: data }"])
        guard case .rest(_, let rest) = try read(text).sink("remote")?.kind else {
            Issue.record("no REST sink")
            return
        }
        #expect(rest.createPath == "/v2/orders" && rest.keyHeader == "Idempotency-Key" && rest.conflictStatuses == [409])
        #expect(rest.findPath == "/orders?external_reference={key}" && rest.findResults == "data")
    }

    @Test func `an empty key header sends none, class neither looks nothing up, class key may state its limits`() throws {
        func rest(_ lines: String) throws -> RESTSinkSettings? {
            guard case .rest(_, let rest) = try read(yaml(replacing: [19: lines, 20: ""])).sink("remote")?.kind else {
                return nil
            }
            return rest
        }
        #expect(try rest("    create: { key_header: \"\" }")?.keyHeader == nil)
        #expect(try rest("    class: neither")?.findPath == nil)
        #expect(try rest("    class: key")?.sinkClass == .key(retention: nil, latestEffect: nil))
        #expect(
            try rest("    class: key\n    key_retention: 1d\n    latest_effect: 5s")?.sinkClass
                == .key(retention: .seconds(86_400), latestEffect: .seconds(5)))
    }

    @Test(arguments: [
        ("type: token\n      token: t", RemoteSettings.Credentials.token(Secret("t"))),
        ("type: bearer\n      token: t", .bearer(Secret("t"))),
        ("type: basic\n      user: u\n      password: ${SHOP_SECRET}", .basic(user: "u", password: Secret("s3cret"))),
        ("type: header\n      name: X-Key\n      value: ${file:key.txt}", .header(name: "X-Key", value: Secret("from a file"))),
        ("type: none", .none),
    ])
    func `every scheme of credentials is read`(_ text: String, _ credentials: RemoteSettings.Credentials) throws {
        let configuration = try read(yaml(replacing: [6: "      " + text, 7: "", 8: "", 9: ""]))
        #expect(configuration.shops[0].remote.credentials == credentials)
    }

    @Test func `sections keep the file's order, and absolute paths stay as they are`() throws {
        let text = yaml(replacing: [
            1: "ledger: /var/lib/crossdock/ledger.db", 15: "    path: /srv/erp.db",
            28:
                "  zebra: { shop: demo, sink: erp, webshop: 3, since: 2026-01-01 }\n  ape: { shop: demo, sink: erp, webshop: 2, since: 2026-01-01 }",
        ])
        let configuration = try read(text)
        #expect(configuration.flows.map(\.name) == ["main", "zebra", "ape"])
        #expect(configuration.ledgerPath == "/var/lib/crossdock/ledger.db")
    }

    @Test func `parties are found by id, with numbers as they are spelled`() throws {
        let parties = """
                customers:
                  - { id: 4711, code: 007, name: Jansen, zip: 1234 AB }
                  - { id: legacy/12, name: De Vries }
            """
        let shop = try read(yaml(replacing: [11: parties])).shops[0]
        let known = try #require(shop.customers.party(for: .id(4711)))
        #expect(known.id == 4711 && known.code == "007" && known.postalCode == "1234 AB")
        #expect(shop.customers.party(for: .originKey(origin: "legacy", key: "12"))?.name == "De Vries")
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("0s", .zero), ("30s", .seconds(30)), ("5m", .seconds(300)),
        ("3h", .seconds(10_800)),
        ("2d", .seconds(172_800)), ("999999999d", .seconds(999_999_999 * 86_400)),
    ])
    func `a duration is a whole number and a unit`(_ text: String, _ duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: ["", "5", "s", "-5s", "1.5h", "5 m", "5M", "5min", "1000000000s", "٣s", "+5s"])
    func `anything else is no duration`(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
