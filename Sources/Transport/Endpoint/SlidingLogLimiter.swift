/// Keeps to a limit of requests per period so that a server which counts over a sliding window never refuses one.
///
/// A server counts arrivals, and how long a request is on its way varies. So a request holds its place until it is certain
/// to have left the server's window: while it is in flight, and for one period after the latest instant it can have
/// arrived, measured from the earliest arrival of the request that would take its place. That instant is the end of its answer less
/// the part of the way that all requests have in common, which is learnt from the round trips. What a request pays on top of the
/// period is thus its own observed jitter. Performs nothing; times are passed in, in milliseconds.
package struct SlidingLogLimiter: Sendable, Equatable {
    package enum Admission: Sendable, Equatable {
        case go
        case wait(milliseconds: Int64)
        /// Every place is held by a request in flight: ask again when one ends.
        case waitForAnAnswer
    }

    /// Instants are whole milliseconds, rounded down, on both sides.
    static let roundingMilliseconds: Int64 = 3
    /// The shortest round trip counts as known after this many; until then answers are trusted with nothing.
    static let samplesMin = 8
    /// How many of the latest round trips are looked at.
    static let samplesMax = 64

    package let requests: Int
    package let periodMilliseconds: Int64
    private var inFlight = 0
    /// When each place that is no longer in flight becomes free again, soonest first.
    private var heldUntil: [Int64]
    private var roundTrips: [Int64] = []
    private var pausedUntil: Int64 = 0

    /// - Parameter log: a former process's `log`, so that its last requests count.
    package init(requests: Int, per period: Duration, log: [Int64] = []) {
        precondition(requests > 0 && period > .zero, "a rate limit allows at least one request per period")
        self.requests = requests
        periodMilliseconds = period.wholeMilliseconds
        heldUntil = log.sorted()
    }

    /// When places become free, to be kept for the next process; a request in flight counts as if it ended at `now`.
    package func log(now: Int64) -> [Int64] {
        let unfinished = Array(repeating: now + periodMilliseconds + Self.roundingMilliseconds, count: inFlight)
        return heldUntil.filter { $0 > now } + unfinished
    }

    /// Whether every place is held by a request in flight.
    package var isFull: Bool { inFlight >= requests }

    /// Asks for a place; after `go` the request must be sent at once and `ended` told later.
    package mutating func admit(now: Int64) -> Admission {
        heldUntil.removeAll { $0 <= now }
        // No place is held for longer than this, unless the clock was set back.
        let latest = now + periodMilliseconds + Self.roundingMilliseconds
        if let last = heldUntil.last, last > latest { heldUntil = heldUntil.map { min($0, latest) } }
        if pausedUntil > now { return .wait(milliseconds: pausedUntil - now) }
        if inFlight + heldUntil.count < requests {
            inFlight += 1
            return .go
        }
        // Places that ended ones hold come free one by one; the first that matters is the one that makes room.
        let excess = inFlight + heldUntil.count - requests
        guard excess < heldUntil.count else { return .waitForAnAnswer }
        return .wait(milliseconds: heldUntil[excess] - now)
    }

    /// A request that was let go at `began` is over at `now`; without an answer its round trip teaches nothing.
    ///
    /// - Returns: until when its place is held.
    @discardableResult
    package mutating func ended(began: Int64, now: Int64, wasAnswered: Bool) -> Int64 {
        inFlight -= 1
        let roundTrip = max(0, now - began)
        if wasAnswered {
            roundTrips.append(roundTrip)
            if roundTrips.count > Self.samplesMax { roundTrips.removeFirst() }
        }
        let common = min(roundTrip, commonMilliseconds)
        let until = now - common + periodMilliseconds + Self.roundingMilliseconds
        hold(until: until)
        return until
    }

    /// The server asked to be left alone until then.
    package mutating func pause(until: Int64) {
        pausedUntil = max(pausedUntil, until)
    }

    /// The part of the way that all requests have in common. The shortest round trip seen is a little longer than the shortest
    /// possible, the more so the more they vary: so twice the distance to the median is taken off.
    private var commonMilliseconds: Int64 {
        guard roundTrips.count >= Self.samplesMin else { return 0 }
        let sorted = roundTrips.sorted()
        return max(0, sorted[0] - 2 * (sorted[sorted.count / 2] - sorted[0]))
    }

    private mutating func hold(until instant: Int64) {
        let index = heldUntil.firstIndex { $0 > instant } ?? heldUntil.endIndex
        heldUntil.insert(instant, at: index)
    }
}
