/// A date and time of day without a zone, as the shop writes them.
///
/// Written as Python's `isoformat` does: `2025-02-26T09:12:44.120000`, and no fraction where it is zero.
package struct NaiveDateTime: Sendable, Equatable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00 on the same clock face.
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// Reads `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM:SS` and the same with one to six digits of a fraction; anything else is `nil`.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.number(bytes, 0, 4), let month = Self.number(bytes, 5, 2), let day = Self.number(bytes, 8, 2),
            (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year)
        else { return nil }
        let days = Self.daysSinceEpoch(year: year, month: month, day: day)
        guard bytes.count > 10 else {
            self.init(microseconds: Int64(days) * Self.microsecondsPerDay)
            return
        }
        guard let timeOfDay = Self.timeOfDay(bytes) else { return nil }
        self.init(microseconds: Int64(days) * Self.microsecondsPerDay + timeOfDay)
    }

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    static let microsecondsPerDay: Int64 = 86_400_000_000

    /// Days since 1970-01-01, rounded down.
    var day: Int { Int(microseconds.flooredQuotient(by: Self.microsecondsPerDay)) }

    /// `YYYY-MM-DD`.
    package var dateText: String {
        let (year, month, day) = Self.civil(day: day)
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    /// `YYYY-MM-DDTHH:MM:SS[.ffffff]`.
    package var text: String {
        let rest = Int(microseconds - Int64(day) * Self.microsecondsPerDay)
        let seconds = rest / 1_000_000
        let time = "\(Self.padded(seconds / 3600, 2)):\(Self.padded(seconds / 60 % 60, 2)):\(Self.padded(seconds % 60, 2))"
        let fraction = rest % 1_000_000
        return dateText + "T" + time + (fraction == 0 ? "" : "." + Self.padded(fraction, 6))
    }

    private static func timeOfDay(_ bytes: [UInt8]) -> Int64? {
        guard bytes.count >= 19, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = number(bytes, 11, 2), let minute = number(bytes, 14, 2), let second = number(bytes, 17, 2),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let whole = Int64(hour * 3600 + minute * 60 + second) * 1_000_000
        guard bytes.count > 19 else { return whole }
        let digits = bytes.count - 20
        guard bytes[19] == UInt8(ascii: "."), (1...6).contains(digits), let fraction = number(bytes, 20, digits) else {
            return nil
        }
        return whole + Int64(fraction) * [100_000, 10_000, 1000, 100, 10, 1][digits - 1]
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
        var value = 0
        for byte in bytes[start..<start + count] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// The proleptic Gregorian calendar, counted in eras of 400 years that begin in March.
    static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension Int64 {
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
