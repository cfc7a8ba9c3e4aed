import Foundation
import Orders
import SinkKit
import Synchronization
import Testing

/// A sink run as a program, spoken to over its pipes.
@Suite struct SinkProgramTests {
    /// Does what the test says.
    private struct TestSink: ERPSink {
        let capabilities = SinkCapabilities(sinkClass: .neither, cancels: true)
        var onFind: @Sendable (IdempotencyKey, SinkContext) async throws(SinkError) -> SinkReceipt? = { _, _ throws(SinkError) in
            nil
        }

        func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
            try await onFind(key, context)
        }
        func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
            let evidence = try await context.attempt("purchase", key: "1", promise: .neither) { () throws(SinkError) in
                JSONObject([("voucher", 77)])
            }
            return .accepted(SinkReceipt(erpOrderNumber: evidence["voucher"]?.integerValue.map { "V-\($0)" } ?? "", lines: []))
        }
        func check(_ context: SinkContext) async throws(SinkError) -> [String] {
            throw SinkError(.throttled, "later", retryAfter: .seconds(2))
        }
    }

    private static let schema: JSONValue = [
        "properties": ["a": ["type": "string"]], "required": ["b"], "additionalProperties": false,
    ]

    private static func program(_ sink: TestSink = TestSink(), schema: JSONValue = true) -> SinkProgram {
        SinkProgram(name: "test", version: "1.0.0", settingsSchema: schema) { start in
            start.log.write(.info, "made")
            return sink
        }
    }

    /// Past the line that the sink logs when it is made.
    private static func started(_ sink: TestSink = TestSink()) async throws -> ProgramPeer {
        let peer = try ProgramPeer(program(sink))
        try await peer.initialize()
        let answer = try #require(try await peer.next())
        #expect(answer["result"]?["capabilities"]?["class"] == "neither")
        return peer
    }

    @Test func `a call's context reaches the sink, the order's webshop too`() async throws {
        let peer = try await Self.started(
            TestSink { _, context throws(SinkError) in
                SinkReceipt(erpOrderNumber: "\(context.attempt) \(context.webshop ?? 0)", lines: [])
            })
        var params = PluginCall.find(IdempotencyKey(order: OrderKey(shop: "s", orderID: 1))).params
        params.append(
            "context", .object(PluginCallContext(attempt: 3, timeLimit: .seconds(60), startBy: nil, webshop: 7).json))
        peer.request(1, PluginCall.Method.find.rawValue, params)
        #expect(try await peer.next()?["result"]?["receipt"]?["erp_order_number"] == "3 7")
    }

    @Test func `calls are answered as they end, not as they came`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let peer = try await Self.started(
            TestSink { key, _ throws(SinkError) in
                if key.order.orderID == 1 { for await _ in gate.stream { break } } else { gate.continuation.yield() }
                return nil
            })
        for id in [Int64(1), 2] { peer.call(id, .find(IdempotencyKey(order: OrderKey(shop: "s", orderID: id)))) }
        let ids = try await [peer.next(), peer.next()].map { $0?["id"]?.integerValue }
        #expect(Set(ids) == [1, 2])
    }

    @Test func `a cancelled call is answered, and its task is cancelled`() async throws {
        let began = AsyncStream<Void>.makeStream()
        let peer = try await Self.started(
            TestSink { _, _ throws(SinkError) in
                began.continuation.yield()
                // Until it is cancelled, which is what is tested.
                try? await Task.sleep(for: .seconds(600))
                throw SinkError(Task.isCancelled ? .notApplied : .conflict, "woken")
            })
        peer.call(5, .find(Samples.key))
        for await _ in began.stream { break }
        peer.send(#"{"jsonrpc":"2.0","method":"$/cancel","params":{"id":5}}"#)
        let answer = try await peer.next()
        #expect(answer?["error"]?["data"]?["code"] == "not_applied")
    }

    @Test func `a named attempt asks its call's journal, before and after`() async throws {
        let peer = try await Self.started()
        peer.call(7, .create(try SinkOrderTests.full()))
        for (method, result) in [("attempt/state", #"{"state":"new"}"#), ("attempt/begin", "{}"), ("attempt/end", "{}")] {
            let asked = try #require(try await peer.next())
            #expect(asked["method"]?.stringValue == method && asked["params"]?["call"] == 7)
            #expect(asked["params"]?["name"] == "purchase" && asked["params"]?["key"] == "1")
            peer.send(#"{"jsonrpc":"2.0","id":\#(try #require(asked["id"]).compactText),"result":\#(result)}"#)
        }
        #expect(try await peer.next()?["result"]?["receipt"]?["erp_order_number"] == "V-77")
    }

    @Test func `an attempt whose beginning can't be written down is not made`() async throws {
        let peer = try await Self.started()
        peer.call(7, .create(try SinkOrderTests.full()))
        let state = try #require(try await peer.next())
        peer.send(#"{"jsonrpc":"2.0","id":\#(try #require(state["id"]).compactText),"result":{"state":"new"}}"#)
        let begin = try #require(try await peer.next())
        let error = PluginMessage.failure(
            id: begin["id"].flatMap(PluginMessageID.init(json:)), PluginFailure(SinkError(.unavailable, "full")))
        peer.send(JSONValue.object(error.json).compactText)
        let answer = try await peer.next()
        #expect(answer?["error"]?["data"]?["code"] == "unavailable" && answer?["id"] == 7)
    }

    @Test func `the end of the input cancels what is under way, and ends the program`() async throws {
        let began = AsyncStream<Void>.makeStream()
        let peer = try await Self.started(
            TestSink { _, _ throws(SinkError) in
                began.continuation.yield()
                // Until it is cancelled, which is what is tested.
                try? await Task.sleep(for: .seconds(600))
                return nil
            })
        peer.call(1, .find(Samples.key))
        for await _ in began.stream { break }
        peer.endInput()
        await peer.waitForEnd()
    }

    @Test func `shutdown waits for what is under way, answers last, and ends the program`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let peer = try await Self.started(
            TestSink { _, _ throws(SinkError) in
                for await _ in gate.stream { break }
                return nil
            })
        peer.call(1, .find(Samples.key))
        peer.request(2, PluginMethod.shutdown)
        gate.continuation.yield()
        #expect(try await peer.next()?["id"] == 1)
        #expect(try await peer.next() == JSONObject([("jsonrpc", "2.0"), ("id", 2), ("result", .object(JSONObject()))]))
        await peer.waitForEnd()
        #expect(try await peer.next() == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `after shutdown, what is under way still gets the answers it waits for, and nothing new is begun`() async throws {
        let peer = try await Self.started()
        peer.call(7, .create(try SinkOrderTests.full()))
        peer.request(8, PluginMethod.shutdown)
        peer.call(9, .find(Samples.key))
        var answers: [Int64: JSONObject] = [:]
        while let message = try await peer.next() {
            if let method = message["method"]?.stringValue {
                let result = method == "attempt/state" ? #"{"state":"new"}"# : "{}"
                peer.send(#"{"jsonrpc":"2.0","id":\#(try #require(message["id"]).compactText),"result":\#(result)}"#)
            } else if let id = message["id"]?.integerValue {
                answers[id] = message
            }
        }
        #expect(answers[7]?["result"]?["receipt"]?["erp_order_number"] == "V-77")
        #expect(answers[8]?["result"] != nil && answers[9]?["error"]?["code"] == -32_600)
        await peer.waitForEnd()
    }

    @Test func `a reader that doesn't read keeps no task waiting`() async throws {
        let isDone = Mutex(0)
        // One for each thread that tasks have: were they to wait, none would be left.
        var peers: [ProgramPeer] = []
        let count = ProcessInfo.processInfo.activeProcessorCount
        for _ in 0..<count {
            let peer = try await Self.started(
                TestSink { _, _ throws(SinkError) in
                    isDone.withLock { $0 += 1 }
                    throw SinkError(.conflict, String(repeating: "x", count: 1 << 20))
                })
            peer.call(1, .find(Samples.key))
            peer.call(2, .find(Samples.key))
            peers.append(peer)
        }
        while isDone.withLock({ $0 }) < count * 2 { await Task.yield() }
        #expect(await Task { 42 }.value == 42)
        for peer in peers {
            for _ in 1...2 { #expect(try await peer.next()?["error"]?["message"]?.stringValue?.count == 1 << 20) }
        }
    }

    @Test func `an error keeps its code and its pause`() async throws {
        let peer = try await Self.started()
        peer.call(1, .check)
        let error = try #require(try await peer.next()?["error"]?.objectValue)
        #expect(PluginFailure(json: error) == PluginFailure(SinkError(.throttled, "later", retryAfter: .seconds(2))))
    }

    @Test(arguments: [
        ("no JSON at all", Int64?.none, -32_700), (#"{"jsonrpc":"2.0","id":3,"method":"sell","params":{}}"#, 3, -32_601),
        (#"{"jsonrpc":"2.0","id":3,"method":"find","params":{}}"#, 3, -32_602),
        (#"{"jsonrpc":"2.0","id":3,"method":"check","params":{"context":{}}}"#, 3, -32_602),
    ])
    func `what can't be read is refused, and the next call answered`(line: String, id: Int64?, number: Int64) async throws {
        let peer = try await Self.started()
        peer.send(line)
        let refused = try #require(try await peer.next())
        #expect(refused["id"]?.integerValue == id && refused["error"]?["code"]?.integerValue == number)
        // Nothing was done, and Crossdock may rely on it.
        if number == -32_602 { #expect(refused["error"]?["data"]?["code"] == "not_applied") }
        peer.send(#"{"jsonrpc":"2.0","method":"from/the/future","params":{}}"#)
        peer.send(#"{"jsonrpc":"2.0","id":"nobody","result":{}}"#)
        peer.call(4, .find(Samples.key))
        #expect(try await peer.next()?["id"] == 4)
    }

    @Test func `another major version, and settings that don't keep to the schema, are refused`() async throws {
        let peer = try ProgramPeer(Self.program(schema: Self.schema))
        peer.call(1, .check)
        #expect(try await peer.next()?["error"]?["code"] == -32_600)
        peer.request(2, PluginMethod.initialize, JSONObject([("contract", "2.0.0"), ("host", ["name": "h", "version": "9"])]))
        let version = try await peer.next()?["error"]
        #expect(version?["data"]?["code"] == "misconfigured" && version?["message"]?.stringValue?.contains("2.0.0") == true)
        let host = PluginParty(name: "h", version: "9")
        peer.request(3, PluginMethod.initialize, PluginGreeting(host: host, settings: JSONObject([("a", 1), ("c", 2)])).json)
        let faults = try #require(try await peer.next()?["error"]?["message"]?.stringValue)
        #expect(faults == "b: is missing; a: should be a text, not a number; c: is not known here; known are: a")
        peer.request(4, PluginMethod.initialize, PluginGreeting(host: host, settings: nil).json)
        let introduction = try #require(try await peer.next()?["result"]?.objectValue)
        #expect(introduction["capabilities"] == nil && introduction["settings_schema"] == Self.schema)
    }
}
