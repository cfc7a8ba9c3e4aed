import Orders
import SinkKit
import Synchronization
import Testing

@Suite struct SinkAttemptTests {
    private static let evidence = JSONObject([("transaction", .text("T1"))])

    /// Attempts of which a test says how they stand.
    private final class Attempts: SinkAttemptJournal {
        let state: SinkAttemptState
        let calls = Mutex<[String]>([])

        init(_ state: SinkAttemptState) { self.state = state }

        func state(of attempt: SinkAttemptName) -> SinkAttemptState { state }
        func begin(_ attempt: SinkAttemptName) { calls.withLock { $0.append("begin \(attempt)") } }
        func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) {
            let word =
                switch end {
                case .finished: "finished"
                case .notApplied: "not applied"
                case .unknown: "unknown"
                }
            calls.withLock { $0.append("\(word) \(attempt)") }
        }
    }

    private static func run(
        _ state: SinkAttemptState, _ promise: SinkClass, found: Result<JSONObject?, SinkError>? = nil,
        sent: Result<JSONObject, SinkError> = .success(evidence)
    ) async -> (calls: [String], result: Result<JSONObject, SinkError>) {
        let attempts = Attempts(state)
        let context = SinkContext(attempts: attempts)
        var find: (@Sendable () async throws(SinkError) -> JSONObject?)?
        if let found {
            find = { () async throws(SinkError) -> JSONObject? in
                attempts.calls.withLock { $0.append("find") }
                return try found.get()
            }
        }
        do throws(SinkError) {
            let evidence = try await context.attempt("buy", key: "1", promise: promise, find: find) {
                () async throws(SinkError) -> JSONObject in
                attempts.calls.withLock { $0.append("send") }
                return try sent.get()
            }
            return (attempts.calls.withLock(\.self), .success(evidence))
        } catch { return (attempts.calls.withLock(\.self), .failure(error)) }
    }

    private static let l = SinkClass.lookUp(latestEffect: .seconds(2))
    private static let k = SinkClass.key(retention: .seconds(100), latestEffect: nil)

    @Test(arguments: [l, k, .neither])
    func `a new attempt is written down, sent, and written down again`(_ promise: SinkClass) async throws {
        let (calls, result) = await Self.run(.new, promise, found: .success(nil))
        #expect(calls == ["begin buy 1", "send", "finished buy 1"])
        #expect(try result.get() == Self.evidence)
    }

    @Test func `one that is done is not sent again`() async throws {
        let (calls, result) = await Self.run(.finished(Self.evidence), Self.l)
        #expect(calls.isEmpty)
        #expect(try result.get() == Self.evidence)
    }

    @Test func `L asks once no late effect is possible, and sends only where there is none`() async throws {
        #expect(
            await Self.run(.unanswered(for: .seconds(2)), Self.l, found: .success(nil)).calls == [
                "find", "begin buy 1", "send", "finished buy 1",
            ])
        let (calls, result) = await Self.run(.unanswered(for: .seconds(2)), Self.l, found: .success(Self.evidence))
        #expect(calls == ["find", "finished buy 1"])
        #expect(try result.get() == Self.evidence)
    }

    @Test(
        arguments: [
            (SinkAttemptState.unanswered(for: .seconds(1)), l, Result<JSONObject?, SinkError>?.some(.success(nil)), [String]()),
            (.unanswered(for: .seconds(9)), l, .failure(SinkError(.unavailable, "down")), ["find"]),
            (.unanswered(for: .seconds(9)), l, nil, []), (.unanswered(for: .seconds(9)), .neither, .success(nil), []),
            (.unanswered(for: .seconds(1), sinceFirst: .seconds(95)), k, .success(nil), []),
            (.unanswered(for: .seconds(1)), k, .success(nil), []),
        ])
    func `what can't be found out is unknown, and nothing is sent`(
        _ state: SinkAttemptState, _ promise: SinkClass, _ found: Result<JSONObject?, SinkError>?, _ expected: [String]
    ) async {
        let (calls, result) = await Self.run(state, promise, found: found)
        #expect(calls == expected)
        #expect(throws: SinkError.self) { try result.get() }
        if case .failure(let error) = result { #expect(error.code == .unknownOutcome) }
    }

    @Test func `K sends again while the ERP knows the key`() async throws {
        #expect(
            await Self.run(.unanswered(for: .seconds(80), sinceFirst: .seconds(80)), Self.k).calls == [
                "begin buy 1", "send", "finished buy 1",
            ])
    }

    @Test func `what a person ordered goes once more where nobody can be asked, and is asked about where that can be`() async {
        let ordered = SinkAttemptState.unanswered(for: .seconds(9), isOrdered: true)
        #expect(await Self.run(ordered, .neither).calls == ["begin buy 1", "send", "finished buy 1"])
        #expect(await Self.run(ordered, Self.k).calls == ["begin buy 1", "send", "finished buy 1"])
        #expect(await Self.run(ordered, Self.l, found: .success(Self.evidence)).calls == ["find", "finished buy 1"])
    }

    @Test(arguments: [
        (SinkError.Code.unknownOutcome, "unknown buy 1"), (.conflict, "unknown buy 1"), (.throttled, "not applied buy 1"),
    ])
    func `a try that fails says what is known of its effect`(_ code: SinkError.Code, _ end: String) async {
        let (calls, result) = await Self.run(.new, Self.l, sent: .failure(SinkError(code, "no")))
        #expect(calls == ["begin buy 1", "send", end])
        if case .failure(let error) = result { #expect(error.code == code) }
    }

    @Test func `a secret prints as dots, also inside others and in a dump`() {
        let deliverable = SinkDeliverable(lineKey: "id:1", unit: 1, label: "code", secret: SinkSecret("ABCD-1234"))
        var dumped = ""
        dump(deliverable, to: &dumped)
        #expect(!"\(deliverable) \(String(reflecting: deliverable)) \(dumped)".contains("1234"))
        #expect(deliverable.secret.reveal() == "ABCD-1234")
    }
}
