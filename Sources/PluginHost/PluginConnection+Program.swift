import Orders
import SinkKit
import Synchronization

/// What the program does, told on the one thread of its input and output.
extension PluginConnection: PluginProcessListener {
    // MARK: What the program does

    func mayWrite(_ id: Int64) -> Bool {
        let (mayWrite, late): (Bool, PluginCalls.Waiting?) = state.withLock { state in
            // It may be dead already, and would leave the outcome of a call unknown that it never read.
            guard !state.isEnding, let call = state.calls[id] else { return (false, nil) }
            if let startBy = call.terms.startBy, startBy <= .now { return (false, state.calls.remove(id)) }
            state.calls[id]?.isWritten = true
            return (true, nil)
        }
        if let late { late.mailbox.post(.end(.failure(notSentInTime(late)))) }
        return mayWrite
    }

    private func notSentInTime(_ call: PluginCalls.Waiting) -> SinkError {
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
            guard case .integer(let id)? = error.answerID, let call = state.withLock({ $0.calls.remove(id) }) else {
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
        guard case .integer(let number) = id, let call = state.withLock({ $0.calls.remove(number) }) else {
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

    var nextDeadline: ContinuousClock.Instant? { state.withLock { $0.calls.nextDeadline } }

    func passTime() {
        let now = ContinuousClock.now
        let due = state.withLock { $0.calls.takeDue(at: now) }
        for waiter in due.waiters { waiter.continuation.resume() }
        for id in due.cancelled {
            let params = JSONObject([("id", .integer(id))])
            process.send(PluginMessage.notification(method: PluginMethod.cancel, params: params).line)
        }
        if !due.late.isEmpty { end(due.late, at: now) }
    }

    /// Leaves them without an answer, and the program without its life, before anybody calls it again.
    private func end(_ late: [PluginCalls.Waiting], at now: ContinuousClock.Instant) {
        // What others have under way would be left unknown; a look-up that is missing isn't worth that.
        let isSpared = !late.contains(where: \.mayHaveHadEffect) && state.withLock { $0.calls.mayHaveHadEffect }
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

    func closedPipe() { state.withLock { $0.isEnding = true } }

    func ended(_ ending: PluginProcess.Ending) {
        let ((calls, waiters), isExpected) = state.withLock { state in
            state.ending = ending
            state.endedAt = .now
            return (state.calls.removeAll(), state.isEndExpected)
        }
        let text = endingText ?? ""
        if !isExpected { log.warn("it \(text)") }
        for call in calls { call.mailbox.post(.end(lost(call, text))) }
        for waiter in waiters { waiter.continuation.resume() }
    }
}
