import Foundation
import Logging
import Orders
import SinkKit
import Synchronization

/// One life of a plugin: the program, and the calls that wait for its answers.
///
/// A call that was given up is cancelled in the plugin too; a plugin that leaves even that unanswered is killed, for otherwise nobody
/// could say until when what it does may still have an effect.
final class PluginConnection: Sendable {
    struct State {
        var calls = PluginCalls()
        var ending: PluginProcess.Ending?
        var endedAt: ContinuousClock.Instant?
        var isEndExpected = false
        /// It was killed, or it closed its input or output: from then on it is given no more calls.
        var isEnding = false
        var lastErrorLine: String?
        var strayLines = 0
        /// Why it was killed, after "because it"; nothing that it says counts any more then.
        var offence: String?
    }

    let name: String
    let process: PluginProcess
    let log: PluginLogbook
    private let confidence: PluginConfidence
    let limits: JSONLimits
    let state = Mutex(State())
    let startedAt = ContinuousClock.now

    /// How much of its time a call is left to end in after it was cancelled: a tenth, and no more than two seconds.
    static func grace(of timeLimit: Duration) -> Duration { min(.seconds(2), timeLimit / 10) }

    /// - Throws: ``SinkError/Code/misconfigured`` where the program can't be started.
    init(_ settings: PluginSettings, log: PluginLogbook) throws(SinkError) {
        name = settings.name
        self.log = log
        confidence = PluginConfidence(name: settings.name, mask: log.mask)
        limits = JSONLimits(bytesMax: settings.messageBytesMax)
        do throws(ProgramStartFault) {
            process = try PluginProcess(settings)
        } catch {
            throw SinkError(.misconfigured, "plugin '\(settings.name)': \(error.message)")
        }
        process.watch(self, lineBytesMax: settings.messageBytesMax)
    }

    /// `nil` as long as it lives.
    var endedAt: ContinuousClock.Instant? { state.withLock { $0.endedAt } }

    /// Whether it takes no more calls: it was killed, or closed its input or output, be it gone already or not.
    var isEnding: Bool { state.withLock { $0.isEnding } }

    /// How it ended, in words; `nil` as long as it lives.
    var endingText: String? {
        state.withLock { state in
            state.ending.map { ending in
                let how: String
                if let offence = state.offence { return "was ended because it \(offence)" }
                how =
                    switch ending {
                    case .status(let status): "ended with status \(status)"
                    case .signal(let signal): "was ended by signal \(signal)"
                    }
                return how + (state.lastErrorLine.map { "; the last it printed: \($0)" } ?? "")
            }
        }
    }

    /// Whether it ended by itself, with a status.
    var endedWithStatus: Bool { state.withLock { if case .status? = $0.ending { true } else { false } } }

    // MARK: Calling

    /// Sends a request and waits for its end, doing the journal's work for the attempts that belong to it.
    func call(_ params: JSONObject, _ terms: PluginCalls.Terms) async throws(SinkError) -> JSONObject {
        let mailbox = CallMailbox()
        let now = ContinuousClock.now
        let grace = Self.grace(of: terms.deadline - now)
        let id: Int64? = state.withLock { state in
            guard state.endedAt == nil, !state.isEnding else { return nil }
            return state.calls.add(terms, mailbox, grace: grace)
        }
        guard let id else {
            throw SinkError(.unavailable, "plugin '\(name)' \(endingText ?? "is ending"); nothing was sent to it")
        }
        let line = PluginMessage.request(id: .integer(id), method: terms.method, params: params).line
        guard line.count <= limits.bytesMax else {
            state.withLock { $0.calls[id] = nil }
            throw SinkError(
                .misconfigured,
                "plugin '\(name)': '\(terms.method)' has \(line.count) bytes, more than its message_limit of \(limits.bytesMax)")
        }
        process.send(line, call: id)
        return try await withTaskCancellationHandler {
            await end(of: mailbox, terms)
        } onCancel: {
            giveUp(id, within: grace)
        }.get()
    }

