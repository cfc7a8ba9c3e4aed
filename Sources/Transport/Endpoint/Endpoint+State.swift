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

    /// Takes up what an earlier process left. A store that fails costs the memory, not the call.
    func loadStateOnce() async {
        if state.withLock({ $0.isLoaded }) { return }
        guard (try? await storeTurns.enter()) != nil else { return }
        defer { storeTurns.leave() }
        if state.withLock({ $0.isLoaded }) { return }
        var saved = EndpointState()
        do {
            saved = try await surroundings.store.load(origin: origin.description) ?? saved
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
            state.isLoaded = true
        }
    }

    /// Saves in turns and reads the state within the turn, so that the last one saved is the last one reached.
    func saveState() async {
        guard (try? await storeTurns.enter()) != nil else { return }
        defer { storeTurns.leave() }
        let (circuit, retryBudget, isLoaded) = state.withLock { ($0.circuit, $0.retryBudget, $0.isLoaded) }
        guard isLoaded else { return }
        let saved = EndpointState(circuit: circuit, retryBudget: retryBudget, limiterLog: rateGate?.log() ?? [])
        do {
            try await surroundings.store.save(saved, origin: origin.description)
        } catch {
            surroundings.logger.warning("endpoint state could not be saved", metadata: ["endpoint.origin": "\(origin)"])
        }
    }
}
