import Orders
import PluginHost
import SinkKit
import TestSupport
import Testing

/// What a plugin does wrong, and what Crossdock makes of it: never a success.
@Suite struct BrokenPluginTests {
    static let faults: [(what: String, handle: String)] = [
        ("ends without an answer", "os._exit(3)"),
        ("is killed", "os.kill(os.getpid(), signal.SIGKILL)"),
        ("answers half a line and ends", #"say('{"jsonrpc": "2.0", "id": %d, "result": {"ans' % id); os._exit(0)"#),
        (
            "answers a whole message without its line break and ends",
            #"say(json.dumps({"jsonrpc": "2.0", "id": id, "result": accepted})); os._exit(0)"#
        ),
        ("gives a result of another kind", #"answer({"answer": "yes"})"#),
        ("gives a result that is no object", "answer([])"),
        ("gives neither result nor error", "send(id=id)"),
        ("gives both result and error", #"send(id=id, result=accepted, error={"code": 1, "message": "no"})"#),
        ("gives an error without a message", #"send(id=id, error={"code": 1})"#),
        ("gives an error with a code nobody knows", #"fail("went_wrong")"#),
        ("gives an error without our code", #"send(id=id, error={"code": -32603, "message": "internal error"})"#),
        ("answers as JSON-RPC 1.0", #"say(json.dumps({"id": id, "result": accepted, "error": None}) + "\n")"#),
        ("accepts with a receipt that can't be read", #"answer({"answer": "accepted", "receipt": {"lines": []}})"#),
        ("rejects without a fault", #"answer({"answer": "rejected", "faults": []})"#),
        ("closes its output", "os.close(1)"),
        ("closes its input and its output", "os.close(0); os.close(1); time.sleep(600)"),
    ]

    @Test(arguments: faults)
    func `a create that a plugin got and didn't answer is unknown, and a find that it got so is unavailable`(
        what: String, handle: String
    ) async throws {
        try await ScriptedPlugin(handle).use { sink in
            let order = try order()
            #expect(await createError(sink, order)?.code == .unknownOutcome)
            #expect(await findError(sink, order.key)?.code == .unavailable)
        }
    }

    @Test(arguments: [
        "answer({})", #"answer({"receipt": {}})"#, #"answer({"receipt": []})"#, "answer(None)", #"answer({"receipt": "null"})"#,
    ])
    func `an order isn't taken for absent unless the plugin says so`(handle: String) async throws {
        let found = try await ScriptedPlugin(handle).use { sink in
            await findError(sink, try order().key)
        }
        #expect(found?.code == .unavailable)
    }

    @Test(arguments: [
        ("a line that is no JSON", #"say("hello from a print statement\n")"#),
        ("an answer to a call that nobody made", "answer(accepted, to=9999)"),
        ("an answer to a call named otherwise", #"answer(accepted, to="x")"#),
        ("a line longer than the limit", #"say('{"x": "' + "y" * 100000 + '"}' + "\n")"#),
        ("empty lines", #"say("\n\n")"#),
        ("bytes that are no UTF-8", #"sys.stdout.buffer.write(b"\xff\xfe\n")"#),
        ("JSON nested too deep", #"say("[" * 10000 + "\n")"#),
        ("a notification of ours that nobody knows", #"send(method="telemetry", params={})"#),
        ("a log without its message", #"send(method="log", params={})"#),
    ])
    func `what isn't an answer is passed over, and the answer behind it counts`(what: String, noise: String) async throws {
        let log = LogLines()
        try await ScriptedPlugin(noise + "\nanswer(accepted)").use(log, adjust: { $0.messageBytesMax = 50_000 }) { sink in
            let answer = try await sink.create(order(), SinkContext())
            #expect(answer == .accepted(SinkReceipt(erpOrderNumber: "E-1", lines: [])))
        }
        #expect(log.lines.contains { $0.hasPrefix("warning: it gave") } == !noise.contains("telemetry"))
    }

    @Test func `the first answer to a call counts, and the second is passed over`() async throws {
        let log = LogLines()
        let handle = #"answer(accepted); answer({"answer": "rejected", "faults": [{"message": "no"}]})"#
        try await ScriptedPlugin(handle).use(log) { sink in
            for id in 1...3 {
                let answer = try await sink.create(order(Int64(id)), SinkContext())
                #expect(answer == .accepted(SinkReceipt(erpOrderNumber: "E-1", lines: [])))
            }
        }
        #expect(log.lines.count { $0.contains("which nothing waits for") } >= 2)
    }

    @Test func `a program that ended is started again, with its calls`() async throws {
        let plugin = try ScriptedPlugin(#"note(method); os._exit(1) if method == "create" else answer({"receipt": None})"#)
        try await plugin.use { sink in
            for id in 1...3 {
                let order = try order(Int64(id))
                let error = await createError(sink, order)
                #expect(error?.code == .unknownOutcome)
                #expect(error?.message.contains("ended with status 1") == true)
                #expect(try await sink.find(order.key, SinkContext()) == nil)
            }
        }
        #expect(plugin.file("notes") == String(repeating: "create\nfind\n", count: 3))
    }

    @Test func `the pause before a restart grows, and who can't wait for it is told when to come again`() async throws {
        try await ScriptedPlugin("os._exit(1)").use { sink in
            var codes: [SinkError.Code] = []
            var pause: Duration?
            while pause == nil, codes.count < 20 {
                let error = await createError(sink, try order(), SinkContext(timeLimit: .seconds(60), startLimit: .seconds(3)))
                pause = error?.retryAfter
                codes.append(try #require(error?.code))
            }
            #expect(try #require(pause) > .seconds(1))
            #expect(codes.last == .unavailable)
            // A machine under load may take the time there is for starting it.
            #expect(codes.dropLast().allSatisfy { [.unknownOutcome, .notSentInTime].contains($0) })
            #expect(codes.count >= 5)
        }
    }

    @Test func `only what was written is unknown: what the program never read is unavailable`() async throws {
        // The first call stops it from reading; the rest fills the pipe and waits behind it.
        let plugin = try ScriptedPlugin("note(method); time.sleep(600)")
        let codes = try await plugin.use { sink in
            let large = try order(1, products: Array(repeating: "A-1", count: 3000))
            return await withTaskGroup(of: SinkError.Code?.self) { group in
                group.addTask {
                    await findError(sink, large.key, SinkContext(timeLimit: .seconds(4)))?.code
                }
                for _ in 0..<6 {
                    group.addTask {
                        await createError(sink, large, SinkContext(timeLimit: .seconds(60)))?.code
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(codes.count { $0 == .unknownOutcome } >= 1)
        #expect(codes.count { $0 == .unavailable } >= 3)
        #expect(codes.count == 7)
    }
}
