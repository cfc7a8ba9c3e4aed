import Synchronization

/// Lets requests go as a `SlidingLogLimiter` allows, in the order in which they came.
package final class RateGate: Sendable {
    private struct State {
        var limiter: SlidingLogLimiter
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>
    private let turns = TurnGate()
    private let timekeeper: any Timekeeper

    package init(_ limiter: SlidingLogLimiter, timekeeper: any Timekeeper) {
        state = Mutex(State(limiter: limiter))
        self.timekeeper = timekeeper
    }

    /// Returns when one request may be sent, which it then must be, at once; `leave` must follow.
    ///
    /// - Returns: how long it waited in milliseconds.
    package func enter() async throws(CancellationError) -> Int64 {
        try await turns.enter()
        defer { turns.leave() }
        let arrived = timekeeper.millisecondsSince1970
        while true {
            let now = timekeeper.millisecondsSince1970
            switch state.withLock({ $0.limiter.admit(now: now) }) {
            case .go: return now - arrived
            case .wait(let milliseconds):
                do { try await timekeeper.sleep(milliseconds: milliseconds) } catch { throw CancellationError() }
            case .waitForAnAnswer:
                await waitForAnAnswer()
                if Task.isCancelled { throw CancellationError() }
            }
        }
    }

    /// The request that was let go at `began` is over.
    package func leave(began: Int64, wasAnswered: Bool) {
        let waiting = state.withLock { state in
            state.limiter.ended(began: began, now: timekeeper.millisecondsSince1970, wasAnswered: wasAnswered)
            return state.waiting.take()
        }
        waiting?.resume()
    }

    package func pause(until: Int64) {
        state.withLock { $0.limiter.pause(until: until) }
    }

    package func log() -> [Int64] {
        state.withLock { $0.limiter.log(now: timekeeper.millisecondsSince1970) }
    }

    package func replace(_ limiter: SlidingLogLimiter) {
        state.withLock { $0.limiter = limiter }
    }

    /// Only the task whose turn it is waits here, so one continuation is enough.
    private func waitForAnAnswer() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFreeNow = state.withLock { state in
                    guard !Task.isCancelled, state.limiter.isFull else { return true }
                    state.waiting = continuation
                    return false
                }
                if isFreeNow { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.take() }?.resume()
        }
    }
}
