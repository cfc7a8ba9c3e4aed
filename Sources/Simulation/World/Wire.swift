/// One call from a worker to a remote.
struct WireCall {
    var effect: Effect
    var worker: Worker
    /// How long the caller waits, in milliseconds.
    var deadline: Int64
}

enum WireOutcome<Answer> {
    case answered(Answer)
    /// Certainly not sent.
    case refused
    /// The connection ended without an answer; whether it took effect can't be known.
    case lost
    case timedOut
    /// The caller is no more.
    case dead
}

extension World {
    /// Carries a call there and its answer back, with whatever goes wrong on the way.
    ///
    /// - Parameters:
    ///   - deliver: lets the call take effect at the remote; called never, once or twice, perhaps long after the caller gave up.
    ///   - instead: the answer that a fault gives in place of the remote's.
    func transmit<Answer>(
        _ call: WireCall, deliver: @escaping () -> Answer, instead: (WireFault) -> Answer?
    ) async -> WireOutcome<Answer> {
        switch reach(call.effect, .before, call.worker) {
        case .on: break
        case .dead: return .dead
        case .crashed(.requestEscapes):
            arriveLate(call.effect) { _ = deliver() }
            return .dead
        case .crashed: return .dead
        }
        let fault = fault(of: call.effect)
        if let outage = outage(of: call.effect.remote) { return await endure(outage, call, instead) }
        let way = latency()
        if fault == .refused { return await wait(call.worker, way) ? .refused : .dead }
        var trip = Trip(call: call, way: way, back: latency())
        if let fault { trip.suffer(fault, lateMax: lateMax(of: call.effect), &draw) }
        let replacement = fault.flatMap(instead)
        return await travel(trip, deliver: deliver, replacement: replacement)
    }

    private func endure<Answer>(
        _ outage: Disturbance.OutageKind, _ call: WireCall, _ instead: (WireFault) -> Answer?
    ) async -> WireOutcome<Answer> {
        switch outage {
        case .refuses: return await wait(call.worker, 1) ? .refused : .dead
        case .hangs: return await wait(call.worker, call.deadline) ? .timedOut : .dead
        case .says503:
            guard await wait(call.worker, latency()) else { return .dead }
            return instead(.status(503, applied: false)).map { .answered($0) } ?? .lost
        }
    }

    private func travel<Answer>(
        _ trip: Trip, deliver: @escaping () -> Answer, replacement: Answer?
    ) async -> WireOutcome<Answer> {
        let worker = trip.call.worker
        let box = AnswerBox<Answer>()
        let flight = Flight(trip.call.effect) { [self] in
            box.answer = deliver()
            if trip.isTwice { box.answer = deliver() }
            _ = reach(trip.call.effect, .applied, worker)
        }
        if let arrival = trip.arrival {
            worker.flights.append(flight)
            executor.after(arrival) { flight.arrive() }
        }
        let isInTime = trip.end <= trip.call.deadline
        let isAlive = await wait(worker, min(trip.end, trip.call.deadline))
        flight.isAwaited = false
        worker.flights.removeAll { $0 === flight && $0.isDelivered }
        guard isAlive else { return .dead }
        guard isInTime, trip.isAnswered, let answer = replacement ?? box.answer else { return isInTime ? .lost : .timedOut }
        if case .on = reach(trip.call.effect, .answered, worker) { return .answered(answer) }
        return .dead
    }
}

private final class AnswerBox<Answer>: @unchecked Sendable {
    var answer: Answer?
}

/// When a call takes effect and when its caller hears of it, in milliseconds from its start.
private struct Trip {
    let call: WireCall
    /// `nil`: never.
    var arrival: Int64?
    /// When the answer, or the end of the connection, gets back.
    var end: Int64
    var isAnswered = true
    var isTwice = false

    init(call: WireCall, way: Int64, back: Int64) {
        self.call = call
        arrival = way
        end = way + back
    }

    mutating func suffer(_ fault: WireFault, lateMax: Int64, _ draw: inout SeededDraw) {
        switch fault {
        case .refused, .tokensExpire, .lag: break
        case .lostBefore: (arrival, isAnswered) = (nil, false)
        case .answerLost: isAnswered = false
        case .late(let milliseconds): (arrival, isAnswered) = (end + min(milliseconds, lateMax), false)
        case .slow(let milliseconds):
            let back = end - (arrival ?? 0)
            arrival = milliseconds
            end = milliseconds + back
            // Whoever waits no longer has ended the connection: what then still arrives, arrives within the declared time.
            if milliseconds > call.deadline { arrival = draw.oneIn(2) ? nil : call.deadline + draw.between(0, lateMax) }
        case .slowAnswer(let milliseconds): end += milliseconds
        case .duplicate: isTwice = true
        case .status(_, let applied), .html(let applied), .cutJSON(let applied), .errorInside200(let applied):
            if !applied { arrival = nil }
        case .throttled: arrival = nil
        }
    }
}
