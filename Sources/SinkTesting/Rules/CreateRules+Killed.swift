import Orders
import SinkKit

/// Processes that end without a word.
extension CreateRules {
    static func killed(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        guard let process = trial.target.process else {
            throw .notRun("the sink has no process of its own that could be killed")
        }
        if process.meetsMishaps, trial.target.interference?.mishaps.contains(.silentAfter) == true {
            return try await killedWhileItWaits(trial)
        }
        // Nothing holds the answer back, so the moment is left to chance, often enough to strike before, within and after.
        // The first one may be held up by something else, and then all moments would come too late.
        let duration = min(try await durationOfCreate(trial), try await durationOfCreate(trial))
        var seen: [String] = []
        for eighth in 0...10 {
            let order = try trial.order()
            let moment = duration * eighth / 8
            let ended = try await kill(trial, order) { () async throws(RuleEnd) in try await trial.wait(moment) }
            seen.append("\(moment.words): \(ended)")
        }
        return seen.joined(separator: "; ")
    }

    /// How long a create takes that nothing happens to, in a process that has just been started.
    private static func durationOfCreate(_ trial: SinkTrial) async throws(RuleEnd) -> Duration {
        guard let process = trial.target.process else { throw .notRun("there is nothing to kill") }
        let sink = try await trial.openProcess(process)
        let start = ContinuousClock.now
        let ended = try await trial.create(try trial.order(), on: sink)
        let duration = ContinuousClock.now - start
        await process.close(sink)
        guard ended.receipt != nil else { throw .notRun("an order couldn't be made: \(ended.words)") }
        return duration
    }

    /// The ERP has taken the order and holds its answer back.
    private static func killedWhileItWaits(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try trial.order()
        let seen = try await kill(trial, order, with: .silentAfter) { () async throws(RuleEnd) in
            let giveUp = ContinuousClock.now + trial.target.limits.patience
            guard trial.target.auditor != nil else { return try await trial.wait(.seconds(1)) }
            while try await trial.audited(order.key)?.isEmpty == true {
                guard ContinuousClock.now < giveUp else { throw .notRun("the ERP didn't take the order that was to be cut off") }
                try await trial.wait(.milliseconds(20))
            }
        }
        if let orders = try await trial.audited(order.key) {
            try trial.expect(
                orders.count == 1, "one order in the ERP", seen: "\(orders.count)", hint: "It was taken before the kill.")
        }
        return seen
    }

    /// Kills the instance during a create, at the moment that `moment` waits for, and looks at what is left.
    private static func kill(
        _ trial: SinkTrial, _ order: SinkOrder, with mishap: SinkMishap? = nil,
        _ moment: @Sendable () async throws(RuleEnd) -> Void
    ) async throws(RuleEnd) -> String {
        guard let process = trial.target.process else { throw .notRun("there is nothing to kill") }
        let victim = try await trial.openProcess(process)
        if let mishap { try await trial.arrange(mishap) }
        let create = Task { () -> Result<SinkTrial.Ended, RuleEnd> in
            do throws(RuleEnd) { return .success(try await trial.create(order, on: victim)) } catch { return .failure(error) }
        }
        do throws(RuleEnd) {
            try await moment()
            do { try await process.kill(victim) } catch { throw RuleEnd.notRun("its process couldn't be killed: \(error)") }
        } catch {
            create.cancel()
            await process.close(victim)
            throw error
        }
        let result = await create.value
        await process.close(victim)
        let ended = try result.get()
        try await trial.mend()
        try await trial.outwaitLateEffects()
        try await trial.restart()
        if case .failed = ended, let ticket = trial.ticket(order.key) {
            return "\(ended.words), then \(try await carriedOn(ticket, order, trial))"
        }
        try await isTrue(ended, order.key, trial)
        return "\(ended.words), then \(try await again(ended, order, trial))"
    }

    /// The kill struck a poll: the ERP has the order for handling, and any process can ask what became of it.
    private static func carriedOn(_ ticket: SinkTicket, _ order: SinkOrder, _ trial: SinkTrial) async throws(RuleEnd) -> String {
        let answer = try await trial.call("poll", key: order.key) { sink, context throws(SinkError) in
            try await sink.poll(ticket, context)
        }
        let ended = try await trial.settled(answer, order.key)
        try trial.expect(
            ended.receipt != nil, "its ticket tells another process what became of the order", seen: ended.words,
            hint: "A ticket must say all that poll needs; nothing of it may be kept in the process alone.")
        let orders = try await trial.audited(order.key)
        try trial.expect(
            orders.map { $0.count == 1 } ?? true, "one order in the ERP", seen: "\(orders?.count ?? 0)",
            hint: "Who sent it again?")
        return "polled: \(ended.words)"
    }

    /// Whether what the dead process's create ended with fits what the ERP holds.
    private static func isTrue(_ ended: SinkTrial.Ended, _ key: IdempotencyKey, _ trial: SinkTrial) async throws(RuleEnd) {
        let count = try await trial.count(key)
        switch ended {
        case .failed(let error) where error.code == .unknownOutcome:
            try trial.expect(
                count ?? 0 <= 1, "one order at most", seen: "\(count ?? 0) orders \(trial.witness)", hint: "Who sent it again?")
        case .failed:
            try trial.expect(
                count ?? 0 == 0, "unknownOutcome, because the ERP took the order", seen: ended.words,
                hint: "A process that dies after it was given a create may have sent it.")
        case .accepted:
            try trial.expect(
                count ?? 1 == 1, "the accepted order is in the ERP", seen: "\(count ?? 1) orders \(trial.witness)",
                hint: "A receipt before the commit is no proof.")
        case .rejected:
            try trial.expect(false, "an accepted order or an error", seen: ended.words, hint: "The order was good.")
        }
    }

    /// What Crossdock would do next: repeat for class K, look up for L, leave it to a person for N.
    private static func again(_ ended: SinkTrial.Ended, _ order: SinkOrder, _ trial: SinkTrial) async throws(RuleEnd) -> String {
        switch try await trial.capabilities().sinkClass {
        case .key:
            let repeated = try await trial.create(order)
            let count = try await trial.count(order.key)
            try trial.expect(
                repeated.receipt != nil && count == 1, "the same create again gives the one order",
                seen: "\(repeated.words); \(count ?? 0) orders \(trial.witness)",
                hint: "The key must be enforced by the ERP, in the same transaction as the order.")
            return "repeated: \(repeated.words)"
        case .lookUp:
            let found = try await trial.found(order.key)
            let orders = try await trial.audited(order.key)
            try trial.expect(
                orders == nil || orders?.isEmpty == (found == nil), "find tells what the ERP holds",
                seen: found.map { "order \($0.erpOrderNumber)" } ?? "nothing",
                hint: "The declared latest effect may be too short.")
            return found.map { "found: \($0.erpOrderNumber)" } ?? "not found, so it may be sent again"
        case .neither: return "left to a person"
        }
    }
}
