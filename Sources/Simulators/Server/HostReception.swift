internal import HTTPTypes

/// What the lock's holder made of a request.
enum Reception: Sendable {
    case delivered(AnswerDelivery)
    case delayed(milliseconds: Int, FaultAction.Moment)
}

extension SimulatorHost.State {
    mutating func receive(_ request: SimulatedRequest, at now: Int64) -> Reception {
        let kind = surface.kind(of: request)
        counts["\(request.method) \(kind)", default: 0] += 1
        busiest.note(now)
        surface.received(request)
        if let seconds = window?.admit(at: now) {
            var response = SimulatedResponse.detail(429, "Request was throttled. Expected available in \(seconds) seconds.")
            response.headers = [(.retryAfter, String(seconds))]
            return .delivered(refused(request, response, at: now, fault: "rate_limit"))
        }
        guard let action = faults.strike(method: request.method, path: request.path, kind: kind) else {
            return .delivered(applied(request, at: now, fault: nil))
        }
        if case .delay(let milliseconds, let moment) = action { return .delayed(milliseconds: milliseconds, moment) }
        return .delivered(struck(request, by: action, at: now))
    }

    /// Takes the request in and answers it; nothing goes wrong.
    mutating func answered(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse {
        counts["\(request.method) \(surface.kind(of: request))", default: 0] += 1
        busiest.note(now)
        surface.received(request)
        let answer = surface.answer(request, at: now)
        let sequence = log.append(request, at: now, status: answer.response.status, effect: answer.effect, fault: nil)
        if let later = answer.later { postpone(later.request, until: later.dueUnixMicroseconds, sequence: sequence) }
        return answer.response
    }

    /// Lets the request take effect and logs it.
    mutating func applied(
        _ request: SimulatedRequest, at now: Int64, fault: String?, instead: SimulatedResponse? = nil
    ) -> AnswerDelivery {
        let answer = surface.answer(request, at: now)
        let response = instead ?? answer.response
        let sequence = log.append(request, at: now, status: response.status, effect: answer.effect, fault: fault)
        if let later = answer.later { postpone(later.request, until: later.dueUnixMicroseconds, sequence: sequence) }
        return .whole(response)
    }

    private mutating func refused(
        _ request: SimulatedRequest, _ response: SimulatedResponse, at now: Int64, fault: String
    ) -> AnswerDelivery {
        _ = log.append(request, at: now, status: response.status, effect: request.lostEffect, fault: fault)
        return .whole(response)
    }

    private mutating func struck(_ request: SimulatedRequest, by action: FaultAction, at now: Int64) -> AnswerDelivery {
        switch action {
        case .dropBeforeApplying:
            _ = log.append(request, at: now, status: nil, effect: request.lostEffect, fault: action.name)
            return .none
        case .applyThenDrop:
            let answer = surface.answer(request, at: now)
            _ = log.append(request, at: now, status: nil, effect: answer.effect, fault: action.name)
            return .none
        case .lateEffect(let milliseconds):
            let effect: RequestEffect = request.method == "GET" ? .none : .pending
            let sequence = log.append(request, at: now, status: nil, effect: effect, fault: action.name)
            postpone(request, until: now + Int64(milliseconds) * 1000, sequence: sequence)
            return .none
        case .halfBody:
            guard case .whole(let response) = applied(request, at: now, fault: action.name) else { return .none }
            return .half(response)
        case .malformedJSON(applied: true):
            guard case .whole(let response) = applied(request, at: now, fault: action.name) else { return .none }
            return .whole(response.cutShort)
        case .expireTokens:
            surface.expireTokens()
            return applied(request, at: now, fault: action.name)
        case .lookupLag(let milliseconds):
            var lagging = request
            lagging.lookupLagMilliseconds = milliseconds
            return applied(lagging, at: now, fault: action.name)
        case .delay: return applied(request, at: now, fault: action.name)
        case .applyThenStatus, .status, .html200, .errorInside200, .malformedJSON, .outage:
            return replaced(request, by: action, at: now)
        }
    }

    /// Faults that answer something else than the surface does.
    private mutating func replaced(_ request: SimulatedRequest, by action: FaultAction, at now: Int64) -> AnswerDelivery {
        let (response, applies) = action.replacement
        return applies
            ? applied(request, at: now, fault: action.name, instead: response)
            : refused(request, response, at: now, fault: action.name)
    }

    private mutating func postpone(_ request: SimulatedRequest, until due: Int64, sequence: Int) {
        var request = request
        request.isLate = true
        late.append(SimulatorHost.LateRequest(dueUnixMicroseconds: due, request: request, sequence: sequence))
    }

    /// - Returns: the number under which it waits.
    mutating func delay(_ request: SimulatedRequest, until due: Int64) -> Int {
        lastDelayed += 1
        delayed[lastDelayed] = SimulatorHost.DelayedRequest(dueUnixMicroseconds: due, request: request)
        return lastDelayed
    }

    mutating func endDelay(_ number: Int, at now: Int64) -> AnswerDelivery {
        guard let ended = delayed.removeValue(forKey: number) else { return .none }
        return ended.delivery ?? applied(ended.request, at: now, fault: "delay")
    }

    private mutating func settleDelayed(until now: Int64) {
        let due = delayed.filter { $0.value.delivery == nil && $0.value.dueUnixMicroseconds <= now }
        for (number, item) in due.sorted(by: { ($0.value.dueUnixMicroseconds, $0.key) < ($1.value.dueUnixMicroseconds, $1.key) })
        {
            let delivery = applied(item.request, at: item.dueUnixMicroseconds, fault: "delay")
            delayed[number]?.delivery = delivery
        }
    }

    mutating func settleLate(until now: Int64) {
        if !delayed.isEmpty { settleDelayed(until: now) }
        guard !late.isEmpty else { return }
        let due = late.filter { $0.dueUnixMicroseconds <= now }.sorted { $0.dueUnixMicroseconds < $1.dueUnixMicroseconds }
        late.removeAll { $0.dueUnixMicroseconds <= now }
        for item in due {
            let answer = surface.answer(item.request, at: item.dueUnixMicroseconds)
            log.settle(sequence: item.sequence, effect: answer.effect)
        }
    }
}

extension SimulatedRequest {
    /// The effect to log when the request was not let through.
    fileprivate var lostEffect: RequestEffect { method == "GET" ? .none : .notApplied }
}

extension SimulatedResponse {
    fileprivate var cutShort: SimulatedResponse {
        var response = self
        response.body.removeLast(min(response.body.count, max(1, response.body.count / 3)))
        return response
    }
}

extension FaultAction {
    /// The answer a fault gives instead of the surface's, and whether the request takes effect all the same.
    fileprivate var replacement: (SimulatedResponse, applies: Bool) {
        switch self {
        case .applyThenStatus(let status): (.html(status, title: "Bad Gateway"), true)
        case .status(let status, let retryAfter): (Self.refusal(status, retryAfter), false)
        case .html200(let applied): (.html(200, title: "Maintenance"), applied)
        case .errorInside200(let detail, let applied): (.detail(200, detail), applied)
        case .malformedJSON(let applied): (.json(bytes: Array(#"{"id": 1, "state": "#.utf8)), applied)
        default: (.html(503, title: "Service Temporarily Unavailable"), false)
        }
    }

    private static func refusal(_ status: Int, _ retryAfterSeconds: Int?) -> SimulatedResponse {
        var response: SimulatedResponse =
            status >= 500 ? .html(status, title: "Service Temporarily Unavailable") : .detail(status, "Refused by the simulator.")
        response.headers = retryAfterSeconds.map { [(.retryAfter, String($0))] } ?? []
        return response
    }
}
