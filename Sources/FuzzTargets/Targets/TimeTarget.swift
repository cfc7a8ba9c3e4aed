import CloudSuite
import Orders
import Settings
import Transport

extension FuzzTarget {
    /// Dates and durations in the forms of HTTP, the shop and the configuration.
    static let time = FuzzTarget(name: "time", inputBytesMax: 64, share: 27) { input throws(BrokenProperty) in
        let text = String(decoding: input, as: UTF8.self)
        if let duration = DurationText.parse(text) {
            try require(duration >= .zero && duration < .seconds(1 << 50), "a duration is neither negative nor without end")
        }
        if let milliseconds = HTTPDate.millisecondsSince1970(text) {
            try require(milliseconds % 1000 == 0 && abs(milliseconds) < 1 << 60, "an HTTP date is a second near ours")
        }
        // A second of grace or an offset may lead out of the years of four digits, where an instant has no text.
        guard let instant = clock.instant(text), years.contains(instant.milliseconds) else { return }
        let second = Timestamp(milliseconds: instant.milliseconds - (instant.milliseconds % 1000 + 1000) % 1000)
        // In the hour that a change of clocks repeats, the later of two instants has the same text as the earlier one.
        let again = clock.instant(clock.text(instant))
        let isSame = again == second || again == second - .seconds(3600)
        try require(isSame, "an instant's text means the instant")
    }

    /// From 1 January 0001 to 31 December 9998.
    private static let years: Range<Int64> = -62_135_596_800_000..<253_370_764_800_000
    private static let clock = ShopClock(zone: "Europe/Amsterdam")!
}
