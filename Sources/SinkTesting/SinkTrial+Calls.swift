import Orders
import SinkKit

/// The calls.
extension SinkTrial {
    /// Makes one call of the sink.
    ///
    /// - Throws: "not run" where it doesn't end long after its deadline, which is another rule's business.
    func call<Value: Sendable>(
        _ name: String, key: IdempotencyKey? = nil, limit: Duration? = nil, startLimit: Duration? = nil,
        on instance: (any ERPSink)? = nil, journal: RehearsalJournal? = nil,
        _ work: @escaping @Sendable (any ERPSink, SinkContext) async throws(SinkError) -> Value
    ) async throws(RuleEnd) -> Result<Value, SinkError> {
        let limit = limit ?? target.limits.call
        let call = try await tryCall(name, key: key, limit: limit, startLimit: startLimit, on: instance, journal: journal, work)
        guard let ended = call else {
            throw .notRun("\(name) didn't end, though its deadline was \(limit.words); see deadline.create and deadline.find")
        }
        return ended
    }

    /// - Returns: `nil` where it doesn't end long after its deadline.
    func tryCall<Value: Sendable>(
        _ name: String, key: IdempotencyKey? = nil, limit: Duration, startLimit: Duration? = nil,
        on instance: (any ERPSink)? = nil,
        journal: RehearsalJournal? = nil,
        _ work: @escaping @Sendable (any ERPSink, SinkContext) async throws(SinkError) -> Value
    ) async throws(RuleEnd) -> Result<Value, SinkError>? {
        let sink: any ERPSink
        if let instance { sink = instance } else { sink = try await self.sink() }
        let context = SinkContext(
            timeLimit: limit, startLimit: startLimit, attempts: journal ?? key.map { self.journal($0) } ?? TransientAttempts())
        let ended = await bounded(by: limit + target.limits.grace + target.limits.grace) { () -> Result<Value, SinkError> in
            do throws(SinkError) { return .success(try await work(sink, context)) } catch { return .failure(error) }
        }
        if case .failure(let error)? = ended { transcript.add("the error of \(name)", error.message) }
        return ended
    }

    /// Creates the order and polls until there is an end.
    ///
    /// - Parameter journal: of its attempts; `nil`: the order's, which is kept over restarts.
    func create(
        _ order: SinkOrder, on instance: (any ERPSink)? = nil, journal: RehearsalJournal? = nil
    ) async throws(RuleEnd) -> Ended {
        let answer = try await call("create", key: order.key, on: instance, journal: journal) { sink, context throws(SinkError) in
            try await sink.create(order, context)
        }
        return try await settled(answer, order.key, on: instance)
    }

    /// Polls until there is an end.
    func settled(
        _ first: Result<SinkAnswer, SinkError>, _ key: IdempotencyKey, on instance: (any ERPSink)? = nil
    ) async throws(RuleEnd) -> Ended {
        var answer = first
        let giveUp = ContinuousClock.now + target.limits.patience
        while case .success(.pending(let ticket)) = answer {
            note(ticket, of: key)
            guard ContinuousClock.now < giveUp else {
                throw .notRun("the create was still pending after \(target.limits.patience.words)")
            }
            try await wait(.milliseconds(100))
            answer = try await call("poll", key: key, on: instance) { sink, context throws(SinkError) in
                try await sink.poll(ticket, context)
            }
        }
        switch answer {
        case .success(.accepted(let receipt)):
            note(receipt)
            return .accepted(receipt)
        case .success(.rejected(let faults)):
            for fault in faults { transcript.add("a fault", fault.description) }
            return .rejected(faults)
        case .success(.pending): throw .notRun("the create is pending")
        case .failure(let error): return .failed(error)
        }
    }

    /// The receipt of an order that must be taken before the rule can look at anything.
    func made(_ order: SinkOrder) async throws(RuleEnd) -> SinkReceipt {
        switch try await create(order) {
        case .accepted(let receipt): return receipt
        case .rejected(let faults):
            throw .notRun("the order that it starts with was refused: \(faults.map(\.description).joined(separator: "; "))")
        case .failed(let error): throw .notRun("the order that it starts with couldn't be made: \(error.message)")
        }
    }

    func find(_ key: IdempotencyKey, limit: Duration? = nil) async throws(RuleEnd) -> Result<SinkReceipt?, SinkError> {
        let found = try await call("find", limit: limit) { sink, context throws(SinkError) in try await sink.find(key, context) }
        if case .success(let receipt?) = found { note(receipt) }
        return found
    }

    /// What `find` says once it can say anything: a circuit that is still open, a limit on requests pass.
    func found(_ key: IdempotencyKey) async throws(RuleEnd) -> SinkReceipt? {
        let giveUp = ContinuousClock.now + target.limits.patience
        while true {
            switch try await find(key) {
            case .success(let receipt): return receipt
            case .failure(let error):
                guard ContinuousClock.now < giveUp, [.unavailable, .throttled, .notApplied].contains(error.code) else {
                    throw .notRun("the look-up that it needs failed: \(error.message)")
                }
                try await wait(.milliseconds(200))
            }
        }
    }

