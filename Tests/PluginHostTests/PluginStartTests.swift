import Foundation
import Orders
import PluginHost
import SinkKit
import TestSupport
import Testing

@Suite struct PluginStartTests {
    static func startError(_ plugin: ScriptedPlugin, adjust: (inout PluginSettings) -> Void = { _ in }) async -> SinkError? {
        do {
            try await plugin.use(adjust: adjust) { _ in }
            return nil
        } catch { return error as? SinkError }
    }

    @Test(arguments: [
        (#"introduction["contract"] = "2.0.0"; introduction["plugin"] = None; answer(introduction)"#, "speaks version 2.0.0"),
        (#"introduction["contract"] = "one"; answer(introduction)"#, "a version such as 1.0.0"),
        ("answer({})", "'contract'"),
        (#"del introduction["capabilities"]; answer(introduction)"#, "no capabilities"),
        (#"introduction["capabilities"] = {"class": "look_up"}; answer(introduction)"#, "latest_effect_ms"),
        (#"introduction["capabilities"] = {"class": "sure"}; answer(introduction)"#, "key, look_up or neither"),
        (#"fail("misconfigured", "the file can't be opened")"#, "the file can't be opened"),
        (#"sys.stderr.write("Traceback\nKeyError: 'path'\n"); sys.exit(1)"#, "status 1; the last it printed: KeyError: 'path'"),
    ])
    func `a plugin that can't work says why`(initialize: String, message: String) async throws {
        let error = await Self.startError(try ScriptedPlugin("pass", initialize: initialize))
        #expect(error?.code == .misconfigured)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "started")")
    }

    @Test(arguments: [["./no-such-program"], ["no-such-program-anywhere"], ["/"], []])
    func `a program that can't be started is misconfigured`(command: [String]) async throws {
        let error = await Self.startError(try ScriptedPlugin("pass")) { $0.command = command }
        #expect(error?.code == .misconfigured)
    }

    @Test func `a newer minor version and members nobody knows are taken`() async throws {
        let initialize = #"introduction["contract"] = "1.7.3"; introduction["new"] = 1; answer(introduction)"#
        let plugin = try ScriptedPlugin(#"answer({"receipt": None, "new": []})"#, initialize: initialize)
        try await plugin.use { sink in
            let found = try await sink.find(order().key, SinkContext())
            #expect(found == nil)
            #expect(sink.introduction.contract == ContractVersion(major: 1, minor: 7, patch: 3))
        }
    }

    @Test func `every setting that doesn't keep to the plugin's schema is named at once`() async throws {
        let initialize = """
            introduction["settings_schema"] = {"type": "object", "required": ["url"], "additionalProperties": False,
                "properties": {"url": {"type": "string"}, "port": {"type": "integer", "minimum": 1}, "mode": {"enum": ["a", "b"]}}}
            answer(introduction)
            """
        let plugin = try ScriptedPlugin("pass", initialize: initialize)
        let error = await Self.startError(plugin) { settings in
            settings.settings = JSONObject([("port", 0), ("mode", "c"), ("colour", "red")])
        }
        #expect(error?.code == .misconfigured)
        for part in ["settings.url: is missing", "settings.port", "settings.mode", "settings.colour"] {
            #expect(error?.message.contains(part) == true)
        }
    }

    @Test func `a plugin finds nothing in its environment, and nothing open, that wasn't meant for it`() async throws {
        let plugin = try ScriptedPlugin(
            #"note(json.dumps([sorted(os.environ), sorted(os.listdir("/proc/self/fd")), os.getcwd(), params])); answer({"findings": []})"#
        )
        let open = open("/dev/null", O_RDONLY)
        defer { close(open) }
        try await plugin.use(adjust: { $0.environment["ERP_TOKEN"] = "t" }) { sink in _ = try await sink.check(SinkContext()) }
        let seen = try JSONValue(parsing: try #require(plugin.file("notes"))).arrayValue
        // Python adds the second by itself in the C locale.
        #expect(seen?[0].arrayValue?.compactMap(\.stringValue).filter { $0 != "LC_CTYPE" } == ["ERP_TOKEN"])
        // The three streams, and the folder that is being listed.
        #expect(seen?[1].arrayValue?.count == 4)
        #expect(seen?[2].stringValue?.hasSuffix(URL(fileURLWithPath: plugin.folder.path).lastPathComponent) == true)
    }

    @Test func `secrets are in no log, and in no message, whatever the plugin says`() async throws {
        let handle = """
            token = os.environ["ERP_TOKEN"]
            sys.stderr.write(f"using {token} and {settings['password']}\\n" + "x" * 3995 + token + "\\n"); sys.stderr.flush()
            send(method="log", params={"level": "error", "message": f"{token} again", "call": id})
            send(method="progress", params={"message": f"{token} half", "call": id})
            if method == "find":
                return fail("unauthorized", f"{token} is refused")
            answer({"answer": "rejected", "faults": [{"path": "", "message": f"no {token}"}]} if method == "create"
                else {"findings": [f"{settings['password']} is good"]})
            """
        let log = LogLines()
        let plugin = try ScriptedPlugin(
            handle, initialize: #"global settings; settings = params["settings"]; answer(introduction)"#)
        try await plugin.use(log) { settings in
            settings.environment["ERP_TOKEN"] = "token-4711"
            settings.settings = JSONObject([("password", "pass-word-1")])
            settings.secrets = ["pass-word-1"]
        } _: { sink in
            let error = await findError(sink, try order().key)
            #expect(error?.message == "plugin 'scripted': ••• is refused")
            #expect(try await sink.create(order(), SinkContext()) == .rejected([SinkFault(message: "no •••")]))
            #expect(try await sink.check(SinkContext()).last == "••• is good")
        }
        let text = log.lines.joined(separator: "\n")
        #expect(text.contains("info: using ••• and •••"))
        #expect(text.contains("error: ••• again"))
        #expect(text.contains("info: ••• half"))
        #expect(!text.contains("token-4") && !text.contains("pass-w"))
    }

    @Test func `no secret is journalled with an attempt, and none is taken for its name`() async throws {
        let handle = """
            token = os.environ["ERP_TOKEN"]
            named = ask("attempt/begin", name=f"buy with {token}")
            keyed = ask("attempt/begin", name="buy", key=token)
            note(json.dumps([message["error"]["data"]["code"] for message in [named, keyed]]))
            for key, end in [("1", {"end": "finished", "evidence": {"url": f"https://{token}@erp", token: [4711471147114711]}}),
                    ("2", {"end": "unknown", "message": f"{token} timed out"}), ("3", {"end": "not_applied", "message": f"no {token}"})]:
                ask("attempt/begin", name="buy", key=key)
                ask("attempt/end", name="buy", key=key, **end)
            answer({"answer": "rejected", "faults": [{"path": f"lines.{token}", "message": "no"}]})
            """
        let journal = KeptAttempts()
        let plugin = try ScriptedPlugin(handle)
        try await plugin.use(adjust: { settings in
            settings.environment["ERP_TOKEN"] = "token-4711"
            settings.secrets = ["4711471147114711"]
        }) { sink in
            let answer = try await sink.create(order(), SinkContext(attempts: journal))
            #expect(answer == .rejected([SinkFault(path: "lines.•••", message: "no")]))
        }
        #expect(plugin.file("notes") == "[\"misconfigured\", \"misconfigured\"]\n")
        #expect(
            journal.ends == [
                .finished(JSONObject([("url", "https://•••@erp"), ("•••", ["•••"])])), .unknown("••• timed out"),
                .notApplied("no •••"),
            ])
    }

    @Test(arguments: [
        (#"{"answer": "pending", "ticket": token}"#, "a ticket"),
        (#"{"answer": "accepted", "receipt": {**receipt, "erp_order_number": "E-" + token}}"#, "an erp_order_number"),
    ])
    func `what can't be masked is refused, and the order's outcome left open`(answer: String, what: String) async throws {
        let handle = """
            token = os.environ["ERP_TOKEN"]
            answer(\(answer) if method == "create" else {"receipt": {**receipt, "erp_order_number": token}})
            """
        try await ScriptedPlugin(handle).use(adjust: { $0.environment["ERP_TOKEN"] = "token-4711" }) { sink in
            let created = await createError(sink, try order())
            #expect(created?.code == .unknownOutcome && created?.message.contains(what) == true, "\(created?.message ?? "")")
            let found = await findError(sink, try order().key)
            #expect(found?.code == .unavailable)
            #expect(![created, found].contains { $0?.message.contains("token-4711") == true })
        }
    }

    @Test func `a short secret that stands in a number by chance doesn't stop an order`() async throws {
        let number = #"answer({"answer": "accepted", "receipt": {**receipt, "erp_order_number": "SO-2026-7"}})"#
        try await ScriptedPlugin(number).use(adjust: { $0.environment["YEAR"] = "2026" }) { sink in
            let answer = try await sink.create(order(), SinkContext())
            #expect(answer == .accepted(SinkReceipt(erpOrderNumber: "SO-2026-7", lines: [])))
        }
    }

    @Test func `an environment that nobody chose is no secret, and what was chosen still is`() async throws {
        let log = LogLines()
        let handle =
            #"sys.stderr.write(os.environ["HOME"] + " " + os.environ["ERP_TOKEN"] + "\n"); sys.stderr.flush(); answer({"findings": []})"#
        try await ScriptedPlugin(handle).use(
            log,
            adjust: { settings in
                settings.environment = ["HOME": "/home/crossdock", "ERP_TOKEN": "token-4711"]
                settings.isEnvironmentSecret = false
                settings.secrets = ["token-4711"]
            }
        ) { sink in _ = try await sink.check(SinkContext()) }
        #expect(log.lines.contains("info: /home/crossdock •••"), "\(log.lines)")
    }

    @Test func `what a plugin prints is cut where it is too long, and draws nothing on a terminal`() async throws {
        let log = LogLines()
        let handle =
            #"sys.stderr.write("\x1b[31mred\n" + "x" * 5000 + "\n" + "y" * 100000 + "\n"); sys.stderr.flush(); answer({"findings": []})"#
        try await ScriptedPlugin(handle).use(log) { sink in _ = try await sink.check(SinkContext()) }
        #expect(log.lines.contains("info: \u{FFFD}[31mred"))
        #expect(log.lines.contains { $0.hasSuffix("x… (5000 characters)") })
        #expect(log.lines.contains("info: a line of 100000 bytes, which is left out"))
    }
}
