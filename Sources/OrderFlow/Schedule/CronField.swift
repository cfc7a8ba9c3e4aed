/// One of a cron expression's five fields: which values it names, of at most 0 to 59.
struct CronField: Sendable, Equatable {
    /// Bit `n` for the value `n`.
    private(set) var values: UInt64 = 0
    /// It begins with `*`, which counts in the rules for days and for changes of clocks, whatever step follows.
    var isWildcard = false

    func contains(_ value: Int64) -> Bool { values & (1 << UInt64(value)) != 0 }

    mutating func insert(_ range: some Sequence<Int>) { for value in range { values |= 1 << UInt64(value) } }

    /// The days of the week, where 7 is Sunday as 0 is.
    var withSundayAsZero: CronField {
        var field = self
        if contains(7) { field.values = (values | 1) & ~(1 << 7) }
        return field
    }
}

/// What a field may hold.
struct CronFieldKind: Sendable {
    let title: String
    let range: ClosedRange<Int>
    /// For the values from `range.lowerBound` on; three letters.
    var names: [String] = []

    static let minute = CronFieldKind(title: "the minute", range: 0...59)
    static let hour = CronFieldKind(title: "the hour", range: 0...23)
    static let dayOfMonth = CronFieldKind(title: "the day of the month", range: 1...31)
    static let month = CronFieldKind(
        title: "the month", range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let dayOfWeek = CronFieldKind(
        title: "the day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"])
}
