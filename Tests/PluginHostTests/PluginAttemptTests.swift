import Orders
import PluginHost
import SinkKit
import Testing

/// Named attempts: the plugin asks, and the journal of the call's order answers.
@Suite struct PluginAttemptTests {
    static let purchase = """
        state = ask("attempt/state", name="purchase", key="1")["result"]
        note(state["state"])
        if state["state"] == "new":
            ask("attempt/begin", name="purchase", key="1")
            note("bought")
            ask("attempt/end", name="purchase", key="1", end="finished", evidence={"voucher": 77})
        answer(accepted)
        """

    @Test func `a finished attempt is replayed from the journal, after the program was started again too`() async throws {
        let plugin = try ScriptedPlugin(Self.purchase)
        let journal = TransientAttempts()
        for _ in 0..<2 {
            try await plugin.use { sink in _ = try await sink.create(order(), SinkContext(attempts: journal)) }
        }
        #expect(plugin.file("notes") == "new\nbought\nfinished\n")
        let state = await journal.state(of: SinkAttemptName("purchase", key: "1"))
        #expect(state == .finished(JSONObject([("voucher", 77)])))
    }

    @Test func `an attempt that was begun stays unanswered when the program dies`() async throws {
        let handle = #"ask("attempt/begin", name="confirm"); os._exit(1)"#
        let journal = TransientAttempts()
        try await ScriptedPlugin(handle).use { sink in
            let error = await createError(sink, try order(), SinkContext(attempts: journal))
            #expect(error?.code == .unknownOutcome)
        }
        guard case .unanswered = await journal.state(of: SinkAttemptName("confirm")) else {
            Issue.record("the attempt's beginning was lost")
            return
        }
    }

    @Test func `an attempt that belongs to no call is refused, so that nothing is sent without a journal`() async throws {
        let handle = """
            other = ask("attempt/begin", name="confirm", call=id + 1)
            unknown = ask("attempt/forget", name="confirm")
            wrong = ask("attempt/end", name="confirm", end="perhaps")
            note(json.dumps([message["error"]["data"]["code"] if "data" in message["error"] else message["error"]["code"]
                for message in [other, unknown, wrong]]))
            answer(accepted)
            """
        let plugin = try ScriptedPlugin(handle)
        try await plugin.use { sink in _ = try await sink.create(order(), SinkContext()) }
        #expect(plugin.file("notes") == "[\"not_applied\", -32601, \"misconfigured\"]\n")
    }

    /// Whose journal can't be written.
    private struct BrokenJournal: SinkAttemptJournal {
        func state(of attempt: SinkAttemptName) async throws(SinkError) -> SinkAttemptState { .new }
        func begin(_ attempt: SinkAttemptName) async throws(SinkError) { throw SinkError(.unavailable, "the disk is full") }
        func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) async throws(SinkError) {}
    }

    @Test func `a journal that can't be written is told, with its reason`() async throws {
        let handle = #"note(json.dumps(ask("attempt/begin", name="confirm")["error"])); fail("not_applied")"#
        let plugin = try ScriptedPlugin(handle)
        try await plugin.use { sink in
            let error = await createError(sink, try order(), SinkContext(attempts: BrokenJournal()))
            #expect(error?.code == .notApplied)
        }
        let told = try JSONValue(parsing: try #require(plugin.file("notes")))
        #expect(told["message"]?.stringValue == "the disk is full")
        #expect(told["data"]?["code"]?.stringValue == "unavailable")
    }
}
