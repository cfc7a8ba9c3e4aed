import Foundation
import Orders
import PluginHost
import SinkKit
import TestSupport
import Testing

@Suite struct PluginDeadlineTests {
    @Test func `a call that takes too long is cancelled, and a plugin that answers that lives on`() async throws {
        let plugin = try ScriptedPlugin(
            """
            if method == "find":
                return answer({"receipt": None})
            cancel = json.loads(sys.stdin.readline())
            note(f"{cancel['method']} {cancel['params']['id'] == id} {'id' in cancel}")
            fail("not_applied", "cancelled before it was sent")
            """)
        try await plugin.use { sink in
            let order = try order()
            let error = await createError(sink, order, SinkContext(timeLimit: .seconds(20)))
            #expect(error?.code == .notApplied)
            #expect(try await sink.find(order.key, SinkContext()) == nil)
        }
        #expect(plugin.file("notes") == "$/cancel True False\n")
    }

    @Test func `a plugin that leaves a cancelled create unanswered is killed, and the outcome is unknown`() async throws {
        let plugin = try ScriptedPlugin(
            """
            if method == "find":
                return answer({"receipt": None})
            note(str(os.getpid()))
            time.sleep(600)
            """)
        try await plugin.use { sink in
            let order = try order()
            let error = await createError(sink, order, SinkContext(timeLimit: .seconds(10)))
            #expect(error?.code == .unknownOutcome)
            let first = try #require(plugin.file("notes").flatMap { Int32($0.dropLast()) })
            #expect(
                try await sink.find(order.key, SinkContext()) == nil, "the next call is never given to the one that was killed")
            #expect(kill(first, 0) != 0)
        }
    }

    @Test func `a cancelled task has its call cancelled in the plugin, and waits for its end`() async throws {
        let plugin = try ScriptedPlugin(
            """
            note("began")
            sys.stdin.readline()
            fail("not_applied", "cancelled before it was sent")
            """)
        try await plugin.use { sink in
            let order = try order()
            let task = Task {
                await createError(sink, order, SinkContext(timeLimit: .seconds(60)))
            }
            try await Waiting.until { plugin.file("notes") != nil }
            task.cancel()
            #expect(await task.value?.code == .notApplied)
        }
    }

    @Test func `a create whose time to start is over is not sent`() async throws {
        let plugin = try ScriptedPlugin("note(method); answer(accepted)")
        try await plugin.use { sink in
            let error = await createError(sink, try order(), SinkContext(startLimit: .zero))
            #expect(error?.code == .notSentInTime)
        }
        #expect(plugin.file("notes") == nil)
    }

    @Test func `a plugin is told until when it may begin, and how long it may take`() async throws {
        let plugin = try ScriptedPlugin(
            #"note(json.dumps([params["context"], params["context"].get("start_by_ms", 0) - time.time() * 1000])); answer(accepted)"#
        )
        try await plugin.use { sink in
            _ = try await sink.create(order(), SinkContext(attempt: 3, timeLimit: .seconds(60), startLimit: .seconds(40)))
        }
        let told = try JSONValue(parsing: try #require(plugin.file("notes"))).arrayValue
        let context = try #require(told?.first?.objectValue)
        #expect(context["attempt"] == 3)
        let limit = try #require(context["time_limit_ms"]?.integerValue)
        #expect((1...58_000).contains(limit))
        guard case .number(let left)? = told?.last, let left = Double(left.spelling) else {
            Issue.record("the plugin wrote down no number")
            return
        }
        #expect((-20_000...40_001).contains(left))
    }

    @Test func `an order longer than the limit for messages is not sent`() async throws {
        let plugin = try ScriptedPlugin("note(method); answer(accepted)")
        try await plugin.use(adjust: { $0.messageBytesMax = 2000 }) { sink in
            let error = await createError(sink, try order(products: Array(repeating: "A-1", count: 100)))
            #expect(error?.code == .misconfigured)
            let answer = try await sink.create(order(products: ["A-1"]), SinkContext())
            #expect(answer == .accepted(SinkReceipt(erpOrderNumber: "E-1", lines: [])))
        }
        #expect(plugin.file("notes") == "create\n")
    }

    @Test func `a plugin that doesn't answer initialize in time is unavailable`() async throws {
        let plugin = try ScriptedPlugin("pass", initialize: "time.sleep(600)")
        let error = await PluginStartTests.startError(plugin) { $0.startTimeLimit = .seconds(1) }
        #expect(error?.code == .unavailable)
    }

    @Test func `the kit sees whether a plugin itself keeps to the start limit`() async throws {
        let handle = #"fail("not_sent_in_time") if time.time() * 1000 > params["context"]["start_by_ms"] else answer(accepted)"#
        try await ScriptedPlugin(handle).use(adjust: { $0.keepsStartLimit = false }) { sink in
            let error = await createError(sink, try order(), SinkContext(startLimit: .milliseconds(-1)))
            #expect(error?.code == .notSentInTime && error?.message == "plugin 'scripted': failed")
        }
    }

    @Test func `a plugin that ignores its end is killed`() async throws {
        let plugin = try ScriptedPlugin(
            """
            note(str(os.getpid()))
            answer({"findings": []})
            time.sleep(600)
            """)
        _ = try await plugin.use { sink in try await sink.check(SinkContext()) }
        let process = try #require(plugin.file("notes").flatMap { Int32($0.dropLast()) })
        #expect(kill(process, 0) != 0)
    }
}
