/// The most requests that came within any one second, counted over a sliding window.
struct BusiestSecond: Sendable {
    private(set) var count = 0
    private var times: [Int64] = []
    private var oldest = 0

    /// - Parameter now: microseconds since 1970; later than or the same as before.
    mutating func note(_ now: Int64) {
        times.append(now)
        while times[oldest] <= now - 1_000_000 { oldest += 1 }
        count = max(count, times.count - oldest)
        if oldest > 1024 {
            times.removeFirst(oldest)
            oldest = 0
        }
    }
}
