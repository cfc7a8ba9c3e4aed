import Synchronization

/// Lets requests go as a `SlidingLogLimiter` allows, in the order in which they came; where the limit is shared, as the other
/// processes leave room too.
package final class RateGate: Sendable {
    /// The right to send one request.
    package struct Pass: Sendable {
        package var waitedMilliseconds: Int64
        fileprivate var place: SharedPlaces.Place?
    }

    package enum Refusal: Error, Sendable {
        case cancelled
        /// Where the shared places are kept can't be asked, so nobody can tell whether there is room.
        case storeFailed
    }

    /// How often it is looked whether another process gave a place free sooner than it had to.
    private static let lookEveryMilliseconds: Int64 = 25

    private struct State {
        var limiter: SlidingLogLimiter
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>
    private let turns = TurnGate()
    private let timekeeper: any Timekeeper
    private let shared: SharedLimit?

    package init(_ limiter: SlidingLogLimiter, timekeeper: any Timekeeper, shared: SharedLimit? = nil) {
        state = Mutex(State(limiter: limiter))
        self.timekeeper = timekeeper
        self.shared = shared
    }

    /// Returns when one request may be sent, which it then must be, at once; `leave` must follow.
    package func enter() async throws(Refusal) -> Pass {
        do throws(CancellationError) { try await turns.enter() } catch { throw .cancelled }
        defer { turns.leave() }
        let arrived = timekeeper.millisecondsSince1970
        while true {
            let now = timekeeper.millisecondsSince1970
            switch state.withLock({ $0.limiter.admit(now: now) }) {
            case .go:
                let place = try await sharedPlace(admittedAt: now)
                return Pass(waitedMilliseconds: timekeeper.millisecondsSince1970 - arrived, place: place)
            case .wait(let milliseconds):
                do { try await timekeeper.sleep(milliseconds: milliseconds) } catch { throw .cancelled }
            case .waitForAnAnswer:
                await waitForAnAnswer()
                if Task.isCancelled { throw .cancelled }
            }
        }
    }

    /// The request that was let go at `began` is over.
    package func leave(_ pass: Pass, began: Int64, wasAnswered: Bool) async {
        let until = end(began: began, wasAnswered: wasAnswered)
        guard let shared, let place = pass.place else { return }
        // Where that fails, the place comes free later by itself.
        try? await shared.store.hold(place, account: shared.account, until: until)
    }

    private func end(began: Int64, wasAnswered: Bool) -> Int64 {
        let (until, waiting) = state.withLock { state in
            let until = state.limiter.ended(began: began, now: timekeeper.millisecondsSince1970, wasAnswered: wasAnswered)
            return (until, state.waiting.take())
        }
        waiting?.resume()
        return until
    }

    /// Waits for a place among all processes; `nil` where the limit is this one's alone. Whatever ends the wait gives the place in
    /// this process back.
    private func sharedPlace(admittedAt now: Int64) async throws(Refusal) -> SharedPlaces.Place? {
        guard let shared else { return nil }
        let (count, period) = state.withLock { ($0.limiter.requests, $0.limiter.periodMilliseconds) }
        let holding = shared.inFlightMax + period + SlidingLogLimiter.roundingMilliseconds
        do {
            while true {
                let answer = try await shared.store.takePlace(
                    account: shared.account, of: count, now: timekeeper.millisecondsSince1970, holding: holding)
                switch answer {
                case .taken(let place): return place
                case .wait(let milliseconds):
                    try await timekeeper.sleep(milliseconds: min(milliseconds, Self.lookEveryMilliseconds))
                }
            }
        } catch {
            _ = end(began: now, wasAnswered: false)
            throw error is CancellationError || Task.isCancelled ? .cancelled : .storeFailed
        }
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
