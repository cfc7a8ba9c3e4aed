import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// `crossdock sink check`, as somebody runs it who has just configured a sink or written one.
struct SinkCheckTests {
    private let folder: ProjectFolder.Temporary

    init() throws {
        folder = try ProjectFolder.Temporary()
        let shipments = #"shipments: {path: "/orders/{number}/shipments"}"#
        let khumbu =
            #"type: khumbu, base_url: "http://127.0.0.1:9", token_url: "http://127.0.0.1:9", client_id: a, client_secret: secret, "#
            + "api_key: secret, provider: us, partner: pos, market: brand, stores: [{webshop: 3, provider_store_id: S}]"
        let yaml = """
            ledger: ledger.db
            shops:
              main: {base_url: "http://127.0.0.1:9", auth: {type: none}}
            sinks:
              pos: {\(khumbu)}
              parking-pos: {\(khumbu), send: hold_and_fire, validate: cart, amounts: minor, order_number: provider_order_number}
              file: {type: sqlite, path: erp.db}
              key: {type: rest, base_url: "http://127.0.0.1:9", class: key, \(shipments)}
              look-up: {type: rest, base_url: "http://127.0.0.1:9", class: look_up, latest_effect: 60s, \(shipments)}
              neither: {type: rest, base_url: "http://127.0.0.1:9", class: neither, \(shipments)}
              other: {type: rest, base_url: "http://127.0.0.1:9", class: key, create: {path: /api/salesOrders}}
              tried: {type: rest, base_url: "http://127.0.0.1:9", class: key, sandbox: {sink: file, products: ["7"]}}
            flows:
              main: {shop: main, sink: file, since: 2026-11-01}
            """
        try yaml.write(toFile: folder.path + "/crossdock.yml", atomically: true, encoding: .utf8)
    }

    private func check(_ words: [String]) async throws -> ChildProgram.Ending {
        let arguments = ["sink", "check"] + words + ["--config", folder.path + "/crossdock.yml"]
        return try await ChildProgram("crossdock", arguments, in: folder.path).waitForEnd(within: .seconds(600))
    }

