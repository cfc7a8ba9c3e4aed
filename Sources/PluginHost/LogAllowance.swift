import Synchronization

/// How many lines of one program the log takes: what a program in a loop tells would fill the disk.
final class LogAllowance: Sendable {
    private struct State {
        var begin = ContinuousClock.now
        var count = 0
        var leftOut = 0
    }

    private let state = Mutex(State())

    private static let linesMax = 1000
    private static let period = Duration.seconds(1)

    /// - Returns: how many lines were left out before this one; `nil` where this one is left out too.
    func take() -> Int? {
        state.withLock { state in
            let now = ContinuousClock.now
            if now - state.begin >= Self.period { (state.begin, state.count) = (now, 0) }
            state.count += 1
            guard state.count <= Self.linesMax else {
                state.leftOut += 1
                return nil
            }
            defer { state.leftOut = 0 }
            return state.leftOut
        }
    }
}
