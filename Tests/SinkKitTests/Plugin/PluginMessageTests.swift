import Orders
import SinkKit
import Testing

/// Every message is written, read back, and held against the schema that lies in the repository.
@Suite struct PluginMessageTests {
    /// As the other side reads it.
    static func reread(_ message: PluginMessage) throws -> PluginMessage {
        let line = message.line
        #expect(line.last == UInt8(ascii: "\n") && !line.dropLast().contains(UInt8(ascii: "\n")))
        return try PluginMessage(line: line.dropLast())
    }

    @Test func `every call reads as it was written, and keeps to the schema`() throws {
        let context = PluginCallContext(
            attempt: 2, timeLimit: .seconds(30), startBy: Timestamp(milliseconds: 1_795_000_000_000), webshop: 7)
        for call in try Samples.calls() {
            var params = call.params
            params.append("context", .object(context.json))
            let message = PluginMessage.request(id: .integer(7), method: call.method.rawValue, params: params)
            #expect(try ProtocolSchema.faults(in: .object(message.json), as: "from_crossdock") == [])
            #expect(try ProtocolSchema.faults(in: .object(message.json), as: "call_\(call.method.rawValue)") == [])
            guard case .request(.integer(7), let name, let read) = try Self.reread(message) else {
                Issue.record("\(call.method) doesn't read as a request")
                continue
            }
            #expect(try PluginCall(try #require(PluginCall.Method(rawValue: name)), params: read) == call)
            #expect(try PluginCallContext(params: read) == context)
        }
    }

    @Test func `every result reads as it was written, secrets included, and keeps to the schema`() throws {
        for (method, result) in try Samples.results() {
            let faults = try ProtocolSchema.faults(inResult: result.json, of: method.rawValue)
            #expect(faults == [], "\(method)")
            guard case .result(.text("x"), let read) = try Self.reread(.result(id: .text("x"), result.json)) else {
                Issue.record("\(method) doesn't read as a result")
                continue
            }
            #expect(try PluginResult(method, json: read) == result)
        }
        #expect(Set(try Samples.results().map(\.0)).count == PluginCall.Method.allCases.count)
    }

