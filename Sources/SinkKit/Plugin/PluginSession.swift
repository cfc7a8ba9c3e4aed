import Orders
import Synchronization

/// The calls that a plugin works on, and the answers it waits for itself.
final class PluginSession: Sendable {
    private struct State {
        var sink: (any ERPSink)?
        var calls: [PluginMessageID: Task<Void, Never>] = [:]
        /// Ours, to Crossdock.
        var requests: [Int64: CheckedContinuation<Result<JSONObject, SinkError>, Never>] = [:]
        var lastRequest: Int64 = 0
        var isOver = false
        /// Crossdock said `shutdown`.
        var isShuttingDown = false
    }

    let output: LineOutput
    private let state = Mutex(State())

    init(output: LineOutput) { self.output = output }

    func use(_ sink: any ERPSink) { state.withLock { $0.sink = sink } }

    // MARK: Answers

    func answer(_ id: PluginMessageID, _ result: Result<JSONObject, PluginFailure>) {
        switch result {
        case .success(let object): output.write(PluginMessage.result(id: id, object).line)
        case .failure(let failure): output.write(PluginMessage.failure(id: id, failure).line)
        }
    }

    func refuse(_ id: PluginMessageID?, _ number: Int64, _ message: String) {
        output.write(PluginMessage.failure(id: id, PluginFailure(number: number, code: nil, message: message)).line)
    }

    // MARK: Calls

    func begin(_ id: PluginMessageID, _ name: String, _ params: JSONObject) {
        guard let method = PluginCall.Method(rawValue: name) else {
            return refuse(id, PluginFailure.Number.methodNotFound, "there is no method '\(name)'")
        }
        let (sink, isShuttingDown) = state.withLock { ($0.sink, $0.isShuttingDown) }
        if isShuttingDown { return refuse(id, PluginFailure.Number.invalidRequest, "'\(name)' came after 'shutdown'") }
        guard let sink else {
            return refuse(id, PluginFailure.Number.invalidRequest, "'\(name)' came before 'initialize' with settings")
        }
        let call: PluginCall
        let context: PluginCallContext
        do {
            call = try PluginCall(method, params: params)
            context = try PluginCallContext(params: params)
        } catch {
            // Nothing was done with what couldn't be read.
            return answer(
                id,
                .failure(
                    PluginFailure(
                        number: PluginFailure.Number.invalidParams, code: .notApplied, message: "\(name): \(error)")))
        }
        // The task ends its own entry, so it must not be quicker than the entry.
        state.withLock { state in
            state.calls[id] = Task {
                let result = await PluginLog.$call.withValue(id) { await self.perform(call, context, id, on: sink) }
                self.answer(id, result)
                self.state.withLock { $0.calls[id] = nil }
            }
        }
    }

    private func perform(
        _ call: PluginCall, _ context: PluginCallContext, _ id: PluginMessageID, on sink: any ERPSink
    ) async -> Result<JSONObject, PluginFailure> {
        let context = SinkContext(
            attempt: context.attempt, timeLimit: context.timeLimit,
            startLimit: context.startBy.map { max(.zero, $0 - WallClock.now) }, webshop: context.webshop,
            attempts: RemoteAttempts(session: self, call: id))
        do throws(SinkError) {
            return .success(try await call.perform(on: sink, context).json)
        } catch {
            return .failure(PluginFailure(error))
        }
    }

    func cancel(_ params: JSONObject) {
        guard let id = params["id"].flatMap(PluginMessageID.init(json:)) else { return }
        state.withLock { $0.calls[id] }?.cancel()
    }

    /// Answers once what is under way has ended. What that still needs of Crossdock is read meanwhile.
    ///
    /// - Parameter end: called when there is nothing left to read.
    func shutDown(_ id: PluginMessageID, _ end: @escaping @Sendable () -> Void) {
        state.withLock { $0.isShuttingDown = true }
        Task {
            await finishCalls()
            answer(id, .success(JSONObject()))
            end()
        }
    }

    /// Waits for what is under way.
    private func finishCalls() async {
        while let call = state.withLock({ $0.calls.first?.value }) { await call.value }
    }

    /// The input is closed: nobody will read an answer, and nobody will answer.
    func giveUp() async {
        let (calls, requests) = state.withLock { state in
            defer { state.requests = [:] }
            state.isOver = true
            return (state.calls.values.map(\.self), state.requests.values.map(\.self))
        }
        for request in requests { request.resume(returning: .failure(Self.gone)) }
        for call in calls { call.cancel() }
        await finishCalls()
    }

    private static let gone = SinkError(.unavailable, "Crossdock has gone away")

    // MARK: Requests of our own

    func request(_ method: String, _ params: JSONObject) async throws(SinkError) -> JSONObject {
        let result = await withCheckedContinuation { continuation in
            let id: Int64? = state.withLock { state in
                guard !state.isOver else { return nil }
                state.lastRequest += 1
                state.requests[state.lastRequest] = continuation
                return state.lastRequest
            }
            guard let id else { return continuation.resume(returning: .failure(Self.gone)) }
            output.write(PluginMessage.request(id: .integer(id), method: method, params: params).line)
        }
        return try result.get()
    }

    /// An answer to one of our requests; one to nothing we asked is passed over.
    func settle(_ message: PluginMessage) {
        func take(_ id: PluginMessageID?) -> CheckedContinuation<Result<JSONObject, SinkError>, Never>? {
            guard case .integer(let number)? = id else { return nil }
            return state.withLock { $0.requests.removeValue(forKey: number) }
        }
        switch message {
        case .result(let id, let result): take(id)?.resume(returning: .success(result))
        case .failure(let id, let failure): take(id)?.resume(returning: .failure(failure.sinkError(otherwise: .unavailable)))
        case .request, .notification: break
        }
    }
}

/// The journal of a call's order, which Crossdock keeps.
private struct RemoteAttempts: SinkAttemptJournal {
    let session: PluginSession
    let call: PluginMessageID

    func state(of attempt: SinkAttemptName) async throws(SinkError) -> SinkAttemptState {
        let result = try await ask(attempt, .state)
        do throws(PluginFormatError) { return try SinkAttemptState(wireJSON: result) } catch {
            throw SinkError(.unavailable, "what Crossdock knows of '\(attempt)' can't be read: \(error)")
        }
    }

    func begin(_ attempt: SinkAttemptName) async throws(SinkError) { _ = try await ask(attempt, .begin) }

    func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) async throws(SinkError) { _ = try await ask(attempt, .end(end)) }

    private func ask(_ attempt: SinkAttemptName, _ kind: PluginAttemptCall.Kind) async throws(SinkError) -> JSONObject {
        let request = PluginAttemptCall(call: call, attempt: attempt, kind: kind)
        return try await session.request(request.method.rawValue, request.params)
    }
}

extension PluginCall {
    /// Makes the call.
    fileprivate func perform(on sink: any ERPSink, _ context: SinkContext) async throws(SinkError) -> PluginResult {
        switch self {
        case .find(let key): .found(try await sink.find(key, context))
        case .create(let order): .answer(try await sink.create(order, context))
        case .poll(let ticket): .answer(try await sink.poll(ticket, context))
        case .shipments(let receipt, let key): .shipments(try await sink.shipments(for: receipt, key: key, context))
        case .validate(let order): .faults(try await sink.validate(order, context))
        case .cancel(let receipt, let key): .cancellation(try await sink.cancel(receipt, key: key, context))
        case .release(let receipt, let key): .answer(try await sink.release(receipt, key: key, context))
        case .receive(let message): .events(try await sink.receive(message, context))
        case .check: .findings(try await sink.check(context))
        }
    }
}
