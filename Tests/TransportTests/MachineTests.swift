import Testing
import Transport

/// Circuit, budget, backoff and what follows an attempt: values, driven by events.
@Suite struct MachineTests {
    let settings = CircuitBreaker.Settings(
        failuresToOpen: 3, openFirst: .seconds(10), openMax: .seconds(60), probeMax: .seconds(30))
    /// Takes all of the jitter away that may be taken.
    let random = LargestRandomSource()

    @Test func `a circuit opens after failures in a row only`() {
        var circuit = CircuitBreaker()
        for _ in 1...2 { circuit.failed(.pass, now: 0, settings, random: random) }
        circuit.succeeded(.pass)
        for _ in 1...2 { circuit.failed(.pass, now: 0, settings, random: random) }
        #expect(circuit.state == .closed(failures: 2))
        circuit.failed(.pass, now: 0, settings, random: random)
        #expect(circuit.state == .open(untilMilliseconds: 5000, openings: 1))
        #expect(circuit.admit(now: 4999, settings) == .refused(untilMilliseconds: 5000))
    }

    @Test func `half open lets one probe through, whose outcome decides`() {
        var circuit = CircuitBreaker(state: .open(untilMilliseconds: 5000, openings: 1))
        #expect(circuit.admit(now: 5000, settings) == .probe)
        #expect(circuit.admit(now: 5001, settings) == .refused(untilMilliseconds: 35_000))
        // A late answer to a call from before the opening decides nothing.
        circuit.succeeded(.pass)
        circuit.failed(.pass, now: 5002, settings, random: random)
        #expect(circuit.state == .halfOpen(probeUntilMilliseconds: 35_000, openings: 1))
        circuit.failed(.probe, now: 6000, settings, random: random)
        #expect(circuit.state == .open(untilMilliseconds: 16_000, openings: 2))
        #expect(circuit.admit(now: 16_000, settings) == .probe)
        circuit.succeeded(.probe)
        #expect(circuit.state == .closed(failures: 0))
    }

    @Test func `a probe that is abandoned or lost lets another through`() {
        var circuit = CircuitBreaker(state: .open(untilMilliseconds: 0, openings: 4))
        #expect(circuit.admit(now: 10, settings) == .probe)
        circuit.abandoned(.probe, now: 20)
        #expect(circuit.admit(now: 20, settings) == .probe)
        #expect(circuit.admit(now: 20 + 30_000, settings) == .probe)
        circuit.failed(.probe, now: 0, settings, random: random)
        #expect(circuit.state == .open(untilMilliseconds: 30_000, openings: 5), "no longer than the longest period")
    }

    @Test func `a next process takes an open circuit up, a probe not, and a clock set back does not keep it shut`() {
        var open = CircuitBreaker(state: .open(untilMilliseconds: 5000, openings: 1))
        open.resume(now: 0, settings)
        #expect(open.refusedUntilMilliseconds(now: 0) == 5000)
        var probing = CircuitBreaker(state: .halfOpen(probeUntilMilliseconds: 5000, openings: 1))
        probing.resume(now: 0, settings)
        #expect(probing.admit(now: 0, settings) == .probe)
        var ahead = CircuitBreaker(state: .open(untilMilliseconds: 9_000_000, openings: 1))
        ahead.resume(now: 0, settings)
        #expect(ahead.refusedUntilMilliseconds(now: 0) == 60_000)
    }

    @Test func `ten calls pay for one retry, up to ten`() {
        var budget = RetryBudget()
        let fromFull = (1...11).map { _ in budget.withdraw() }
        #expect(fromFull == Array(repeating: true, count: 10) + [false])
        let refilling = (1...10).map { _ in
            budget.deposit()
            return budget.withdraw()
        }
        #expect(refilling == Array(repeating: false, count: 9) + [true])
        for _ in 1...1000 { budget.deposit() }
        #expect(budget.tenths == RetryBudget.tenthsMax)
    }

    @Test func `backoff doubles up to its limit and spreads over all of it`() {
        let backoff = Backoff(first: .milliseconds(100), max: .seconds(1))
        #expect((1...6).map(backoff.boundMilliseconds) == [100, 200, 400, 800, 1000, 1000])
        #expect(backoff.boundMilliseconds(attempts: 1000) == 1000)
        let waits = (0..<2000).map { [random = SeededRandomSource(seed: 1)] _ in
            backoff.waitMilliseconds(attempts: 1, random: random)
        }
        #expect(waits.allSatisfy { (0...100).contains($0) })
        #expect(backoff.waitMilliseconds(attempts: 3, random: random) == 400)
    }

