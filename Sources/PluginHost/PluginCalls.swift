import SinkKit

/// The calls that a plugin hasn't answered yet, and those who wait for its end.
struct PluginCalls {
    /// What is known of a call before it is made.
    struct Terms: Sendable {
        var method: String
        /// Whether an answer that is missing leaves its effect unknown.
        var mayHaveEffect: Bool
        var deadline: ContinuousClock.Instant
        /// Nothing is written later than that.
        var startBy: ContinuousClock.Instant?
        var attempts: (any SinkAttemptJournal)?
    }

    struct Waiting {
        let terms: Terms
        let mailbox: CallMailbox
        /// How much of its time it is left to end in after it was cancelled.
        let grace: Duration
        /// When it is cancelled, to leave it some time to answer before ``deadline``.
        var cancelAt: ContinuousClock.Instant
        var deadline: ContinuousClock.Instant
        var isWritten = false
        var isCancelled = false

        /// Whether its outcome is unknown where no answer comes.
        var mayHaveHadEffect: Bool { terms.mayHaveEffect && isWritten }
        var nextDeadline: ContinuousClock.Instant { isCancelled ? deadline : min(cancelAt, deadline) }
    }

    struct EndWaiter {
        let continuation: CheckedContinuation<Void, Never>
        /// `nil`: for as long as the program lives.
        let deadline: ContinuousClock.Instant?
    }

    /// What is to be done at some moment.
    struct Due {
        var cancelled: [Int64] = []
        /// They aren't waited for any more.
        var late: [Waiting] = []
        var waiters: [EndWaiter] = []
    }

    private var waiting: [Int64: Waiting] = [:]
    private var last: Int64 = 0
    private var endWaiters: [EndWaiter] = []

    subscript(id: Int64) -> Waiting? {
        get { waiting[id] }
        set { waiting[id] = newValue }
    }

    /// - Returns: the id under which it waits.
    mutating func add(_ terms: Terms, _ mailbox: CallMailbox, grace: Duration) -> Int64 {
        last += 1
        waiting[last] = Waiting(
            terms: terms, mailbox: mailbox, grace: grace, cancelAt: terms.deadline - grace, deadline: terms.deadline)
        return last
    }

    mutating func add(_ waiter: EndWaiter) { endWaiters.append(waiter) }

    /// - Returns: the call, if it still waited.
    mutating func remove(_ id: Int64) -> Waiting? { waiting.removeValue(forKey: id) }

    /// All of them, in the order in which they were made.
    mutating func removeAll() -> (calls: [Waiting], waiters: [EndWaiter]) {
        defer { (waiting, endWaiters) = ([:], []) }
        return (waiting.sorted { $0.key < $1.key }.map(\.value), endWaiters)
    }

    var mayHaveHadEffect: Bool { waiting.values.contains(where: \.mayHaveHadEffect) }

    var nextDeadline: ContinuousClock.Instant? {
        (waiting.values.map(\.nextDeadline) + endWaiters.compactMap(\.deadline)).min()
    }

    mutating func takeDue(at now: ContinuousClock.Instant) -> Due {
        var due = Due()
        for (id, call) in waiting.sorted(by: { $0.key < $1.key }) where call.nextDeadline <= now {
            if call.deadline <= now, call.isCancelled || !call.isWritten {
                waiting[id] = nil
                due.late.append(call)
            } else {
                // Where this machine was paused, the program still gets its time to answer that.
                if call.deadline <= now { waiting[id]?.deadline = now + call.grace }
                waiting[id]?.isCancelled = true
                due.cancelled.append(id)
            }
        }
        let isDue = { (waiter: EndWaiter) in waiter.deadline.map { $0 <= now } ?? false }
        due.waiters = endWaiters.filter(isDue)
        endWaiters.removeAll(where: isDue)
        return due
    }
}
