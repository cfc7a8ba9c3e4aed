import Orders
import SinkKit
import Synchronization

/// What a call waits for: named attempts that the plugin asks about, and its end.
final class CallMailbox: Sendable {
    enum Event: Sendable {
        case attempt(PluginMessageID, PluginAttemptCall)
        case end(Result<JSONObject, SinkError>)
    }

    private struct State {
        var events: [Event] = []
        var waiter: CheckedContinuation<Event, Never>?
    }

    private let state = Mutex(State())

    func post(_ event: Event) {
        let waiter = state.withLock { state in
            guard let waiter = state.waiter else {
                state.events.append(event)
                return CheckedContinuation<Event, Never>?.none
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: event)
    }

    /// The next one, which is waited for whether the task is cancelled or not. Only the call itself asks.
    func next() async -> Event {
        await withCheckedContinuation { continuation in
            let event: Event? = state.withLock { state in
                guard state.events.isEmpty else { return state.events.removeFirst() }
                state.waiter = continuation
                return nil
            }
            if let event { continuation.resume(returning: event) }
        }
    }
}