    @Test(
        arguments: [
            // kind, effect, is the call repeatable, is it tried again
            (.connectionFailed, .notSent, false, true), (.nameNotResolved, .notSent, true, true), (.tls, .notSent, false, true),
            (.connectionLost, .unknown, false, false), (.connectionLost, .unknown, true, true),
            (.stalled, .unknown, false, false),
            (.timedOut, .unknown, true, true), (.timedOut, .notSent, false, true), (.cancelled, .notSent, true, false),
            (.responseTooLarge, .unknown, true, false), (.malformedAnswer, .unknown, true, false),
            (.invalidRequest, .notSent, true, false),
        ] as [(TransportError.Kind, TransportError.Effect, Bool, Bool)])
    func `a failure is tried again when that is safe and may help`(
        _ kind: TransportError.Kind, _ effect: TransportError.Effect, _ isRepeatable: Bool, _ isTriedAgain: Bool
    ) {
        var machine = CallMachine(EndpointCall(.post, "x", isRepeatable: isRepeatable), .init())
        let action = machine.failed(TransportError(kind, effect, "m"), random: random)
        let error = EndpointError(.transport(kind), effect == .notSent ? .notSent : .unknown, "m")
        #expect(action == (isTriedAgain ? .retry(afterMilliseconds: 200, otherwise: .failed(error)) : .finish(.failed(error))))
    }

    @Test(arguments: [200, 201, 301, 400, 403, 404, 409, 422, 500, 501])
    func `most answers are the caller's to judge`(_ status: Int) {
        let response = HTTPResponse(status: status)
        var machine = CallMachine(EndpointCall(.get, "x"), .init())
        #expect(machine.answered(response, now: 0, random: random) == .finish(.answered(response)))
    }

    @Test(arguments: [502, 503, 504])
    func `an outage's answer is tried again when the call is repeatable, and given back when not`(_ status: Int) {
        let response = HTTPResponse(status: status, headers: ["Retry-After": "2"])
        var read = CallMachine(EndpointCall(.get, "x"), .init())
        #expect(
            read.answered(response, now: 0, random: random) == .retry(afterMilliseconds: 2200, otherwise: .answered(response)))
        var write = CallMachine(EndpointCall(.post, "x"), .init())
        #expect(write.answered(response, now: 0, random: random) == .finish(.answered(response)))
    }

    @Test func `429 is waited for only as long as allowed, and was not applied`() {
        func error(_ milliseconds: Int64?) -> EndpointError.Kind { .throttled(retryAfterMilliseconds: milliseconds) }
        let settings = CallMachine.Settings(retryAfterMax: .seconds(5))
        func action(_ seconds: String, _ method: HTTPMethod) -> CallMachine.Action {
            var machine = CallMachine(EndpointCall(method, "x"), settings)
            return machine.answered(HTTPResponse(status: 429, headers: ["Retry-After": seconds]), now: 0, random: random)
        }
        guard case .retry(5200, .failed(let later)) = action("5", .get), case .finish(.failed(let tooLong)) = action("6", .get),
            case .finish(.failed(let write)) = action("1", .post)
        else {
            Issue.record("other actions")
            return
        }
        #expect(later.kind == error(5000))
        #expect(tooLong.kind == error(6000))
        #expect(write.kind == error(1000))
        #expect([later, tooLong, write].allSatisfy { $0.effect == .notApplied })
    }

    @Test func `401 renews once, for writes too, and one unknown attempt outweighs all others`() {
        var machine = CallMachine(EndpointCall(.post, "x"), .init())
        guard case .renew(.failed(let first)) = machine.answered(HTTPResponse(status: 401), now: 0, random: random),
            case .finish(.failed(let second)) = machine.answered(HTTPResponse(status: 401), now: 0, random: random)
        else {
            Issue.record("other actions")
            return
        }
        #expect(first.effect == .notApplied)
        #expect(second.kind == .unauthorized(status: 401))
        var read = CallMachine(EndpointCall(.get, "x"), .init())
        _ = read.failed(TransportError(.connectionLost, .unknown, "m"), random: random)
        guard case .retry(_, .failed(let last)) = read.failed(TransportError(.connectionFailed, .notSent, "m"), random: random)
        else {
            Issue.record("other action")
            return
        }
        #expect(last.effect == .unknown)
    }

    @Test func `attempts end`() {
        var machine = CallMachine(EndpointCall(.get, "x"), .init(attemptsMax: 3))
        let error = TransportError(.connectionFailed, .notSent, "m")
        let actions = (1...3).map { _ in machine.failed(error, random: random) }
        #expect(actions.last == .finish(.failed(EndpointError(error))))
        #expect(actions.count { if case .retry = $0 { true } else { false } } == 2)
    }
}
