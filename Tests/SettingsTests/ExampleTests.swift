import Documents
import Foundation
import OrderFlow
import Orders
import Settings
import SinkKit
import TestSupport
import Testing
import Yams

/// The commented example and the schema against what is accepted: the three name the same settings.
@Suite("The examples and the schema")
struct ExampleTests {
    private static let secrets = SecretSource(
        environment: [
            "CLOUDSUITE_SECRET": "a", "TOKEN": "b", "PASSWORD": "c", "ERP_KEY": "d", "TRYTON_PASSWORD": "f", "ODOO_API_KEY": "g",
            "EZCARDS_KEY": "g", "EZCARDS_TOKEN": "h", "KHUMBU_KEY": "o", "KHUMBU_SECRET": "p",
            "WEBHOOK_SECRET": "sixteen-or-more-of-them",
            "CODES_KEY": String(repeating: "0a", count: 32),
            "SHOP_URL": "https://shop.example.com", "SHOP_TOKEN_URL": "https://login.example.com",
            "BC_URL": "https://bc.example.com",
            "BC_TOKEN_URL": "https://login.example.com", "BC_CLIENT_ID": "g", "BC_CLIENT_SECRET": "h",
            "ERPNEXT_URL": "https://erpnext.example.com", "ERPNEXT_KEY": "i", "ERPNEXT_SECRET": "j", "ERPNEXT_COMPANY": "k",
            "B1_URL": "https://b1.example.com/b1s/v1", "B1_COMPANY": "l", "B1_USER": "m", "B1_PASSWORD": "n",
        ]) { _ in "e" }

