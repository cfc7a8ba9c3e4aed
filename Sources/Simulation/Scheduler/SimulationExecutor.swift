import Glibc

/// Runs the tasks of one schedule on the thread that calls ``run(until:)``: which runnable job is next, the seed decides, and
/// when none is runnable, time jumps to the next timer.
///
/// Nothing here is locked: a schedule's tasks never leave this executor, since the engine uses structured tasks only.
final class SimulationExecutor: TaskExecutor, @unchecked Sendable {
    private struct Timer {
        var at: Int64
        var sequence: Int
        var action: () -> Void

        func isBefore(_ other: Timer) -> Bool { (at, sequence) < (other.at, other.sequence) }
    }

    private let thread = pthread_self()
    private var runnable: [UnownedJob] = []
    /// A binary heap, the soonest first.
    private var timers: [Timer] = []
    private var timerCount = 0
    private var draw: SeededDraw
    /// Milliseconds since the schedule began. Only waiting moves it.
    private(set) var now: Int64 = 0
    /// Jobs run so far.
    private(set) var steps = 0

    init(seed: UInt64) { draw = SeededDraw(seed: seed, stream: 1) }

    func enqueue(_ job: consuming ExecutorJob) {
        assert(pthread_equal(thread, pthread_self()) != 0, "a job came back from another thread: its turn would be chance")
        runnable.append(UnownedJob(job))
    }

    /// Calls `action` once `milliseconds` have passed.
    func after(_ milliseconds: Int64, _ action: @escaping () -> Void) {
        timerCount += 1
        timers.append(Timer(at: now + max(0, milliseconds), sequence: timerCount, action: action))
        siftUp(timers.count - 1)
    }

    /// - Returns: whether `isOver` ended it; else there was nothing left to run or to wait for, or `stepsMax` were taken.
    func run(stepsMax: Int, until isOver: () -> Bool) -> Bool {
        let executor = asUnownedTaskExecutor()
        while !isOver() {
            if runnable.isEmpty {
                guard let timer = popTimer() else { return false }
                now = max(now, timer.at)
                timer.action()
                continue
            }
            guard steps < stepsMax else { return false }
            steps += 1
            if runnable.count > 1 { runnable.swapAt(draw.below(runnable.count), runnable.count - 1) }
            runnable.removeLast().runSynchronously(on: executor)
        }
        return true
    }

    private func popTimer() -> Timer? {
        guard let first = timers.first else { return nil }
        let last = timers.removeLast()
        if !timers.isEmpty {
            timers[0] = last
            siftDown()
        }
        return first
    }

    private func siftUp(_ start: Int) {
        var index = start
        while index > 0, timers[index].isBefore(timers[(index - 1) / 2]) {
            timers.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private func siftDown() {
        var index = 0
        while true {
            var smallest = index
            for child in [2 * index + 1, 2 * index + 2] where child < timers.count && timers[child].isBefore(timers[smallest]) {
                smallest = child
            }
            guard smallest != index else { return }
            timers.swapAt(index, smallest)
            index = smallest
        }
    }
}
