import Dispatch
package import GRDB
import Synchronization

/// Runs everything that touches one database on one serial queue, and puts the changes that queue up while a commit is under
/// way into the next one together: one disk sync for all orders in flight.
///
/// A change that throws `Failure` must do so before it writes anything; it is left out alone. Any other error, of SQLite above all, ends its whole group
/// and everything after it: once a commit has failed, what the disk holds isn't known (a failed `fsync` may have dropped the
/// pages it was asked to keep), so nothing is tried again in place.
package final class GroupCommit<Failure: Error>: Sendable {
    package typealias Change = @Sendable (Database) throws -> Void

    private struct Waiting {
        var change: Change
        var continuation: CheckedContinuation<Failure?, Never>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isScheduled = false
        /// How many changes the last commit held.
        var lastGroupCount = 0
        var failure: Failure?
    }

    /// Where so many changes came together, more are to be expected within a moment, and waiting for them saves syncs and rewritten
    /// pages: PostgreSQL calls the two `commit_siblings` and `commit_delay`.
    private static var busyGroupCount: Int { 3 }
    private static var lingering: DispatchTimeInterval { .milliseconds(4) }

    private let database: DatabaseQueue
    private let explain: @Sendable (any Error) -> Failure
    /// `nil`: the caller's thread.
    private let queue: DispatchQueue?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - label: names the queue; `nil`: everything runs on the thread of whoever asks for it, which then waits.
    ///   - explain: says in the owner's words what an error of SQLite means.
    package init(database: DatabaseQueue, label: String?, explain: @escaping @Sendable (any Error) -> Failure) {
        self.database = database
        self.explain = explain
        queue = label.map { DispatchQueue(label: $0) }
    }

    private func perform(after delay: DispatchTimeInterval? = nil, _ work: @escaping @Sendable () -> Void) {
        guard let queue else { return work() }
        if let delay { queue.asyncAfter(deadline: .now() + delay, execute: work) } else { queue.async(execute: work) }
    }

    /// Returns once the change is on disk.
    package func commit(_ change: @escaping Change) async throws(Failure) {
        let failure = await withCheckedContinuation { continuation in
            let (schedule, isBusy) = state.withLock { state in
                state.waiting.append(Waiting(change: change, continuation: continuation))
                defer { state.isScheduled = true }
                return (!state.isScheduled, state.lastGroupCount >= Self.busyGroupCount)
            }
            guard schedule else { return }
            perform(after: isBusy ? Self.lingering : nil) { self.drain() }
        }
        if let failure { throw failure }
    }

    /// One transaction within the group, with an answer.
    package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(Failure) -> Value {
        let answer = Mutex<Value?>(nil)
        try await commit { db in
            let value = try body(db)
            answer.withLock { $0 = value }
        }
        return answer.withLock { $0! }
    }

    /// Reads on the same queue.
    package func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            perform { continuation.resume(returning: self.synchronously(body)) }
        }
        return try result.get()
    }

    /// Ends the connection, once everything before is done; whatever comes after fails.
    package func close() async throws(Failure) {
        let failure: Failure? = await withCheckedContinuation { continuation in
            perform {
                do {
                    try self.database.close()
                    continuation.resume(returning: nil)
                } catch { continuation.resume(returning: self.explain(error)) }
            }
        }
        if let failure { throw failure }
    }

    private func synchronously<Value>(_ body: (Database) throws -> Value) -> Result<Value, Failure> {
        do {
            return .success(try database.writeWithoutTransaction(body))
        } catch let failure as Failure {
            return .failure(failure)
        } catch {
            return .failure(explain(error))
        }
    }

    private func drain() {
        let (group, earlierFailure) = state.withLock { state in
            defer { (state.waiting, state.isScheduled, state.lastGroupCount) = ([], false, state.waiting.count) }
            return (state.waiting, state.failure)
        }
        var answers: [Failure?] = group.map { _ in earlierFailure }
        if earlierFailure == nil {
            let result = synchronously { db in
                try db.inTransaction(.immediate) {
                    for (index, waiting) in group.enumerated() {
                        do { try waiting.change(db) } catch let failure as Failure { answers[index] = failure }
                    }
                    return .commit
                }
            }
            if case .failure(let failure) = result {
                state.withLock { $0.failure = failure }
                answers = group.map { _ in failure }
            }
        }
        for (waiting, answer) in zip(group, answers) { waiting.continuation.resume(returning: answer) }
    }
}
