package import Orders

/// A day of the calendar, from year 1 to 9999.
package struct CalendarDate: Sendable, Hashable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// `nil` for a day that the calendar doesn't have.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else {
            return nil
        }
        self.init(unchecked: year, month, day)
    }

    private init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// - Parameter daysSince1970: within the years 1 to 9999.
    init(daysSince1970 days: Int) {
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years begin in March.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.init(unchecked: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// days_from_civil of the same source.
    var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// So many days later; `nil` beyond the year 9999 and before the year 1.
    package func adding(days: Int) -> CalendarDate? {
        let (sum, overflow) = daysSince1970.addingReportingOverflow(days)
        let range = CalendarDate(unchecked: 1, 1, 1).daysSince1970...CalendarDate(unchecked: 9999, 12, 31).daysSince1970
        return !overflow && range.contains(sum) ? CalendarDate(daysSince1970: sum) : nil
    }

    /// `YYYY-MM-DD`.
    package init?(iso text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2] else { return nil }
        self.init(digits: text.replacing("-", with: ""))
    }

    /// `YYYYMMDD`.
    package init?(digits text: String) {
        guard text.utf8.count == 8, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
            return nil
        }
        self.init(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }

    package var iso: String { "\(padded(year, 4))-\(padded(month))-\(padded(day))" }

    package var digits: String { padded(year, 4) + padded(month) + padded(day) }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// A moment as documents write it: date and time of day somewhere, to the second, and how far that place is ahead of UTC.
package struct ZonedTime: Sendable, Hashable {
    package let date: CalendarDate
    package let hour: Int
    package let minute: Int
    package let second: Int
    /// Within 14 hours either way.
    package let offsetMinutes: Int

    /// `nil` for a time that no clock shows.
    package init?(date: CalendarDate, hour: Int = 0, minute: Int = 0, second: Int = 0, offsetMinutes: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second), offsetMinutes.magnitude <= 14 * 60
        else {
            return nil
        }
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
        self.offsetMinutes = offsetMinutes
    }

    /// The instant as it is shown `offsetMinutes` ahead of UTC; parts of a second are left out.
    ///
    /// `nil` beyond the years 1 to 9999, and for an offset of more than 14 hours.
    package init?(_ instant: Timestamp, offsetMinutes: Int) {
        guard instant.milliseconds.magnitude < 300_000_000_000_000, offsetMinutes.magnitude <= 14 * 60 else { return nil }
        let local = floored(Int(instant.milliseconds), by: 1000).quotient + offsetMinutes * 60
        let (days, rest) = floored(local, by: 86_400)
        let date = CalendarDate(daysSince1970: days)
        guard (1...9999).contains(date.year) else { return nil }
        self.init(date: date, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60, offsetMinutes: offsetMinutes)
    }

    /// Seconds since 1970, for comparing times of different zones.
    package var instant: Int {
        date.daysSince1970 * 86_400 + hour * 3600 + (minute - offsetMinutes) * 60 + second
    }

    /// `YYYY-MM-DDThh:mm:ss±hh:mm`, as cXML wants it (`datetime.tz` in its DTD).
    package var iso: String {
        let (sign, minutes) = (offsetMinutes < 0 ? "-" : "+", abs(offsetMinutes))
        return
            "\(date.iso)T\(padded(hour)):\(padded(minute)):\(padded(second))\(sign)\(padded(minutes / 60)):\(padded(minutes % 60))"
    }

    /// Reads ISO 8601 as others write it: with `Z`, with parts of a second, which are dropped, and without a zone, which is UTC then.
    ///
    /// - Parameter needsZone: without one, it is no time.
    package init?(iso text: String, needsZone: Bool = false) {
        guard let match = Patterns.time.wholeMatch(text), !needsZone || match.5 != nil,
            let date = CalendarDate(iso: String(match.1))
        else { return nil }
        let number = { (part: Substring?) in part.flatMap { Int($0) } ?? 0 }
        var offset = 0
        if let zone = match.5, zone != "Z" {
            let digits = zone.dropFirst().replacing(":", with: "")
            offset = (number(digits.prefix(2)) * 60 + number(digits.suffix(2))) * (zone.first == "-" ? -1 : 1)
        }
        self.init(
            date: date, hour: number(match.2), minute: number(match.3), second: number(match.4), offsetMinutes: offset)
    }
}

/// Division whose remainder is never negative.
private func floored(_ number: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

/// A number with leading zeros.
func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
