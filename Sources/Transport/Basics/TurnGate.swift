import Synchronization

/// Lets one task at a time through, in the order of arrival. A waiting task that is cancelled leaves the queue.
package final class TurnGate: Sendable {
    private struct Waiter {
        let number: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var isTaken = false
        var nextNumber: UInt64 = 0
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Returns when it is this task's turn; the caller then owes one `leave()`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first; nothing is owed then.
    package func enter() async throws(CancellationError) {
        let number: UInt64? = state.withLock { state in
            guard state.isTaken else {
                state.isTaken = true
                return nil
            }
            state.nextNumber += 1
            return state.nextNumber
        }
        guard let number else { return }
        let isOurTurn = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(number, $0) }
        } onCancel: {
            giveUp(number)
        }
        guard isOurTurn else { throw CancellationError() }
    }

    /// Ends the turn; the task that has waited longest is next.
    package func leave() {
        let next: Waiter? = state.withLock { state in
            guard !state.waiters.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }

    private func wait(_ number: UInt64, _ continuation: CheckedContinuation<Bool, Never>) {
        // A task's cancelled flag is set before its handlers run, so looking at it under the lock misses no cancellation.
        let isOurTurn: Bool? = state.withLock { state in
            if Task.isCancelled { return false }
            guard state.isTaken else {
                state.isTaken = true
                return true
            }
            state.waiters.append(Waiter(number: number, continuation: continuation))
            return nil
        }
        if let isOurTurn { continuation.resume(returning: isOurTurn) }
    }

    private func giveUp(_ number: UInt64) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: false)
    }
}