    private static func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(ProjectFolder.root)/config/\(name)", encoding: .utf8)
    }

    private static func example() throws -> Node {
        guard let node = try Yams.compose(yaml: text("crossdock.yml")) else { throw CocoaError(.fileReadCorruptFile) }
        return node
    }

    private static func read(_ yaml: String) throws(SettingsFaults) -> Configuration {
        try ConfigurationReader.read(yaml, file: "crossdock.yml", folder: "/etc", secrets: secrets) { path in
            (try? text(path.replacing("/etc/", with: ""))).map { Array($0.utf8) }
        }
    }

    private static func faults(_ yaml: String) -> [SettingsFault] {
        do {
            _ = try read(yaml)
            return []
        } catch { return error.faults }
    }

    private static let examples = [
        "crossdock.yml", "sinks/rest-example.yml", "sinks/tryton-example.yml", "sinks/odoo-example.yml",
        "sinks/ezcards-example.yml", "sinks/business-central.yml", "sinks/erpnext.yml", "sinks/sap-business-one.yml",
        "sinks/file-example.yml", "sinks/khumbu-example.yml",
    ]

    @Test(arguments: examples)
    func `an example is without fault`(_ name: String) throws {
        #expect(Self.faults(try Self.text(name)) == [])
    }

    @Test func `the example has every setting of the schema, and the schema every setting of the example`() throws {
        let inSchema = SchemaWalk.settings(ConfigurationReader.schema)
        let inExample = SchemaWalk.settings(try Self.example())
        #expect(inSchema.subtracting(inExample).sorted() == [])
        #expect(inExample.subtracting(inSchema).sorted() == [])
        #expect(inSchema.count > 80)
    }

    @Test func `the schema requires what the reader requires, and no more`() throws {
        let example = try Self.example()
        let required = SchemaWalk.requiredSettings(ConfigurationReader.schema)
        for path in SchemaWalk.paths(example) {
            let faults = Self.faults(try Yams.serialize(node: SchemaWalk.removing(path, from: example))).filter { fault in
                // Without the targets, whoever names one is told that it isn't there.
                (path[0] != "targets" || !fault.message.hasPrefix("there is no target"))
                    // What goes together is told of the section.
                    && !fault.message.contains("'same' is missing") && !fault.message.contains("must be found again")
                    // What the shop's interface needs isn't needed for another target.
                    && !fault.path.contains(".code_hand_off.")
                    && !fault.message.contains("the same webshop's orders") && !fault.message.contains("is for 'cron' only")
            }
            let isRefused = faults.contains { $0.message.contains("is missing") && $0.path == path.joined(separator: ".") }
            let isRequired = required.contains(SchemaWalk.general(path, in: example))
            #expect(isRefused == isRequired, "without \(path): \(faults)")
            if !isRequired { #expect(faults.isEmpty, "without \(path)") }
        }
    }

    @Test func `every setting stands in the example with a comment`() throws {
        for line in try Self.text("crossdock.yml").split(separator: "\n") where !line.hasPrefix("#") {
            let setting = line.trimmingCharacters(in: .whitespaces)
            let isHeading =
                setting.hasSuffix(":")
                || ["type: rest", "type: tryton", "type: odoo", "base_url:"].contains { setting.hasPrefix($0) }
            #expect(isHeading || setting.contains(" # ") || setting.hasPrefix("#"), "\(setting)")
        }
    }

    @Test func `no secret stands in an example`() throws {
        for name in Self.examples {
            for line in try Self.text(name).split(separator: "\n") {
                for key in ["client_secret: ", "password: ", " token: ", "value: ", "api_key: ", "access_token: "]
                where line.contains(key) {
                    #expect(line.contains("${"), "\(line)")
                }
            }
        }
    }

    @Test func `what the example shows as a default is the default`() throws {
        let example = try Self.read(Self.text("crossdock.yml"))
        let minimal = try Self.read(
            """
            shops: { webshop: { base_url: "https://shop.example.com" } }
            sinks: { erp: { type: sqlite }, remote: { type: rest, base_url: "https://erp.example.com/api", class: key },
                own: { type: plugin, command: [./my-sink] },
              tryton: { type: tryton, base_url: "https://tryton.example.com", database: erp, login: connector, password: a,
                web_shop: webshop },
              odoo: { type: odoo, base_url: "https://odoo.example.com", api_key: a },
              ezcards: { type: ezcards, base_url: "https://api.ezcards.io", access_token: a, api_key: b },
              khumbu: { type: khumbu, base_url: "https://api.uat.khumbu.com/uat/v1", token_url: "https://auth.example.com",
                client_id: a, client_secret: b, api_key: c, provider: standardprovider, partner: simphony, market: plkpl,
                stores: [{ provider_store_id: S-1 }] } }
            flows: { main: { shop: webshop, sink: erp, webshop: 1, since: 2026-01-01 } }
            """)
        #expect(example.ledgerPath == minimal.ledgerPath)
        var flows = (example.flows[0], minimal.flows[0])
        // What has no default stands in the example all the same.
        #expect(flows.0.template.statusMoments.count == 3 && flows.1.template.statusMoments.isEmpty)
        flows.0.template.statusMoments = []
        #expect(flows.0.template.codeHandOff == DocumentPolicy() && flows.1.template.codeHandOff == nil)
        (flows.0.template.codeHandOff, flows.0.documents.style.codes) = (nil, nil)
        #expect(flows.0.documents.style.cxml?.orderRequest.type == OrderRequestStyle().type)
        (flows.0.documents.style.cxml, flows.0.documents.style.edifact) = (nil, nil)
        flows.0.documents.style.carrier = nil
        flows.0.documents.style.packageType = nil
        flows.0.documents.style.buyerParty = nil
        #expect(flows.0.documents.style == flows.1.documents.style)
        #expect(flows.0.documents.timeLimit == flows.1.documents.timeLimit)
        #expect(flows.0.template == flows.1.template)
        #expect(flows.0.overlap == flows.1.overlap && flows.0.sweepEvery == flows.1.sweepEvery)
        #expect(flows.0.concurrency == flows.1.concurrency && flows.0.sinkTimeLimit == flows.1.sinkTimeLimit)
        #expect(example.serve == minimal.serve && flows.0.schedule == flows.1.schedule && flows.1.webhook == nil)
        let shops = (example.shops[0], minimal.shops[0])
        #expect(shops.0.zone == shops.1.zone && shops.0.pageLimit == shops.1.pageLimit)
        #expect(shops.0.volatileFields == shops.1.volatileFields)
        #expect(shops.0.remote.connectTimeout == shops.1.remote.connectTimeout)
        #expect(
            shops.0.remote.totalTimeout == shops.1.remote.totalTimeout
                && shops.0.remote.stallTimeout == shops.1.remote.stallTimeout)
        guard case .rest(_, var shown) = example.sink("remote")?.kind, case .rest(_, let plain) = minimal.sink("remote")?.kind,
            case .sqlite(let path, let prefix, _) = example.sink("erp")?.kind,
            case .sqlite(let plainPath, let plainPrefix, _) = minimal.sink("erp")?.kind,
            case .tryton(_, var tryton) = example.sink("tryton")?.kind,
            case .tryton(_, let plainTryton) = minimal.sink("tryton")?.kind,
            case .odoo(_, var odoo) = example.sink("odoo")?.kind, case .odoo(_, let plainOdoo) = minimal.sink("odoo")?.kind
        else {
            Issue.record("other sinks")
            return
        }
        guard case .ezcards(let shownRemote, var ezcards) = example.sink("ezcards")?.kind,
            case .ezcards(let plainRemote, let plainEZCards) = minimal.sink("ezcards")?.kind
        else {
            Issue.record("no EZ Cards")
            return
        }
        (ezcards.apiKey, ezcards.payWithCurrency) = (plainEZCards.apiKey, nil)
        #expect(ezcards == plainEZCards && shownRemote.rateLimit == plainRemote.rateLimit)
        #expect(plainRemote.rateLimit.map { $0.requests == 10 && $0.period == .seconds(1) && $0.isShared } == true)
        guard case .khumbu(_, var khumbu) = example.sink("khumbu")?.kind,
            case .khumbu(let khumbuRemote, let plainKhumbu) = minimal.sink("khumbu")?.kind
        else {
            Issue.record("no Khumbu")
            return
        }
        #expect(khumbu.stores.first?.additionalProperties == [KhumbuSinkSettings.Property("TENDER_MEDIA_ID", "4")])
        (khumbu.apiKey, khumbu.stores, khumbu.currency) = (plainKhumbu.apiKey, plainKhumbu.stores, nil)
        for status in [PaymentStatus.account, .none] { khumbu.paymentMethods[status] = nil }
        #expect(khumbu == plainKhumbu)
        guard case .oauth2(_, _, _, scope: "access/all") = khumbuRemote.credentials else {
            Issue.record("another scope")
            return
        }
        guard case .plugin(let plugin) = example.sink("own")?.kind, case .plugin(let plainPlugin) = minimal.sink("own")?.kind
        else {
            Issue.record("no plugin")
            return
        }
        #expect(plugin.startTimeLimit == plainPlugin.startTimeLimit && plugin.messageLimit == plainPlugin.messageLimit)
        #expect(plainPlugin.environment.isEmpty && plainPlugin.settings == JSONObject())
        (shown.sinkClass, shown.shipmentsPath) = (plain.sinkClass, plain.shipmentsPath)
        #expect(shown == plain && path == plainPath && prefix == plainPrefix)
        (tryton.password, tryton.currency) = (plainTryton.password, plainTryton.currency)
        #expect(tryton == plainTryton)
        (odoo.apiKey, odoo.database, odoo.login) = (plainOdoo.apiKey, nil, nil)
        (odoo.company, odoo.currency) = (nil, nil)
        #expect(odoo == plainOdoo)
    }

    @Test func `the schema is JSON Schema, and refuses unknown settings in every section`() throws {
        let schema = ConfigurationReader.schema
        #expect(schema["$schema"]?.stringValue == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["required"]?.arrayValue?.compactMap(\.stringValue) == ["shops", "sinks", "flows"])
        #expect(try JSONValue(parsing: schema.prettyText) == schema)
        for section in SchemaWalk.sections(schema) {
            #expect(section["additionalProperties"] == false)
            for member in section["properties"]?.objectValue?.members ?? [] {
                #expect(member.value["description"]?.stringValue?.isEmpty == false, "\(member.name.value)")
            }
        }
    }
}
