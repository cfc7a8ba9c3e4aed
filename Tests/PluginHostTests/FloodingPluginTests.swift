import Orders
import PluginHost
import SinkKit
import Synchronization
import TestSupport
import Testing

/// Plugins in a loop: whatever they repeat, it uses up no memory without an end, and what they may have done stays unknown.
@Suite(.serialized) struct FloodingPluginTests {
    /// A journal that takes its time.
    private struct SlowAttempts: SinkAttemptJournal {
        func state(of attempt: SinkAttemptName) async throws(SinkError) -> SinkAttemptState {
            // Never answers within the test, which ends it by cancelling.
            try? await Task.sleep(for: .seconds(600))
            return .new
        }
        func begin(_ attempt: SinkAttemptName) async throws(SinkError) {}
        func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) async throws(SinkError) {}
    }

    @Test(arguments: [
        // Attempts, faster than any journal.
        (
            #"send(id=n, method="attempt/state", params={"call": id, "name": "buy", "key": str(n)})"#,
            "asks for attempts on and on"
        ),
        // Requests whose answers nobody reads.
        (#"send(id="x" * 1000, method="attempt/forget", params={})"#, "doesn't read the answers"),
        // Lines that are no messages.
        (#"say("{}\n" * 1000)"#, "no messages of the protocol"),
    ])
    func `a plugin in a loop is ended, with the reason, and its create stays unknown`(loop: String, reason: String) async throws {
        let log = LogLines()
        let handle = """
            n = 0
            while True:
                n += 1
                \(loop)
            """
        try await ScriptedPlugin(handle).use(log, adjust: { $0.messageBytesMax = 1 << 20 }) { sink in
            // The journal answers a cancelled call at once.
            let create = Task {
                await createError(sink, try order(), SinkContext(timeLimit: .seconds(60), attempts: SlowAttempts()))
            }
            try await Waiting.until { log.lines.contains { $0.contains(reason) && $0.contains("and is killed") } }
            create.cancel()
            let error = try await create.value
            #expect(error?.code == .unknownOutcome, "\(error?.message ?? "none")")
        }
        #expect(log.lines.count < 5000)
    }

    @Test func `what a plugin tells in a loop fills no disk`() async throws {
        let log = LogLines()
        let handle = """
            for n in range(30000):
                send(method="log", params={"level": "info", "message": f"line {n}"})
            answer({"findings": []})
            """
        try await ScriptedPlugin(handle).use(log) { sink in _ = try await sink.check(SinkContext(timeLimit: .seconds(60))) }
        #expect(log.lines.count < 25_000 && log.lines.contains("info: line 0"))
    }
}