    /// What `find` gives as soon as it gives something, which it must within the declared latest effect.
    func foundInTime(_ key: IdempotencyKey) async throws(RuleEnd) -> SinkReceipt? {
        let latest = try await latestEffect() ?? .zero
        let giveUp = ContinuousClock.now + min(latest, target.limits.patience)
        while true {
            if let receipt = try await found(key) { return receipt }
            guard ContinuousClock.now < giveUp else { break }
            try await wait(.milliseconds(50))
        }
        guard latest <= target.limits.patience else { throw tooLate(latest) }
        return nil
    }

    private func latestEffect() async throws(RuleEnd) -> Duration? {
        switch try await capabilities().sinkClass {
        case .lookUp(let latest): latest
        case .key(_, let latest): latest
        case .neither: nil
        }
    }

    private func tooLate(_ latest: Duration) -> RuleEnd {
        .notRun("the declared latest effect of \(latest.words) is longer than this check waits (\(target.limits.patience.words))")
    }

    private func note(_ receipt: SinkReceipt) {
        transcript.add("a receipt", JSONValue.object(receipt.json).compactText)
        for deliverable in receipt.deliverables { transcript.hide(deliverable.secret.reveal()) }
    }

    /// How many orders stand under the key: by the auditor, else by the sink's own word; `nil` where neither can be asked.
    func count(_ key: IdempotencyKey) async throws(RuleEnd) -> Int? {
        if let orders = try await audited(key) { return orders.count }
        guard try await capabilities().sinkClass.canFind else { return nil }
        return try await found(key) == nil ? 0 : 1
    }

    /// Whose word a count is, for reports.
    var witness: String { target.auditor == nil ? "by the sink's own word" : "by the auditor" }

    // MARK: What rules begin with

    /// - Throws: "not applicable" where the sink isn't of that class.
    func needsClass(_ letter: String, _ why: String) async throws(RuleEnd) {
        let declared = try await capabilities().sinkClass.letter
        guard declared == letter else { throw .notApplicable("the sink declares class \(declared): \(why)") }
    }

    /// - Throws: "not applicable" where the sink can't be asked by our key.
    func needsFind() async throws(RuleEnd) {
        guard try await capabilities().sinkClass.canFind else {
            throw .notApplicable("the sink declares class N, whose ERP can't be asked by our key")
        }
    }

    /// Waits until nothing can take effect any more that was sent before.
    func outwaitLateEffects() async throws(RuleEnd) {
        guard let latest = try await latestEffect() else { return }
        guard latest <= target.limits.patience else { throw tooLate(latest) }
        try await wait(latest)
    }
}

extension SinkTrial.Ended {
    /// In words for a report.
    var words: String {
        switch self {
        case .accepted(let receipt): "accepted as \(receipt.erpOrderNumber)"
        case .rejected(let faults): "rejected: " + faults.prefix(5).map(\.description).joined(separator: "; ")
        case .failed(let error): "the error \(error.code.words): \(error.message)"
        }
    }

    var receipt: SinkReceipt? { if case .accepted(let receipt) = self { receipt } else { nil } }
}

extension SinkError.Code {
    /// As the contract spells it.
    var words: String {
        switch self {
        case .notApplied: "notApplied"
        case .notSentInTime: "notSentInTime"
        case .throttled: "throttled"
        case .unavailable: "unavailable"
        case .unauthorized: "unauthorized"
        case .misconfigured: "misconfigured"
        case .unknownOutcome: "unknownOutcome"
        case .conflict: "conflict"
        default: "of an unknown code"
        }
    }
}

extension Result where Success == SinkAnswer, Failure == SinkError {
    /// In words for a report.
    var words: String {
        switch self {
        case .success(.accepted(let receipt)): SinkTrial.Ended.accepted(receipt).words
        case .success(.pending): "a ticket"
        case .success(.rejected(let faults)): SinkTrial.Ended.rejected(faults).words
        case .failure(let error): SinkTrial.Ended.failed(error).words
        }
    }
}

extension Result where Success == SinkReceipt?, Failure == SinkError {
    /// In words for a report.
    var words: String {
        switch self {
        case .success(let receipt?): "order \(receipt.erpOrderNumber)"
        case .success(nil): "nothing"
        case .failure(let error): "the error \(error.code.words): \(error.message)"
        }
    }
}

extension SinkTrial {
    /// How many creates under the key have reached the ERP; `nil` where nobody counts them.
    func requests(_ key: IdempotencyKey) async throws(RuleEnd) -> Int? {
        guard let requests = target.auditor?.requests else { return nil }
        do { return try await requests(key) } catch { throw .notRun("the auditor couldn't look into the ERP: \(error)") }
    }
}
