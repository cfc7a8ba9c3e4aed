/// The `Date` header (RFC 9110 section 5.6.7), made anew once a second.
struct HTTPDate: Sendable {
    private var second: Int64 = .min
    private var text = ""

    mutating func text(unixMicroseconds: Int64) -> String {
        let now = unixMicroseconds.flooredQuotient(by: 1_000_000)
        if now != second {
            second = now
            text = Self.format(unixSeconds: now)
        }
        return text
    }

    static func format(unixSeconds: Int64) -> String {
        let day = Int(unixSeconds.flooredQuotient(by: 86_400))
        let rest = Int(unixSeconds) - day * 86_400
        let (year, month, dayOfMonth) = NaiveDateTime.civil(day: day)
        let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][((day + 4) % 7 + 7) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int) -> String { NaiveDateTime.padded(number, 2) }
        return "\(weekday), \(two(dayOfMonth)) \(months[month - 1]) \(NaiveDateTime.padded(year, 4)) "
            + "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60)) GMT"
    }
}
