internal import Glibc

/// Where a simulator gets the time from: the real clock, or one that a test turns.
///
/// Date headers, `modified_date`, token lifetimes, rate limits and late effects all follow it; delays of an answer are real.
package struct SimulatorClock: Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let unixMicroseconds: @Sendable () -> Int64

    package init(unixMicroseconds: @escaping @Sendable () -> Int64) {
        self.unixMicroseconds = unixMicroseconds
    }

    package static let system = SimulatorClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
