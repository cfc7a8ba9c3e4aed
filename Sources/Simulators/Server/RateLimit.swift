/// So many requests in any window of that length, as a sliding log counts them.
package struct RateLimit: Sendable {
    package let requests: Int
    package let windowMilliseconds: Int

    package init(requests: Int, windowMilliseconds: Int = 1000) {
        self.requests = requests
        self.windowMilliseconds = windowMilliseconds
    }
}

/// The requests let through within the last window.
struct RateLimitWindow: Sendable {
    private let limit: RateLimit
    private var times: [Int64] = []
    private var oldest = 0

    init(limit: RateLimit) { self.limit = limit }

    /// `nil` if the request may pass, and is counted; else the whole seconds until one may.
    mutating func admit(at now: Int64) -> Int? {
        let window = Int64(limit.windowMilliseconds) * 1000
        while oldest < times.count, times[oldest] <= now - window { oldest += 1 }
        if oldest > limit.requests {
            times.removeFirst(oldest)
            oldest = 0
        }
        guard times.count - oldest >= limit.requests else {
            times.append(now)
            return nil
        }
        let waitMicroseconds = times[oldest] + window - now
        return Int((waitMicroseconds + 999_999) / 1_000_000)
    }
}
