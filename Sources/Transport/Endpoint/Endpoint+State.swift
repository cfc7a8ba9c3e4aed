internal import Logging
internal import Synchronization

extension Endpoint {
    /// Until when the circuit refuses calls, in milliseconds since 1970.
    func circuitRefusal() -> Int64? {
        state.withLock { state in
            // The clock is read only when it matters.
            if case .closed = state.circuit.state { return nil }
            return state.circuit.refusedUntilMilliseconds(now: surroundings.timekeeper.millisecondsSince1970)
        }
    }

    func circuitOpen(_ until: Int64, _ call: EndpointCall) -> EndpointError {
        counters.countCircuitRefusal()
        return EndpointError(
            .circuitOpen(untilMilliseconds: until), .notSent,
            "\(call.title): \(origin) has been failing and is left alone for now")
    }

    /// However long a remote asks to be left alone for, it isn't left alone for longer.
    private static let throttledMax: Duration = .seconds(86_400)

    /// Nothing is sent to a remote that asked to be left alone for longer than a call waits, by no process, until that is over.
    ///
    /// - Throws: `.throttled`, not sent.
    func refuseWhileThrottled(_ call: EndpointCall) throws(EndpointError) {
        guard let until = state.withLock({ $0.throttledUntil }) else { return }
        let left = until - surroundings.timekeeper.millisecondsSince1970
        guard left > 0 else { return state.withLock { $0.throttledUntil = nil } }
        throw EndpointError(
            .throttled(retryAfterMilliseconds: left), .notSent,
            "\(call.title): \(origin) asked to be left alone for another \(left.secondsBegun) s")
    }

    /// The remote asked to be left alone for so long.
    func noteThrottled(milliseconds: Int64) async {
        guard milliseconds > settings.call.retryAfterMax.wholeMilliseconds else { return }
        let until = surroundings.timekeeper.millisecondsSince1970 + min(milliseconds, Self.throttledMax.wholeMilliseconds)
        state.withLock { $0.throttledUntil = max($0.throttledUntil ?? 0, until) }
        surroundings.logger.warning(
            "remote asks to be left alone",
            metadata: ["endpoint.origin": "\(origin)", "seconds": "\(milliseconds.secondsBegun)"])
        await saveState()
    }

    func admit() -> CircuitBreaker.Admission {
        state.withLock { state in
            if case .closed = state.circuit.state { return .pass }
            return state.circuit.admit(now: surroundings.timekeeper.millisecondsSince1970, settings.circuit)
        }
    }

    /// Whether a retry is within the budget and the circuit is not open.
    func mayRetry() -> Bool {
        guard circuitRefusal() == nil else { return false }
        return state.withLock { $0.retryBudget.withdraw() }
    }

    /// Applies `change`, and saves the state when the circuit opened or closed by it.
    func changeCircuit(_ change: (inout CircuitBreaker, _ now: Int64) -> Void) async {
        let (before, after) = state.withLock { state in
            let before = state.circuit.state
            change(&state.circuit, surroundings.timekeeper.millisecondsSince1970)
            return (before, state.circuit.state)
        }
        switch (before, after) {
        case (.closed, .closed): return
        case (_, .open):
            if before != after { surroundings.logger.warning("circuit opened", metadata: ["endpoint.origin": "\(origin)"]) }
        case (_, .closed):
            surroundings.logger.notice("circuit closed", metadata: ["endpoint.origin": "\(origin)"])
        case (_, .halfOpen): return
        }
        if before != after { await saveState() }
    }

    /// Two remotes may have one origin, as two customers of one hosted shop have: neither's limit or circuit is the other's.
    private var stateName: String { settings.name.map { "\(origin) \($0)" } ?? origin.description }

    /// Takes up what an earlier process left. A store that fails costs the memory, not the call.
    func loadStateOnce() async {
        if state.withLock({ $0.isLoaded }) { return }
        guard (try? await storeTurns.enter()) != nil else { return }
        defer { storeTurns.leave() }
        if state.withLock({ $0.isLoaded }) { return }
        var saved = EndpointState()
        do {
            saved = try await surroundings.store.load(origin: stateName) ?? saved
        } catch {
            surroundings.logger.warning("endpoint state could not be loaded", metadata: ["endpoint.origin": "\(origin)"])
        }
        saved.circuit.resume(now: surroundings.timekeeper.millisecondsSince1970, settings.circuit)
        if let limit = settings.rateLimit {
            rateGate?.replace(SlidingLogLimiter(requests: limit.requests, per: limit.period, log: saved.limiterLog))
        }
        state.withLock { state in
            state.circuit = saved.circuit
            state.retryBudget = saved.retryBudget
            // A clock that was set back must not keep everybody waiting until it has caught up.
            let latest = surroundings.timekeeper.millisecondsSince1970 + Self.throttledMax.wholeMilliseconds
            state.throttledUntil = saved.throttledUntil.map { min($0, latest) }
            state.isLoaded = true
        }
    }

    /// Saves in turns and reads the state within the turn, so that the last one saved is the last one reached.
    func saveState() async {
        guard (try? await storeTurns.enter()) != nil else { return }
        defer { storeTurns.leave() }
        let current = state.withLock { $0 }
        guard current.isLoaded else { return }
        let saved = EndpointState(
            circuit: current.circuit, retryBudget: current.retryBudget, limiterLog: rateGate?.log() ?? [],
            throttledUntil: current.throttledUntil)
        do {
            try await surroundings.store.save(saved, origin: stateName)
        } catch {
            surroundings.logger.warning("endpoint state could not be saved", metadata: ["endpoint.origin": "\(origin)"])
        }
    }
}
