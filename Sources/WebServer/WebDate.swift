import Orders

/// Dates as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
enum WebDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ instant: Timestamp) -> String {
        let second = instant.milliseconds.flooredQuotient(by: 1000)
        let day = second.flooredQuotient(by: 86_400)
        let time = second - day * 86_400
        let date = CivilDate(daysSince1970: day)
        // 1 January 1970 was a Thursday.
        let weekday = weekdays[Int(day - day.flooredQuotient(by: 7) * 7)]
        let clock = [time / 3600, time / 60 % 60, time % 60].map(twoDigits).joined(separator: ":")
        return "\(weekday), \(twoDigits(date.day)) \(months[Int(date.month) - 1]) \(date.year) \(clock) GMT"
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
