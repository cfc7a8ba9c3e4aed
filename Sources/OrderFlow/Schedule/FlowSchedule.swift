package import Orders

/// When a flow's runs begin. Pure: it is asked about instants and has no clock of its own.
package enum FlowSchedule: Sendable, Equatable {
    /// On every whole multiple of that time since 1970 in UTC, so that a restart moves nothing: `5m` on 12:00, 12:05, … At least 1 s.
    case every(Duration)
    case cron(CronExpression, ZoneClock)

    /// The first tick after `instant`.
    package func next(after instant: Timestamp) -> Timestamp {
        switch self {
        case .every(let period):
            let milliseconds = period.inMilliseconds
            return Timestamp(milliseconds: (instant.milliseconds.flooredQuotient(by: milliseconds) + 1) * milliseconds)
        case .cron(let expression, let clock): return expression.next(after: instant, in: clock)
        }
    }

    /// How many ticks there are after `start` up to and with `end`.
    ///
    /// - Parameter limit: of a cron expression's ticks no more are counted.
    package func ticks(after start: Timestamp, through end: Timestamp, limit: Int = 10_000) -> Int {
        switch self {
        case .every(let period):
            let milliseconds = period.inMilliseconds
            return Int(
                max(0, end.milliseconds.flooredQuotient(by: milliseconds) - start.milliseconds.flooredQuotient(by: milliseconds)))
        case .cron:
            var count = 0
            var tick = next(after: start)
            while tick <= end, count < limit {
                count += 1
                tick = next(after: tick)
            }
            return count
        }
    }
}
