extension Endpoint {
    /// The request for `call`, without credentials.
    func request(of call: EndpointCall) throws(EndpointError) -> HTTPRequest {
        var headers = call.headers
        if let accepts = call.accepts { headers["Accept"] = accepts }
        return HTTPRequest(
            method: call.method, url: try settings.base.url(of: call), headers: headers, body: call.body,
            isRepeatable: call.isRepeatable, onlyReads: call.onlyReads, deadlines: call.deadlines ?? settings.deadlines,
            responseBytesMax: settings.responseBytesMax)
    }

    func authorize(_ machine: CallMachine, _ call: EndpointCall) async throws(EndpointError) -> Authorization {
        do throws(EndpointError) {
            return try await authorizer.authorize()
        } catch {
            throw EndpointError(error.kind, machine.effect.joined(error.effect), "\(call.title): \(error.message)")
        }
    }

    /// Sends `request` once, in its turn, and asks `machine` what follows.
    func attempt(
        _ request: HTTPRequest, _ authorization: Authorization, _ machine: inout CallMachine, _ call: EndpointCall,
        latestStart: Int64?
    ) async throws(EndpointError) -> CallMachine.Action {
        let pass = try await pass(machine, call)
        let began = pass == nil ? 0 : surroundings.timekeeper.millisecondsSince1970
        guard !isTooLate(latestStart) else {
            await leave(pass, began: began, wasAnswered: false)
            throw EndpointError(.notSentInTime, machine.effect, "\(call.title): it could not be sent soon enough")
        }
        let admission = admit()
        if case .refused(let until) = admission {
            await leave(pass, began: began, wasAnswered: false)
            var error = circuitOpen(until, call)
            error.effect = machine.effect
            throw error
        }
        let authorized = authorization.applied(to: request)
        counters.countRequest()
        do throws(TransportError) {
            let response = try await surroundings.exchange.perform(authorized)
            await leave(pass, began: began, wasAnswered: true)
            await note(response, admission)
            let now = surroundings.timekeeper.millisecondsSince1970
            return machine.answered(
                response, wasAuthorized: !authorization.isEmpty, now: now, random: surroundings.random)
        } catch {
            await leave(pass, began: began, wasAnswered: false)
            await note(error, admission)
            return machine.failed(error, random: surroundings.random)
        }
    }

    /// Waits for the call's turn; `nil` without a rate limit.
    private func pass(_ machine: CallMachine, _ call: EndpointCall) async throws(EndpointError) -> RateGate.Pass? {
        guard let rateGate else { return nil }
        do throws(RateGate.Refusal) {
            let pass = try await rateGate.enter()
            counters.countLimiterWait(milliseconds: pass.waitedMilliseconds)
            return pass
        } catch {
            switch error {
            case .cancelled: throw .cancelled(machine.effect, call.title)
            case .storeFailed:
                throw EndpointError(
                    .throttled(retryAfterMilliseconds: nil), machine.effect,
                    "\(call.title): the ledger can't be asked whether the rate limit leaves room")
            }
        }
    }

    private func leave(_ pass: RateGate.Pass?, began: Int64, wasAnswered: Bool) async {
        guard let pass else { return }
        await rateGate?.leave(pass, began: began, wasAnswered: wasAnswered)
    }

    /// Whether an attempt that begins in so many milliseconds begins too late.
    func isTooLate(_ latestStart: Int64?, after milliseconds: Int64 = 0) -> Bool {
        latestStart.map { surroundings.timekeeper.millisecondsSince1970 + milliseconds > $0 } ?? false
    }

    private func note(_ response: HTTPResponse, _ admission: CircuitBreaker.Admission) async {
        switch response.status {
        case 502, 503, 504:
            await changeCircuit { circuit, now in
                circuit.failed(admission, now: now, settings.circuit, random: surroundings.random)
            }
        case 429:
            counters.countThrottledAnswer()
            let now = surroundings.timekeeper.millisecondsSince1970
            let asked = response.retryAfterMilliseconds(now: now) ?? 0
            rateGate?.pause(until: now + min(asked, settings.call.retryAfterMax.wholeMilliseconds))
            await noteThrottled(milliseconds: asked)
            await changeCircuit { circuit, _ in circuit.succeeded(admission) }
        default:
            await changeCircuit { circuit, _ in circuit.succeeded(admission) }
        }
    }

    private func note(_ error: TransportError, _ admission: CircuitBreaker.Admission) async {
        await changeCircuit { circuit, now in
            if error.isOutage {
                circuit.failed(admission, now: now, settings.circuit, random: surroundings.random)
            } else {
                circuit.abandoned(admission, now: now)
            }
        }
    }
}
