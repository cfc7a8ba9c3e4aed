package import Orders

/// When something is due by the clock on the wall: the five fields of a crontab, or `@hourly` and the like.
///
/// Days and changes of clocks are treated as Vixie's cron does, and Debian's after it (documented in crontab(5) and cron(8)):
/// - Where the fields for the day of the month and the day of the week both name days, either suffices; where one begins with `*`,
///   both must fit.
/// - A job whose minute or hour begins with `*` runs whenever the clock shows its time: twice in an hour that is repeated, never
///   in one that is skipped.
/// - Any other job runs once: in a repeated hour the first time, and where its hour is skipped, right after it. Several times
///   within one skipped hour come to one run.
package struct CronExpression: Sendable, Equatable, CustomStringConvertible {
    package let description: String
    private let minute: CronField
    private let hour: CronField
    private let dayOfMonth: CronField
    private let month: CronField
    private let dayOfWeek: CronField

    /// A 29th of February that must be a Sunday may be forty years off, as from 2072 to 2112.
    private static let daysAheadMax: Int64 = 41 * 366

    package init(_ text: String) throws(CronFault) {
        let fields = try CronParser.fields(text)
        description = text
        (minute, hour, dayOfMonth, month) = (fields[0], fields[1], fields[2], fields[3])
        dayOfWeek = fields[4].withSundayAsZero
        // Each day of a leap year is on every day of the week sooner or later.
        let leapYear = CivilDate(year: 2096, month: 1, day: 1)!.daysSince1970
        let isPossible = (leapYear..<leapYear + 366).contains { day in
            let date = CivilDate(daysSince1970: day)
            return month.contains(date.month) && (eitherDaySuffices || dayOfMonth.contains(date.day))
        }
        guard isPossible else {
            throw CronFault(position: 1, message: "no month of these has such a day; name another day or month")
        }
    }

    private var eitherDaySuffices: Bool { !dayOfMonth.isWildcard && !dayOfWeek.isWildcard }

    private var followsTheFace: Bool { minute.isWildcard || hour.isWildcard }

    /// The first time after `instant`, which is on a whole minute.
    package func next(after instant: Timestamp, in clock: ZoneClock) -> Timestamp {
        let second = instant.milliseconds.flooredQuotient(by: 1000)
        // From the day before: what its skipped hour held is due after it.
        var day = clock.local(atSecond: second).flooredQuotient(by: 86_400) - 1
        let lastDay = day + Self.daysAheadMax
        while day < lastDay {
            // A clock that is set back over midnight shows times of the earlier day after those of the later one.
            if let found = first(onLocalDay: day, after: second, clock) {
                let other = first(onLocalDay: day + 1, after: second, clock)
                return Timestamp(milliseconds: min(found, other ?? found) * 1000)
            }
            day += 1
        }
        // Which the initializer has made sure of.
        preconditionFailure("'\(self)' names no day within forty years")
    }

    private func fits(_ date: CivilDate, _ daysSince1970: Int64) -> Bool {
        guard month.contains(date.month) else { return false }
        let fitsMonth = dayOfMonth.contains(date.day)
        // The first of January 1970 was a Thursday.
        let fitsWeek = dayOfWeek.contains((daysSince1970 + 4) - (daysSince1970 + 4).flooredQuotient(by: 7) * 7)
        return eitherDaySuffices ? fitsMonth || fitsWeek : fitsMonth && fitsWeek
    }

    private func first(onLocalDay day: Int64, after second: Int64, _ clock: ZoneClock) -> Int64? {
        guard fits(CivilDate(daysSince1970: day), day) else { return nil }
        let offsets = clock.offsets(aroundLocalDay: day)
        var found: Int64?
        for hour in Int64(0)..<24 where self.hour.contains(hour) {
            let beginning = day * 86_400 + hour * 3600
            // The clock can't show any of this hour after `second`.
            guard beginning + 3600 - offsets.lowerBound > second else { continue }
            for minute in Int64(0)..<60 where self.minute.contains(minute) {
                let local = beginning + minute * 60
                guard local - offsets.lowerBound > second else { continue }
                // Later times of day come later, but for what a change of clocks turns round.
                if let found, local - offsets.upperBound >= found { return found }
                let instants =
                    offsets.lowerBound == offsets.upperBound ? [local - offsets.lowerBound] : instants(atLocal: local, clock)
                for instant in instants where instant > second { found = min(found ?? instant, instant) }
            }
        }
        return found
    }

    private func instants(atLocal local: Int64, _ clock: ZoneClock) -> [Int64] {
        switch clock.showing(local: local) {
        case .once(let second): [second]
        case .twice(let first, let second): followsTheFace ? [first, second] : [first]
        case .never(let change): followsTheFace ? [] : [change]
        }
    }
}
