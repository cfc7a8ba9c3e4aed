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

    /// A plugin that asks for more at once doesn't wait for answers.
    private static let eventsMax = 256

    /// - Returns: `false` where there are too many; an end is always taken.
    @discardableResult
    func post(_ event: Event) -> Bool {
        let (waiter, isTaken): (CheckedContinuation<Event, Never>?, Bool) = state.withLock { state in
            guard let waiter = state.waiter else {
                if case .attempt = event, state.events.count >= Self.eventsMax { return (nil, false) }
                state.events.append(event)
                return (nil, true)
            }
            state.waiter = nil
            return (waiter, true)
        }
        waiter?.resume(returning: event)
        return isTaken
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
