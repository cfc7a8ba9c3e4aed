import Dispatch
internal import GRDB
import Ledger
import Synchronization

/// Runs everything that touches the database on one serial queue, and puts the changes that queue up while a commit is under
/// way into the next one together: one disk sync for all orders in flight.
final class GroupCommit: Sendable {
    typealias Change = @Sendable (Database) throws -> Void

    private struct Waiting {
        var change: Change
        var continuation: CheckedContinuation<LedgerError?, Never>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isScheduled = false
        /// Once a commit has failed nothing more is written: what the disk holds is not known any more.
        var failure: LedgerError?
    }

    private let database: DatabaseQueue
    private let path: String
    private let queue = DispatchQueue(label: "crossdock.ledger")
    private let state = Mutex(State())

    init(database: DatabaseQueue, path: String) {
        self.database = database
        self.path = path
    }

    /// Returns once the change is on disk.
    ///
    /// `change` throws a ``LedgerError`` before it has written anything to be left out alone; any other error ends the whole group.
    func commit(_ change: @escaping Change) async throws(LedgerError) {
        let failure = await withCheckedContinuation { continuation in
            let schedule = state.withLock { state in
                state.waiting.append(Waiting(change: change, continuation: continuation))
                defer { state.isScheduled = true }
                return !state.isScheduled
            }
            if schedule { queue.async { self.drain() } }
        }
        if let failure { throw failure }
    }

    /// Reads on the same queue.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(LedgerError) -> Value {
        let result: Result<Value, LedgerError> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: self.synchronously { db in try body(db) })
            }
        }
        return try result.get()
    }

    /// One transaction of its own, with an answer.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(LedgerError) -> Value {
        let result: Result<Value, LedgerError> = await withCheckedContinuation { continuation in
            queue.async {
                if let failure = self.state.withLock({ $0.failure }) {
                    continuation.resume(returning: .failure(failure))
                    return
                }
                continuation.resume(
                    returning: self.synchronously { db in
                        var value: Value?
                        try db.inTransaction(.immediate) {
                            value = try body(db)
                            return .commit
                        }
                        return value!
                    })
            }
        }
        if case .failure(let error) = result, case .unusable = error { state.withLock { $0.failure = error } }
        return try result.get()
    }

    private func synchronously<Value>(_ body: (Database) throws -> Value) -> Result<Value, LedgerError> {
        do {
            return .success(try database.writeWithoutTransaction(body))
        } catch let error as LedgerError {
            return .failure(error)
        } catch {
            return .failure(.unusable(LedgerFile.explain(error, path)))
        }
    }

    private func drain() {
        let (group, failure) = state.withLock { state in
            defer { (state.waiting, state.isScheduled) = ([], false) }
            return (state.waiting, state.failure)
        }
        if let failure {
            for waiting in group { waiting.continuation.resume(returning: failure) }
            return
        }
        var answers: [LedgerError?] = []
        let result = synchronously { db in
            try db.inTransaction(.immediate) {
                for waiting in group {
                    do {
                        try waiting.change(db)
                        answers.append(nil)
                    } catch let error as LedgerError {
                        answers.append(error)
                    }
                }
                return .commit
            }
        }
        if case .failure(let error) = result {
            state.withLock { $0.failure = error }
            answers = group.map { _ in error }
        }
        for (waiting, answer) in zip(group, answers) { waiting.continuation.resume(returning: answer) }
    }
}
