/// Exponential backoff with full jitter: a wait from zero up to a bound that doubles with every attempt
/// (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
package struct Backoff: Sendable, Equatable {
    package var first: Duration
    package var max: Duration

    package init(first: Duration = .milliseconds(200), max: Duration = .seconds(10)) {
        self.first = first
        self.max = max
    }

    /// The bound of the wait after `attempts` failed ones (1, 2, …), in milliseconds.
    package func boundMilliseconds(attempts: Int) -> Int64 {
        min(first.wholeMilliseconds << Swift.min(Swift.max(attempts - 1, 0), 20), max.wholeMilliseconds)
    }

    package func waitMilliseconds(attempts: Int, random: some RandomSource) -> Int64 {
        let bound = boundMilliseconds(attempts: attempts)
        return bound <= 0 ? 0 : Int64(random.uniform(below: UInt64(bound) + 1))
    }
}
