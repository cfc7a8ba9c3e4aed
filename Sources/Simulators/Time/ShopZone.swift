/// The zone in which a simulated shop writes its naive datetimes.
///
/// Only what a Dutch shop may plausibly run in: the platform's zone is unknown, and these are the two candidates.
package enum ShopZone: String, Sendable, CaseIterable {
    case amsterdam = "Europe/Amsterdam"
    case utc = "UTC"

    /// The clock face in this zone at an instant.
    package func naive(unixMicroseconds: Int64) -> NaiveDateTime {
        NaiveDateTime(microseconds: unixMicroseconds + offsetMicroseconds(unixMicroseconds: unixMicroseconds))
    }

    private func offsetMicroseconds(unixMicroseconds: Int64) -> Int64 {
        switch self {
        case .utc: return 0
        case .amsterdam:
            let hour: Int64 = 3_600_000_000
            let year = NaiveDateTime.civil(day: NaiveDateTime(microseconds: unixMicroseconds).day).year
            let begin = Self.changeover(year: year, month: 3)
            let end = Self.changeover(year: year, month: 10)
            return begin <= unixMicroseconds && unixMicroseconds < end ? 2 * hour : hour
        }
    }

    /// Summer time begins and ends at 01:00 UTC on the last Sunday of the month (Directive 2000/84/EC).
    private static func changeover(year: Int, month: Int) -> Int64 {
        let lastDay = NaiveDateTime.daysSinceEpoch(year: year, month: month, day: 31)
        let daysSinceSunday = (lastDay + 4) % 7
        return Int64(lastDay - daysSinceSunday) * NaiveDateTime.microsecondsPerDay + 3_600_000_000
    }
}
