import Foundation

/// What clocks on the walls of one time zone show, and when they show it. All times are whole seconds.
///
/// A *local* second is what the clock's face says, counted as if the face showed UTC.
package struct ZoneClock: Sendable, Equatable {
    private let zone: TimeZone

    /// The IANA name.
    package var name: String { zone.identifier }

    /// - Parameter name: an IANA name such as `Europe/Amsterdam`; `nil` result where the system doesn't know it.
    package init?(_ name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
    }

    /// How far the zone is ahead of UTC at that second since 1970.
    package func offsetSeconds(atSecond second: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }

    package func local(atSecond second: Int64) -> Int64 { second + offsetSeconds(atSecond: second) }

    /// When the clock shows a local second. Instants are seconds since 1970.
    package enum Showing: Sendable, Equatable {
        case once(Int64)
        /// The clock was set back over it.
        case twice(first: Int64, second: Int64)
        /// The clock was set forward over it, at `change`.
        case never(change: Int64)
    }

    /// Zones are taken to change their clocks at most once within two days, as all have done since 1970.
    package func showing(local: Int64) -> Showing {
        let before = offsetSeconds(atSecond: local - Self.day), after = offsetSeconds(atSecond: local + Self.day)
        guard before != after else { return .once(local - before) }
        let isShownBefore = offsetSeconds(atSecond: local - before) == before
        let isShownAfter = offsetSeconds(atSecond: local - after) == after
        switch (isShownBefore, isShownAfter) {
        case (true, true): return .twice(first: local - before, second: local - after)
        case (true, false): return .once(local - before)
        case (false, true): return .once(local - after)
        case (false, false): return .never(change: change(from: local - Self.day, to: local + Self.day))
        }
    }

    /// The smallest and the largest offset in force on that local day and the days beside it; they differ around a change.
    package func offsets(aroundLocalDay day: Int64) -> ClosedRange<Int64> {
        let before = offsetSeconds(atSecond: (day - 1) * Self.day), after = offsetSeconds(atSecond: (day + 2) * Self.day)
        return min(before, after)...max(before, after)
    }

    private static let day: Int64 = 86_400

    /// The first second at which the later offset holds.
    private func change(from: Int64, to: Int64) -> Int64 {
        let later = offsetSeconds(atSecond: to)
        var (last, first) = (from, to)
        while first - last > 1 {
            let middle = last + (first - last) / 2
            if offsetSeconds(atSecond: middle) == later { first = middle } else { last = middle }
        }
        return first
    }
}
