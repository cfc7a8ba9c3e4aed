import Orders
import Settings
package import SinkKit
import Synchronization
import Transport

/// From a shop's order to one that Khumbu has taken.
extension KhumbuSink {
    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let document = KhumbuDocument(order, settings)
        guard document.faults.isEmpty, let id = document.id else { return .rejected(document.faults) }
        let faults = try await preflightFaults(document, order, context)
        guard faults.isEmpty else { return .rejected(faults) }
        let budget = self.budget(for: context)
        let taken: Taken
        switch settings.sending {
        case .create:
            let isRepeat = try await isRepeat(.create, context)
            taken = try await send(.create, document.body("CREATE"), order, isRepeat: isRepeat, budget)
        case .holdAndFire: taken = try await holdAndFire(document, order, context, budget)
        }
        switch taken {
        case .refused(let fault): return .rejected([fault])
        case .taken(let evidence):
            var ticket = KhumbuTicket(providerOrderID: id.text, since: Timestamp(milliseconds: timekeeper.millisecondsSince1970))
            ticket.ksOrderID = evidence["ks_order_id"]?.stringValue
            ticket.partnerOrderID = evidence["partner_order_id"]?.stringValue
            ticket.isRepeat = evidence["repeated"]?.boolValue ?? false
            return .pending(SinkTicket(ticket.text))
        }
    }

    /// A create may rely on a read for 5 s, so a cart's answer isn't waited for longer.
    private static let cartTimeLimit: Duration = .seconds(2)

    /// What the cart says, where it is asked by itself: not of an order that Khumbu may have already. A cart that can't be asked holds no
    /// order up.
    private func preflightFaults(
        _ document: KhumbuDocument, _ order: SinkOrder, _ context: SinkContext
    ) async throws(SinkError) -> [SinkFault] {
        let first: Attempt = settings.sending == .create ? .create : .hold
        guard settings.validation == .cart, context.attempt == 1, try await context.attempts.state(of: first.name) == .new else {
            return []
        }
        // A new process's first token and connection aren't part of it.
        try? await client.endpoint.authenticate()
        var brief = context
        brief.timeLimit = min(brief.timeLimit, Self.cartTimeLimit)
        do throws(SinkError) { return try await cartFaults(document, order, brief) } catch {
            if error.code == .misconfigured || error.code == .unauthorized { throw error }
            return []
        }
    }

    /// Khumbu can't be asked: until a webhook comes, or the wait for it is over, it is still working on it.
    package func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let taken = try KhumbuTicket(ticket)
        let waited = Timestamp(milliseconds: timekeeper.millisecondsSince1970) - taken.since
        guard waited >= settings.webhookWait else { return .pending(ticket) }
        let how = taken.isRepeat ? "said that it had the order already (KS-0018)" : "took the order"
        throw SinkError(
            .unknownOutcome,
            "Khumbu \(how), id \(taken.providerOrderID), and no final word has come for \(settings.webhookWait.components.seconds) s. "
                + "Where the POS refused it, 'rerun --new-key' sends it under another id"
        )
    }

    // MARK: One call

    private enum Taken {
        case taken(JSONObject)
        case refused(SinkFault)
    }

    enum Attempt: String {
        case create, hold, fire

        var name: SinkAttemptName { SinkAttemptName(rawValue) }
    }

    /// Whether the same may have been sent before, so that what Khumbu has under the id is this. Of the create alone no attempt is kept:
    /// a person ordered it once more, or an earlier try of this order ended otherwise.
    private func isRepeat(_ attempt: Attempt, _ context: SinkContext) async throws(SinkError) -> Bool {
        // What is fired is what is held, and of that the content is known.
        if context.keyMayHoldOther, attempt != .fire { return false }
        if case .unanswered(_, _, isOrdered: true) = try await context.attempts.state(of: attempt.name) { return true }
        return attempt == .create && context.attempt > 1
    }

    private func send(
        _ call: KhumbuClient.Call, _ body: JSONObject, _ order: SinkOrder, isRepeat: Bool, _ budget: CallBudget
    ) async throws(SinkError) -> Taken {
        let answer = try await client.post(call, body, budget)
        let title = "\(KhumbuClient.title(call)) was \(answer.outline)"
        guard let code = answer.code else { return try ending(answer, call, title) }
        try refuseSettings(answer, call)
        switch KhumbuCode(code)?.kind {
        case .duplicate?:
            guard isRepeat else {
                throw SinkError(
                    .conflict,
                    "\(title): Khumbu has had an order under this id, and not for certain the one that is sent now: a refused one, or one as "
                        + "it was before it changed. Look at the POS; then 'adopt' it, or 'rerun --new-key' sends it under another id"
                )
            }
            return .taken(JSONObject([("repeated", true)]))
        case .closed?: throw SinkError(.notApplied, "\(title): \(KhumbuCode(code)?.remedy ?? "")")
        case .order?, .mapping?, .unknownOrder?:
            // Of one that may have been fired before, a refusal doesn't say that it wasn't.
            if call == .fire, isRepeat { throw SinkError(.unknownOutcome, "\(title), and it may have been fired before") }
            return .refused(fault(code, answer.reason, order))
        case .cancelled?, .ambiguous?, .unresolved?, .settings?, nil: throw SinkError(.unknownOutcome, title)
        }
    }

    /// What an answer without a code means. Nothing but 2xx is documented as a success, so nothing else is taken for one, and only
    /// what a server refuses for its form has certainly had no effect.
    private func ending(_ answer: KhumbuAnswer, _ call: KhumbuClient.Call, _ title: String) throws(SinkError) -> Taken {
        if answer.isSuccess {
            var evidence = JSONObject()
            if let id = answer.ksOrderID { evidence.append("ks_order_id", .text(id)) }
            if let id = answer.partnerOrderID { evidence.append("partner_order_id", .text(id)) }
            return .taken(evidence)
        }
        switch answer.status {
        case 404, 405, 415: throw SinkError(.misconfigured, "\(title); is 'base_url' right?")
        case 400, 413, 422: return .refused(SinkFault(message: "\(title), without a code that says why"))
        default: throw SinkError(.unknownOutcome, title)
        }
    }

    // MARK: Hold, then fire

    /// Two calls, each made once: what is parked and was never fired is fired later, by the same order only.
    private func holdAndFire(
        _ document: KhumbuDocument, _ order: SinkOrder, _ context: SinkContext, _ budget: CallBudget
    ) async throws(SinkError) -> Taken {
        let held = try await attempt(.hold, .create, document, "HOLD", order, context, budget)
        guard case .taken(let evidence) = held else { return held }
        guard evidence["content"]?.stringValue == document.digest else {
            throw SinkError(
                .conflict,
                "Khumbu holds the order as it was before it was changed. Cancel it there, then 'rerun --new-key' sends it as it is now"
            )
        }
        let fired = try await attempt(.fire, .fire, document, "CREATE", order, context, budget)
        guard case .taken = fired else { return fired }
        return held
    }

    private func attempt(
        _ attempt: Attempt, _ call: KhumbuClient.Call, _ document: KhumbuDocument, _ notification: String, _ order: SinkOrder,
        _ context: SinkContext, _ budget: CallBudget
    ) async throws(SinkError) -> Taken {
        let refusal = Mutex<SinkFault?>(nil)
        let isRepeat = try await isRepeat(attempt, context)
        do throws(SinkError) {
            let evidence = try await context.attempt(attempt.rawValue, promise: .neither) { () throws(SinkError) -> JSONObject in
                switch try await send(call, document.body(notification), order, isRepeat: isRepeat, budget) {
                case .taken(var evidence):
                    evidence.append("content", .text(document.digest))
                    return evidence
                case .refused(let fault):
                    refusal.withLock { $0 = fault }
                    throw SinkError(.notApplied, fault.message)
                }
            }
            return .taken(evidence)
        } catch {
            guard let fault = refusal.withLock(\.self), error.code == .notApplied else { throw error }
            return .refused(fault)
        }
    }
}