    @Test(arguments: [
        "not_applied", "not_sent_in_time", "throttled", "unavailable", "unauthorized", "misconfigured", "unknown_outcome",
        "conflict",
    ])
    func `an error keeps its code, its message and its pause`(code: String) throws {
        let error = SinkError(try #require(SinkError.Code(name: code)), "a \"message\"\n", retryAfter: .milliseconds(1500))
        let message = PluginMessage.failure(id: .integer(1), PluginFailure(error))
        #expect(try ProtocolSchema.faults(in: .object(message.json), as: "from_plugin") == [])
        guard case .failure(.integer(1), let failure) = try Self.reread(message) else {
            Issue.record("no failure")
            return
        }
        let read = failure.sinkError(otherwise: .conflict)
        #expect(read.code == error.code && read.message == error.message && read.retryAfter == error.retryAfter)
    }

    @Test(arguments: [
        (#"{"code": -32601, "message": "m"}"#, "misconfigured"), (#"{"code": -32603, "message": "m"}"#, "unknown_outcome"),
        (#"{"code": 1, "message": "m", "data": "x"}"#, "unknown_outcome"),
        (#"{"code": 1, "message": "m", "data": {"code": "new"}}"#, "unknown_outcome"),
        (#"{"code": 1, "message": "m", "data": {"code": "conflict", "new": 1}}"#, "conflict"),
    ])
    func `an error whose effect isn't told is no more certain than that`(json: String, code: String) throws {
        let object = try #require(try JSONValue(parsing: json).objectValue)
        #expect(try #require(PluginFailure(json: object)).sinkError(otherwise: .unknownOutcome).code.name == code)
    }

    @Test func `the handshake reads as it was written, and keeps to the schema`() throws {
        let host = PluginParty(name: "crossdock", version: "1.2")
        for settings in [nil, JSONObject([("a", [1, nil])])] {
            let greeting = PluginGreeting(host: host, settings: settings)
            let message = PluginMessage.request(id: .integer(1), method: PluginMethod.initialize, params: greeting.json)
            #expect(try ProtocolSchema.faults(in: .object(message.json), as: "from_crossdock") == [])
            #expect(try PluginGreeting(json: greeting.json) == greeting)
        }
        var customer = Party()
        customer.code = "C-7"
        let classes: [SinkClass] = [
            .key(retention: nil, latestEffect: nil), .key(retention: .seconds(86_400), latestEffect: .zero),
            .lookUp(latestEffect: .milliseconds(1500)), .neither,
        ]
        for sinkClass in classes {
            var introduction = PluginIntroduction(
                plugin: host,
                capabilities: SinkCapabilities(
                    sinkClass: sinkClass, requiredFields: ["customer.code"], tellsShipments: true, validates: true, cancels: true,
                    releases: true, receivesMessages: true, deliversSecrets: true), settingsSchema: ["type": "object"])
            #expect(try PluginIntroduction(json: introduction.json) == introduction)
            introduction.sandbox = PluginSandbox(
                settings: JSONObject([("path", "{folder}/a")]), knownProduct: "A", unknownProduct: "B", currency: "EUR",
                customer: customer)
            #expect(try PluginIntroduction(json: introduction.json) == introduction)
            #expect(try ProtocolSchema.faults(inResult: introduction.json, of: "initialize") == [])
        }
    }

    @Test(
        arguments: [
            .at("http://127.0.0.1:8080", create: "/orders"), .at("http://127.0.0.1:8080", create: nil), .simulated(.key),
            .simulated(.lookUp), .simulated(.neither),
        ] as [PluginSandbox.TestERP])
    func `a sandbox reads as it was written, with its ERP and its tools, and keeps to the schema`(erp: PluginSandbox.TestERP)
        throws
    {
        var sandbox = PluginSandbox(settings: JSONObject([("url", "{erp}")]))
        sandbox.erp = erp
        sandbox.noConnection = "it writes files"
        sandbox.hasDrafts = false
        for tool in PluginSandbox.Tool.allCases { sandbox.tools[tool] = ["./look", tool.rawValue, "{key}"] }
        let introduction = PluginIntroduction(
            plugin: PluginParty(name: "a", version: "1"), capabilities: nil, settingsSchema: true, sandbox: sandbox)
        #expect(try PluginIntroduction(json: introduction.json) == introduction)
        #expect(try ProtocolSchema.faults(inResult: introduction.json, of: "initialize") == [])
    }

    @Test(arguments: [
        (#"{"erp": {}}"#, "sandbox.erp.url"), (#"{"erp": {"simulated": "K"}}"#, "sandbox.erp.simulated"),
        (#"{"erp": "http://a"}"#, "erp"), (#"{"tools": {"orders": []}}"#, "sandbox.tools.orders"),
        (#"{"drafts": "no"}"#, "sandbox.drafts"),
    ])
    func `a sandbox that can't be read says where`(members: String, place: String) throws {
        var sandbox = try #require(try JSONValue(parsing: members).objectValue)
        sandbox["settings"] = .object(JSONObject())
        let introduction = JSONObject([
            ("contract", "1.0.0"), ("plugin", ["name": "a", "version": "1"]), ("settings_schema", true),
            ("sandbox", .object(sandbox)),
        ])
        let error = #expect(throws: PluginFormatError.self) { try PluginIntroduction(json: introduction) }
        #expect(error?.member.hasSuffix(place) == true, "\(String(describing: error))")
    }

    @Test func `named attempts read as they were written, and keep to the schema`() throws {
        let evidence = JSONObject([("voucher", 77)])
        let ends: [SinkAttemptEnd] = [.finished(evidence), .notApplied("refused"), .unknown("cut off")]
        let attempt = SinkAttemptName("purchase", key: "id:1/3")
        for kind in [.state, .begin] + ends.map({ PluginAttemptCall.Kind.end($0) }) {
            let call = PluginAttemptCall(call: .integer(4), attempt: attempt, kind: kind)
            let message = PluginMessage.request(id: .text("q"), method: call.method.rawValue, params: call.params)
            #expect(try ProtocolSchema.faults(in: .object(message.json), as: "from_plugin") == [])
            #expect(try PluginAttemptCall(call.method, params: call.params) == call)
        }
        let unanswered = SinkAttemptState.unanswered(for: .milliseconds(2500), sinceFirst: .seconds(60), isOrdered: true)
        for state in [SinkAttemptState.new, .unanswered(for: .milliseconds(2500)), unanswered, .finished(evidence)] {
            #expect(try SinkAttemptState(wireJSON: state.wireJSON) == state)
            #expect(try ProtocolSchema.faults(inResult: state.wireJSON, of: "attempt/state") == [])
        }
    }

    @Test func `notices read as they were written, and keep to the schema`() throws {
        for notice in [
            PluginNotice.log(.warning, "m", call: nil), .log(.debug, "m", call: .integer(3)), .progress("half", call: .text("x")),
        ] {
            let message = PluginMessage.notification(method: notice.method.rawValue, params: notice.params)
            #expect(try ProtocolSchema.faults(in: .object(message.json), as: "from_plugin") == [])
            #expect(try PluginNotice(notice.method, params: notice.params) == notice)
        }
        let cancel = PluginMessage.notification(method: PluginMethod.cancel, params: JSONObject([("id", 3)]))
        #expect(try ProtocolSchema.faults(in: .object(cancel.json), as: "from_crossdock") == [])
        let shutdown = PluginMessage.request(id: .integer(9), method: PluginMethod.shutdown, params: JSONObject())
        #expect(try ProtocolSchema.faults(in: .object(shutdown.json), as: "from_crossdock") == [])
    }

    @Test(arguments: [
        "", "null", "[]", "{}", "1", "{", #"{"jsonrpc":"2.0"}"#, #"{"jsonrpc":"1.0","method":"find","id":1}"#,
        #"{"jsonrpc":"2.0","method":1,"id":1}"#, #"{"jsonrpc":"2.0","method":"find","id":1.5}"#,
        #"{"jsonrpc":"2.0","method":"find","id":null}"#, #"{"jsonrpc":"2.0","method":"find","id":1,"params":[]}"#,
        #"{"jsonrpc":"2.0","id":1,"result":{},"result":{}}"#,
    ])
    func `what is no message is refused`(line: String) {
        #expect(throws: PluginMessageFault.self) { try PluginMessage(line: Array(line.utf8)) }
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","id":5,"result":1}"#, #"{"jsonrpc":"2.0","id":5}"#, #"{"jsonrpc":"2.0","id":5,"error":{}}"#,
        #"{"id":5,"result":{}}"#, #"{"jsonrpc":"2.0","id":5,"result":{},"error":{"code":1,"message":"m"}}"#,
    ])
    func `an answer that can't be read still says whose it is`(line: String) {
        let fault = #expect(throws: PluginMessageFault.self) { try PluginMessage(line: Array(line.utf8)) }
        #expect(fault?.answerID == .integer(5))
    }
}
