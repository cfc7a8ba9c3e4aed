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
    /// What is known of a call before it is made.
    struct CallTerms: Sendable {
        var method: String
        /// Whether an answer that is missing leaves its effect unknown.
        var mayHaveEffect: Bool
        var deadline: ContinuousClock.Instant
        /// Nothing is written later than that.
        var startBy: ContinuousClock.Instant?
        var attempts: (any SinkAttemptJournal)?
    }

    private struct WaitingCall {
        let terms: CallTerms
        let mailbox: CallMailbox
        /// When it is cancelled, to leave it some time to answer before ``CallTerms/deadline``.
        var cancelAt: ContinuousClock.Instant
        var deadline: ContinuousClock.Instant
        var isWritten = false
        var isCancelled = false
    }

    private struct EndWaiter {
        let continuation: CheckedContinuation<Void, Never>
        let deadline: ContinuousClock.Instant?

        func isDue(_ now: ContinuousClock.Instant) -> Bool { deadline.map { $0 <= now } ?? false }
    }

    private struct State {
        var calls: [Int64: WaitingCall] = [:]
        var lastCall: Int64 = 0
        var ending: PluginProcess.Ending?
        var endedAt: ContinuousClock.Instant?
        var isEndExpected = false
        /// From then on nothing more is written to it.
        var isKilled = false
        var endWaiters: [EndWaiter] = []
        var lastErrorLine: String?
        var strayLines = 0
        /// Why it was killed, after "because it"; nothing that it says counts any more then.
        var offence: String?
    }

    let name: String
    private let process: PluginProcess
    private let log: PluginLogbook
    private let confidence: PluginConfidence
    private let limits: JSONLimits
    private let state = Mutex(State())
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

    /// Whether we killed it, be it gone already or not.
    var isKilled: Bool { state.withLock { $0.isKilled } }

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
    func call(_ params: JSONObject, _ terms: CallTerms) async throws(SinkError) -> JSONObject {
        let mailbox = CallMailbox()
        let now = ContinuousClock.now
        let grace = Self.grace(of: terms.deadline - now)
        let id: Int64? = state.withLock { state in
            guard state.endedAt == nil, !state.isKilled else { return nil }
            state.lastCall += 1
            state.calls[state.lastCall] = WaitingCall(
                terms: terms, mailbox: mailbox, cancelAt: terms.deadline - grace, deadline: terms.deadline)
            return state.lastCall
        }
        guard let id else {
            throw SinkError(.unavailable, "plugin '\(name)' \(endingText ?? "was killed"); nothing was sent to it")
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

    private func end(of mailbox: CallMailbox, _ terms: CallTerms) async -> Result<JSONObject, SinkError> {
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

    private func answer(_ id: PluginMessageID, _ result: Result<JSONObject, SinkError>) {
        switch result {
        case .success(let object): answer(.result(id: id, object))
        case .failure(let error): answer(.failure(id: id, PluginFailure(error)))
        }
    }

    /// What the program asked for and doesn't read is kept for it only so far.
    private func answer(_ message: PluginMessage) {
        let unread = process.send(message.line)
        guard unread > limits.bytesMax else { return }
        end(because: "asks on and on and doesn't read the answers, of which \(unread) bytes wait")
    }

    /// Kills a program that would use up memory or time without an end. What its calls may have done stays unknown.
    private func end(because offence: String) {
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
        let terms = CallTerms(method: PluginMethod.shutdown, mayHaveEffect: false, deadline: .now + limit)
        _ = try? await call(JSONObject(), terms)
        process.closeInput()
        await waitForEnd()
    }

    /// - Parameter deadline: until then; `nil`: for as long as it lives. What waits for a disk can't be killed.
    func waitForEnd(before deadline: ContinuousClock.Instant? = nil) async {
        await withCheckedContinuation { continuation in
            let isGone = state.withLock { state in
                if state.endedAt == nil { state.endWaiters.append(EndWaiter(continuation: continuation, deadline: deadline)) }
                return state.endedAt != nil
            }
            if isGone { continuation.resume() } else { process.wake() }
        }
    }

    func kill() {
        state.withLock { $0.isKilled = true }
        process.send(signal: SIGKILL)
    }

    private func lost(_ call: WaitingCall, _ what: String) -> Result<JSONObject, SinkError> {
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

extension PluginConnection: PluginProcessListener {
    // MARK: What the program does

    func mayWrite(_ id: Int64) -> Bool {
        let (mayWrite, late): (Bool, WaitingCall?) = state.withLock { state in
            // What is to be killed may be dead already, and would leave the outcome of a call unknown that it never read.
            guard !state.isKilled, let call = state.calls[id] else { return (false, nil) }
            if let startBy = call.terms.startBy, startBy <= .now { return (false, state.calls.removeValue(forKey: id)) }
            state.calls[id]?.isWritten = true
            return (true, nil)
        }
        if let late { late.mailbox.post(.end(.failure(notSentInTime(late)))) }
        return mayWrite
    }

    private func notSentInTime(_ call: WaitingCall) -> SinkError {
        SinkError(.notSentInTime, "'\(call.terms.method)' could not be written to plugin '\(name)' in time, and wasn't")
    }

    func received(_ piece: LineSplitter.Piece) {
        let line: [UInt8]
        switch piece {
        case .line(let bytes): line = bytes
        case .tooLong(let length): return stray("a line of \(length) bytes, more than its message_limit of \(limits.bytesMax)")
        }
        guard state.withLock({ $0.offence == nil }) else { return }
        do throws(PluginMessageFault) {
            try take(PluginMessage(line: line, limits: limits))
        } catch {
            guard case .integer(let id)? = error.answerID, let call = state.withLock({ $0.calls.removeValue(forKey: id) }) else {
                return stray(error.message)
            }
            call.mailbox.post(.end(lost(call, "gave \(log.mask.masked(error.message))")))
        }
    }

    private func take(_ message: PluginMessage) {
        switch message {
        case .result(let id, let result): settle(id, .success(result))
        case .failure(let id?, let failure): settle(id, .failure(failure))
        case .failure(nil, let failure): stray("a complaint about a line of ours: \(failure.message)")
        case .request(let id, let method, let params): serve(id, method, params)
        case .notification(let method, let params):
            guard let method = PluginNotice.Method(rawValue: method) else { return }
            do throws(PluginFormatError) { log.note(try PluginNotice(method, params: params)) } catch {
                stray("'\(method.rawValue)' that can't be read: \(error)")
            }
        }
    }

    private func settle(_ id: PluginMessageID, _ result: Result<JSONObject, PluginFailure>) {
        guard case .integer(let number) = id, let call = state.withLock({ $0.calls.removeValue(forKey: number) }) else {
            return stray("an answer to \(id), which nothing waits for")
        }
        let unclear = call.terms.mayHaveEffect ? SinkError.Code.unknownOutcome : .unavailable
        call.mailbox.post(
            .end(
                result.mapError { failure in
                    var error = failure.sinkError(otherwise: unclear)
                    error.message = "plugin '\(name)': \(log.mask.masked(error.message))"
                    return error
                }))
    }

    private func serve(_ id: PluginMessageID, _ method: String, _ params: JSONObject) {
        guard let known = PluginAttemptCall.Method(rawValue: method) else {
            let failure = PluginFailure(
                number: PluginFailure.Number.methodNotFound, code: nil, message: "there is no method '\(method)'")
            return answer(.failure(id: id, failure))
        }
        do throws(PluginFormatError) {
            let request = try PluginAttemptCall(known, params: params)
            let mailbox: CallMailbox? = state.withLock { state in
                guard case .integer(let call) = request.call else { return nil }
                return state.calls[call]?.mailbox
            }
            guard let mailbox else {
                let why = "the call it belongs to has ended; nothing was written down, so nothing may be sent"
                return answer(id, .failure(SinkError(.notApplied, "\(method): \(why)")))
            }
            if !mailbox.post(.attempt(id, request)) { end(because: "asks for attempts on and on without waiting for an answer") }
        } catch {
            answer(id, .failure(SinkError(.misconfigured, "\(method): \(error)")))
        }
    }

    /// A program that prints to its output what belongs on standard error would fill the log.
    private func stray(_ what: String) {
        let count = state.withLock { state in
            state.strayLines += 1
            return state.strayLines
        }
        if count <= Self.strayLinesToldMax {
            log.warn("it gave \(what)" + (count == Self.strayLinesToldMax ? "; further ones are passed over in silence" : ""))
        }
        if count == Self.strayLinesMax { end(because: "gave \(count) lines that are no messages of the protocol") }
    }

    private static let strayLinesToldMax = 10
    private static let strayLinesMax = 10_000

    func printed(_ piece: LineSplitter.Piece) {
        if let line = log.print(piece) { state.withLock { $0.lastErrorLine = line } }
    }

    // MARK: Time

    var nextDeadline: ContinuousClock.Instant? {
        state.withLock { state in
            let calls = state.calls.values.map { $0.isCancelled ? $0.deadline : min($0.cancelAt, $0.deadline) }
            return (calls + state.endWaiters.compactMap(\.deadline)).min()
        }
    }

    func passTime() {
        let now = ContinuousClock.now
        guard let due = nextDeadline, due <= now else { return }
        var cancelled: [Int64] = []
        var late: [WaitingCall] = []
        var waiters: [EndWaiter] = []
        state.withLock { state in
            waiters = state.endWaiters.filter { $0.isDue(now) }
            state.endWaiters.removeAll { $0.isDue(now) }
            for (id, call) in state.calls.sorted(by: { $0.key < $1.key }) where min(call.cancelAt, call.deadline) <= now {
                if call.deadline <= now {
                    state.calls[id] = nil
                    late.append(call)
                } else if !call.isCancelled {
                    state.calls[id]?.isCancelled = true
                    cancelled.append(id)
                }
            }
        }
        for waiter in waiters { waiter.continuation.resume() }
        for id in cancelled {
            let params = JSONObject([("id", .integer(id))])
            process.send(PluginMessage.notification(method: PluginMethod.cancel, params: params).line)
        }
        if !late.isEmpty { end(late, at: now) }
    }

    /// Leaves them without an answer, and the program without its life, before anybody calls it again.
    private func end(_ late: [WaitingCall], at now: ContinuousClock.Instant) {
        // What others have under way would be left unknown; a look-up that is missing isn't worth that.
        let mayHaveHadEffect = { (call: WaitingCall) in call.terms.mayHaveEffect && call.isWritten }
        let isSpared =
            !late.contains(where: mayHaveHadEffect) && state.withLock { $0.calls.values.contains(where: mayHaveHadEffect) }
        log.warn(
            "it left '\(late[0].terms.method)' unanswered, even when it was cancelled, and is "
                + (isSpared ? "spared for the calls that are under way" : "killed"))
        if !isSpared { kill() }
        for call in late {
            let isTooLate = call.terms.startBy.map { $0 <= now } ?? false
            call.mailbox.post(
                .end(!call.isWritten && isTooLate ? .failure(notSentInTime(call)) : lost(call, "didn't answer in time")))
        }
    }

    func ended(_ ending: PluginProcess.Ending) {
        let (calls, waiters, isExpected) = state.withLock { state in
            state.ending = ending
            state.endedAt = .now
            defer { (state.calls, state.endWaiters) = ([:], []) }
            return (state.calls.sorted { $0.key < $1.key }.map(\.value), state.endWaiters, state.isEndExpected)
        }
        let text = endingText ?? ""
        if !isExpected { log.warn("it \(text)") }
        for call in calls { call.mailbox.post(.end(lost(call, text))) }
        for waiter in waiters { waiter.continuation.resume() }
    }
}
