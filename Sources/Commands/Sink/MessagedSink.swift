import Orders
import SinkKit
import Synchronization

/// A sink whose final words come by message, with Crossdock's part of that: messages are kept, and what they say is told to whoever polls.
final class MessagedSink: ERPSink {
    let inner: any ERPSink
    private let inbox: MessageInbox

    init(_ inner: any ERPSink, inbox: MessageInbox) {
        self.inner = inner
        self.inbox = inbox
    }

    var capabilities: SinkCapabilities { inner.capabilities }

    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        try await inner.find(key, context)
    }

    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let answer = try await inner.create(order, context)
        if case .pending(let ticket) = answer { inbox.note(ticket, of: order) }
        return answer
    }

    /// The first final word that came for the order, with its lines; else what the sink says.
    func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        guard let order = inbox.order(of: ticket) else { return try await inner.poll(ticket, context) }
        for event in try await events(order.key, context) {
            switch event.kind {
            case .answer(.accepted(let receipt)): return .accepted(receipt.covering(order))
            case .answer(.rejected(let faults)): return .rejected(faults)
            case .answer(.pending), .shipped, .cancelled: continue
            }
        }
        return try await inner.poll(ticket, context)
    }

    func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        try await inner.validate(order, context)
    }

    /// Asks once, and once more when a message has told that it is cancelled.
    func cancel(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkCancellation {
        let unknown: SinkError
        do throws(SinkError) { return try await inner.cancel(receipt, key: key, context) } catch {
            guard error.code == .unknownOutcome else { throw error }
            unknown = error
        }
        let end = ContinuousClock.now + context.timeLimit
        while try await !isCancelled(key, context) {
            guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(10))) != nil else { throw unknown }
        }
        return try await inner.cancel(receipt, key: key, context)
    }

    private func isCancelled(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> Bool {
        try await events(key, context).contains { if case .cancelled = $0.kind { true } else { false } }
    }

    private func events(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> [SinkEvent] {
        var events: [SinkEvent] = []
        for message in inbox.messages { events += try await inner.receive(message, context) }
        return events.filter { $0.subject == .key(key) }
    }

    func receive(_ message: InboundMessage, _ context: SinkContext) async throws(SinkError) -> [SinkEvent] {
        try await inner.receive(message, context)
    }

    func check(_ context: SinkContext) async throws(SinkError) -> [String] { try await inner.check(context) }
}

/// The messages that came, and the orders whose ends are waited for, whichever instance of the sink made them.
final class MessageInbox: Sendable {
    private struct State {
        var messages: [InboundMessage] = []
        var orders: [String: SinkOrder] = [:]
    }

    private let state = Mutex(State())

    /// - Returns: the status of the answer.
    func take(_ body: [UInt8], at instant: Timestamp) -> Int {
        state.withLock { state in
            let id = "message-\(state.messages.count + 1)"
            state.messages.append(InboundMessage(id: id, receivedAt: instant, headers: [:], body: body))
        }
        return 200
    }

    var messages: [InboundMessage] { state.withLock { $0.messages } }

    func note(_ ticket: SinkTicket, of order: SinkOrder) { state.withLock { $0.orders[ticket.text] = order } }

    func order(of ticket: SinkTicket) -> SinkOrder? { state.withLock { $0.orders[ticket.text] } }
}