    /// The example in Python, with one thing changed.
    private func plugin(_ text: String, instead changed: String) throws -> String {
        let source = try String(contentsOfFile: ProjectFolder.root + "/Fixtures/plugins/python/sink.py", encoding: .utf8)
        let path = folder.path + "/sink.py"
        try #require(source.contains(text))
        try source.replacing(text, with: changed).write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    @Test(arguments: [
        ("file", "K"), ("key", "K"), ("look-up", "L"), ("neither", "N"), ("pos", "N"), ("parking-pos", "N"),
    ])
    func `a built-in sink holds every rule of its class, killed processes included`(_ sink: String, _ letter: String) async throws
    {
        let ending = try await check([sink, "--json"])
        let report = try JSONValue(parsing: ending.output)
        let rules = try #require(report["rules"]?.arrayValue)
        let open = rules.filter { ["fell", "not-run"].contains($0["verdict"]?.stringValue) }.map(\.compactText)
        #expect(ending.status == 0 && report["class"]?.stringValue == letter && open == [], "\(ending.errors)")
        let killed = rules.first { $0["id"]?.stringValue == "create.killed" }
        #expect(killed?["verdict"]?.stringValue == "held")
        #expect(killed?["seen"]?.stringValue?.contains("signal 9") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/erp.db"))
    }

    /// The one in shell script takes seconds for each process, so not every rule is asked of it here.
    @Test(arguments: [
        ("Fixtures/plugins/python/sink.py", []),
        (
            "Fixtures/plugins/shell/sink.sh",
            [
                "create.then-find", "create.twice", "receipt.covers-lines", "reject.all-faults", "restart.remembers",
                "decimal.long",
                "text.kept",
            ]
        ),
        ("", []),
    ])
    func `an example plugin breaks no rule, and leaves none open`(_ path: String, _ rules: [String]) async throws {
        let program = path.isEmpty ? ProjectFolder.program("crossdock-example-sink") : ProjectFolder.root + "/" + path
        let ending = try await check(["--plugin", program, "--json"] + rules.flatMap { ["--rule", $0] })
        let verdicts = try #require(try JSONValue(parsing: ending.output)["rules"]?.arrayValue)
        let held = verdicts.filter { $0["verdict"]?.stringValue == "held" }.compactMap { $0["id"]?.stringValue }
        let open = verdicts.filter { ["fell", "not-run"].contains($0["verdict"]?.stringValue) }.map(\.compactText)
        #expect(ending.status == 0 && open == [], "\(ending.errors)")
        #expect(held.count >= (rules.isEmpty ? 28 : rules.count), "\(held)")
    }

    @Test func `digits that a plugin bends are seen by its sandbox's tool, and so is a tool that fails`() async throws {
        let bending = try plugin(
            "document = json.dumps(order, sort_keys=True)",
            instead: """
                for line in order["lines"]:
                            line["quantity"] = str(float(line["quantity"]))
                        document = json.dumps(order, sort_keys=True)
                """)
        let bent = try await check(["--plugin", bending, "--rule", "decimal.long"])
        #expect(bent.status == 1 && bent.output.contains("FELL         decimal.long"), "\(bent.output)\(bent.errors)")
        let failing = try plugin("def orders(self, key):", instead: "def orders(self, key, more):")
        let failed = try await check(["--plugin", failing, "--rule", "decimal.long"])
        #expect(failed.output.contains("the sandbox's tool 'orders'") && failed.output.contains("ended with status 1"))
    }

    @Test func `a plugin that gets something wrong falls by name, with a hint, and ends with 1`() async throws {
        let path = try plugin("\"erp_line_number\": 10 * place", instead: "\"erp_line_number\": 10")
        let rules = ["--rule", "create.then-find", "--rule", "receipt.covers-lines", "--rule", "settings.unknown"]
        let ending = try await check(["--plugin", path] + rules + ["--junit", folder.path + "/sink.xml"])
        #expect(ending.status == 1, "\(ending.errors)")
        #expect(ending.output.contains("held         create.then-find"))
        #expect(ending.output.contains("FELL         receipt.covers-lines"))
        #expect(ending.output.contains("expected: each line has an ERP line number of its own"))
        #expect(ending.output.contains("hint: The shop stores the number on the line"))
        #expect(ending.output.contains("2 held, 1 fell"))
        let junit = try String(contentsOfFile: folder.path + "/sink.xml", encoding: .utf8)
        #expect(junit.contains("tests=\"3\" failures=\"1\""))

        try "# agreed with the ERP's people\nreceipt.covers-lines = the ERP numbers no lines\n".write(
            toFile: folder.path + "/waivers", atomically: true, encoding: .utf8)
        let waived = try await check(["--plugin", path] + rules + ["--waivers", folder.path + "/waivers"])
        #expect(waived.status == 0 && waived.output.contains("waived: the ERP numbers no lines"), "\(waived.output)")
    }

    @Test func `a sink with a sandbox is tried there`() async throws {
        let ending = try await check(["tried", "--rule", "create.accepted"])
        #expect(ending.status == 0 && ending.errors.contains("sink 'file', the sandbox of 'tried'"), "\(ending.errors)")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/erp.db"))
    }

    @Test func `an ERP that is asked for live is written to, and holds no order twice whatever is made to go wrong`() async throws
    {
        var configuration = ERPConfiguration()
        configuration.acceptAnyProduct = false
        let erp = ERPSimulator(configuration: configuration)
        let url = try await erp.start()
        let path = folder.path + "/crossdock.yml"
        let yaml = try String(contentsOfFile: path, encoding: .utf8)
        let auth = "{type: header, name: X-Api-Key, value: simulated-key}"
        try yaml.replacing(
            "key: {type: rest, base_url: \"http://127.0.0.1:9\"", with: "key: {type: rest, base_url: \"\(url)\", auth: \(auth)"
        )
        .write(toFile: path, atomically: true, encoding: .utf8)
        let ending = try await check(["key", "--live", "--product", "124_STUK", "--unknown-product", "NONE", "--json"])
        await erp.stop()
        let rules = try #require(try JSONValue(parsing: ending.output)["rules"]?.arrayValue)
        let verdicts = Dictionary(
            uniqueKeysWithValues: rules.map { ($0["id"]?.stringValue ?? "", $0["verdict"]?.stringValue ?? "") })
        #expect(ending.status == 0 && ending.errors.contains("makes orders in sink 'key' itself"), "\(ending.errors)")
        for rule in [
            "create.cut-off", "create.killed", "find.fails-closed", "deadline.create", "deadline.find", "reject.all-faults",
        ] {
            #expect(verdicts[rule] == "held", "\(rule)")
        }
        #expect(!erp.orders.isEmpty && erp.audit().values.allSatisfy { $0.ordersCreated <= 1 })
        #expect(erp.orders.allSatisfy { $0.json["reference"]?.stringValue?.hasPrefix("CDCHECK-") == true })
    }

    @Test(arguments: [
        (["nowhere"], 2, "there is no sink 'nowhere'"), ([], 2, "name a sink"),
        (["file", "--rule", "create.thrice"], 2, "there is no rule 'create.thrice'"),
        (["file", "--waive", "create.twice"], 2, "the reason why it needn't hold"),
        (["file", "--waive", "create.twice= "], 2, "the reason why it needn't hold"),
        (["file", "--junit", "/no-such-folder/sink.xml"], 2, "/no-such-folder/sink.xml can't be written"),
        (["other"], 2, "name a 'sandbox' in its settings"),
        (["key", "--live"], 2, "which products does that ERP know?"),
        (["--plugin", "./no-such-program"], 78, "no-such-program"),
    ])
    func `what can't be checked is said, with a status of its own`(
        _ words: [String], _ status: Int32, _ message: String
    ) async throws {
        let ending = try await check(words)
        #expect(ending.status == status && ending.errors.contains(message), "\(ending.status) \(ending.errors)")
    }

    @Test func `an ERP that is down at the time is no rule's matter`() async throws {
        let ending = try await check(["key", "--live", "--product", "124", "--rule", "create.accepted"])
        #expect(
            ending.status == 69 && ending.errors.contains("can't be tried"),
            "\(ending.status) \(ending.errors) \(ending.output)")
    }

    @Test func `the rules are listed, with what must be`() async throws {
        let ending = try await check(["--list"])
        #expect(ending.status == 0 && ending.output.contains("create.then-find\tan order that was made is found by our key"))
    }
}
