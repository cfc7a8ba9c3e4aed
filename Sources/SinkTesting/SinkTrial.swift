import Orders
import SinkKit
import Synchronization

/// One rule's look at the sink: instances of it, orders for it, and the calls, each bounded in time and with its texts noted down.
final class SinkTrial: Sendable {
    /// How a create ended, with tickets polled to their end.
    enum Ended: Sendable {
        case accepted(SinkReceipt)
        case rejected([SinkFault])
        case failed(SinkError)
    }

    private struct State {
        /// The last one is used; the others are there for rules about several at once.
        var sinks: [any ERPSink] = []
        var capabilities: SinkCapabilities?
        var journals: [IdempotencyKey: RehearsalJournal] = [:]
        /// What creates were answered with last that the ERP went on working on.
        var tickets: [IdempotencyKey: SinkTicket] = [:]
        var looks = 0
    }

    let target: SinkUnderTest
    let transcript: Transcript
    private let nextOrderID: @Sendable () -> Int64
    private let state = Mutex(State())

    init(_ target: SinkUnderTest, transcript: Transcript, nextOrderID: @escaping @Sendable () -> Int64) {
        self.target = target
        self.transcript = transcript
        self.nextOrderID = nextOrderID
    }

    /// How often something was compared with what it must be.
    var looks: Int { state.withLock { $0.looks } }

    // MARK: Instances

    /// The instance that is open; opened where none is.
    func sink() async throws(RuleEnd) -> any ERPSink {
        if let open = state.withLock({ $0.sinks.last }) { return open }
        return try await reopen()
    }

    /// Opens an instance beside the ones there are, and makes it the one that is used.
    @discardableResult
    func reopen() async throws(RuleEnd) -> any ERPSink {
        let target = target
        let opened = await bounded(by: target.limits.call) { await Result.catching { try await target.open() } }
        switch opened {
        case .success(let sink)?:
            state.withLock { state in
                state.sinks.append(sink)
                state.capabilities = sink.capabilities
            }
            return sink
        case .failure(let error)?:
            transcript.add("the error of opening it", "\(error)")
            throw .notRun("the sink can't be opened: \(error)")
        case nil: throw .notRun("opening the sink didn't end within \(target.limits.call.words)")
        }
    }

    /// Ends the instance in good order and opens another, as a new process does.
    func restart() async throws(RuleEnd) {
        await close()
        try await reopen()
    }

    func close() async {
        let close = target.close
        while let open = state.withLock({ $0.sinks.popLast() }) {
            _ = await bounded(by: target.limits.call) { await close(open) }
        }
    }

    /// Starts the sink as a process of its own.
    func openProcess(_ process: SinkProcess) async throws(RuleEnd) -> any ERPSink {
        switch await bounded(by: target.limits.call, { await Result.catching { try await process.open() } }) {
        case .success(let sink)?: return sink
        case .failure(let error)?: throw .notRun("the sink can't be started as a process: \(error)")
        case nil: throw .notRun("starting the sink as a process didn't end within \(target.limits.call.words)")
        }
    }

    func capabilities() async throws(RuleEnd) -> SinkCapabilities {
        if let known = state.withLock({ $0.capabilities }) { return known }
        return try await sink().capabilities
    }

    // MARK: Orders

    /// An order under a key that was never used before.
    func order(_ lines: [SinkSample.Line]? = nil) throws(RuleEnd) -> SinkOrder {
        try target.sample.order(nextOrderID(), lines ?? target.sample.lines(2))
    }

    /// The order's attempts, kept over restarts as the ledger does.
    func journal(_ key: IdempotencyKey) -> RehearsalJournal {
        state.withLock { state in
            if let known = state.journals[key] { return known }
            let journal = RehearsalJournal()
            state.journals[key] = journal
            return journal
        }
    }

    /// The last one that the order got; `nil`: none, as far as anybody knows.
    func ticket(_ key: IdempotencyKey) -> SinkTicket? { state.withLock { $0.tickets[key] } }

    func note(_ ticket: SinkTicket, of key: IdempotencyKey) {
        transcript.add("a ticket", ticket.text)
        state.withLock { $0.tickets[key] = ticket }
    }

    /// Attempts of the order are known no more, as with a ledger that was lost: whatever keeps it single is the ERP.
    func forgetAttempts(_ key: IdempotencyKey) { state.withLock { $0.journals[key] = nil } }

    // MARK: Looking

    /// The order with other lines, under the same key.
    func variant(of order: SinkOrder, _ lines: [SinkSample.Line]) throws(RuleEnd) -> SinkOrder {
        try target.sample.order(order.key.order.orderID, lines, generation: order.key.generation)
    }

    /// Compares what is with what must be.
    func expect(
        _ isRight: Bool, _ expected: @autoclosure () -> String, seen: @autoclosure () -> String,
        hint: @autoclosure () -> String = ""
    ) throws(RuleEnd) {
        state.withLock { $0.looks += 1 }
        guard !isRight else { return }
        throw .fell(SinkFinding(expected: expected(), seen: seen(), hint: hint()))
    }

    /// What the ERP holds under the key; `nil` where nobody but the sink can be asked.
    func audited(_ key: IdempotencyKey) async throws(RuleEnd) -> [SinkAuditedOrder]? {
        guard let auditor = target.auditor else { return nil }
        do { return try await auditor.orders(key) } catch { throw .notRun("the auditor couldn't look into the ERP: \(error)") }
    }

    func arrange(_ mishap: SinkMishap) async throws(RuleEnd) {
        if let why = target.interference?.impossible[mishap] { throw .notApplicable(why) }
        guard let interference = target.interference, interference.mishaps.contains(mishap) else {
            throw .notRun(
                "nobody told the kit how to arrange '\(mishap.rawValue)' (\(mishap.words)) between this sink and its ERP")
        }
        do { try await interference.arrange(mishap) } catch {
            throw .notRun("'\(mishap.rawValue)' couldn't be arranged: \(error)")
        }
    }

    func mend() async throws(RuleEnd) {
        guard let interference = target.interference else { return }
        do { try await interference.mend() } catch { throw .notRun("a mishap couldn't be undone: \(error)") }
    }

    /// Of these, the ones that can be arranged. - Throws: where none can.
    func mishaps(_ wanted: [SinkMishap]) throws(RuleEnd) -> [SinkMishap] {
        let known = wanted.filter { target.interference?.mishaps.contains($0) ?? false }
        guard known.isEmpty else { return known }
        if let why = wanted.lazy.compactMap({ self.target.interference?.impossible[$0] }).first { throw .notApplicable(why) }
        throw .notRun(
            "nobody told the kit how to arrange any of \(wanted.map(\.rawValue).joined(separator: ", ")) between this sink and its ERP"
        )
    }

    func wait(_ duration: Duration) async throws(RuleEnd) {
        do { try await Task.sleep(for: duration) } catch { throw .notRun("the check was stopped") }
    }
}

extension Result where Failure == any Error, Success: Sendable {
    /// What `work` gives or throws.
    static func catching(_ work: () async throws -> Success) async -> Self {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}

extension Duration {
    /// `2 s`, `0.25 s`.
    var words: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        guard milliseconds % 1000 != 0 else { return "\(milliseconds / 1000) s" }
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        return "\(milliseconds / 1000).\(fraction) s"
    }
}