    private func end(of mailbox: CallMailbox, _ terms: PluginCalls.Terms) async -> Result<JSONObject, SinkError> {
        while true {
            switch await mailbox.next() {
            case .end(let result): return result
            case .attempt(let id, let request): answer(id, await perform(request, terms.attempts))
            }
        }
    }

    private func perform(
        _ request: PluginAttemptCall, _ attempts: (any SinkAttemptJournal)?
    ) async -> Result<JSONObject, SinkError> {
        do throws(SinkError) {
            guard let attempts else { throw SinkError(.misconfigured, "this call makes no named attempts") }
            let request = try confidence.journalled(request)
            switch request.kind {
            case .state: return .success(try await attempts.state(of: request.attempt).wireJSON)
            case .begin: try await attempts.begin(request.attempt)
            case .end(let end): try await attempts.end(request.attempt, end)
            }
            return .success(JSONObject())
        } catch {
            return .failure(error)
        }
    }

    func answer(_ id: PluginMessageID, _ result: Result<JSONObject, SinkError>) {
        switch result {
        case .success(let object): answer(.result(id: id, object))
        case .failure(let error): answer(.failure(id: id, PluginFailure(error)))
        }
    }

    /// What the program asked for and doesn't read is kept for it only so far.
    func answer(_ message: PluginMessage) {
        let unread = process.send(message.line)
        guard unread > limits.bytesMax else { return }
        end(because: "asks on and on and doesn't read the answers, of which \(unread) bytes wait")
    }

    /// Kills a program that would use up memory or time without an end. What its calls may have done stays unknown.
    func end(because offence: String) {
        let isFirst = state.withLock { state in
            guard state.offence == nil, state.endedAt == nil else { return false }
            state.offence = offence
            return true
        }
        guard isFirst else { return }
        log.warn("it \(offence), and is killed")
        kill()
    }

    /// Nobody needs the answer any more.
    private func giveUp(_ id: Int64, within grace: Duration) {
        let now = ContinuousClock.now
        state.withLock { state in
            guard var call = state.calls[id] else { return }
            (call.cancelAt, call.deadline) = (now, min(call.deadline, now + grace))
            state.calls[id] = call
        }
        process.wake()
    }

    // MARK: Ending

    /// Asks it to end, and makes it end where it doesn't. Returns when it is gone.
    func close(within limit: Duration) async {
        state.withLock { $0.isEndExpected = true }
        let terms = PluginCalls.Terms(method: PluginMethod.shutdown, mayHaveEffect: false, deadline: .now + limit)
        _ = try? await call(JSONObject(), terms)
        process.closeInput()
        await waitForEnd()
    }

    /// - Parameter deadline: until then; `nil`: for as long as it lives. What waits for a disk can't be killed.
    func waitForEnd(before deadline: ContinuousClock.Instant? = nil) async {
        await withCheckedContinuation { continuation in
            let isGone = state.withLock { state in
                if state.endedAt == nil { state.calls.add(.init(continuation: continuation, deadline: deadline)) }
                return state.endedAt != nil
            }
            if isGone { continuation.resume() } else { process.wake() }
        }
    }

    func kill() {
        state.withLock { $0.isEnding = true }
        process.send(signal: SIGKILL)
    }

    func lost(_ call: PluginCalls.Waiting, _ what: String) -> Result<JSONObject, SinkError> {
        let method = call.terms.method
        guard call.isWritten else {
            return .failure(SinkError(.unavailable, "'\(method)' was not sent to plugin '\(name)': it \(what)"))
        }
        return .failure(
            call.terms.mayHaveEffect
                ? SinkError(.unknownOutcome, "'\(method)' was sent to plugin '\(name)', and it \(what)")
                : SinkError(.unavailable, "plugin '\(name)' \(what) while it worked on '\(method)'"))
    }
}
