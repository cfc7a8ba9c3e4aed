import Documents
import Foundation
import Orders
import TestSupport
import Testing

struct ZonedTimeTests {
    @Test(arguments: [
        ("2024-03-05T10:15:30+01:00", "2024-03-05T10:15:30+01:00"), ("2024-03-05T10:15:30Z", "2024-03-05T10:15:30+00:00"),
        ("2024-03-05T10:15:30.757Z", "2024-03-05T10:15:30+00:00"), ("2024-03-05T10:15:30", "2024-03-05T10:15:30+00:00"),
        ("2024-03-05T10:15-0530", "2024-03-05T10:15:00-05:30"), ("2024-02-29", "2024-02-29T00:00:00+00:00"),
    ])
    func `times are read as others write them`(text: String, written: String) {
        #expect(ZonedTime(iso: text)?.iso == written)
    }

    @Test(arguments: [
        "", "yesterday", "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2024-03-05T24:00:00Z", "2024-03-05T10:60:00Z",
        "2024-03-05T10:15:30+15:00", "2024-3-5", "2024-03-05 10:15", "٢٠٢٤-٠٣-٠٥", "1900-02-29", "0000-01-01",
    ])
    func `what no calendar or clock shows is refused`(text: String) {
        #expect(ZonedTime(iso: text) == nil)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `an instant keeps its place in every zone, as Foundation sees it`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let formatter = ISO8601DateFormatter()
        for _ in 0..<100 {
            let seconds = Int64.random(in: -60_000_000_000...250_000_000_000, using: &generator)
            let offset = Int.random(in: -840...840, using: &generator)
            let time = try #require(ZonedTime(Timestamp(milliseconds: seconds * 1000 + 999), offsetMinutes: offset))
            try #require(time.instant == Int(seconds))
            try #require(ZonedTime(iso: time.iso) == time)
            if seconds > -10_000_000_000 {
                try #require(formatter.date(from: time.iso)?.timeIntervalSince1970 == Double(seconds))
            }
        }
    }

    @Test func `an instant beyond the calendar has no time`() {
        #expect(ZonedTime(Timestamp(milliseconds: .max), offsetMinutes: 0) == nil)
        #expect(ZonedTime(Timestamp(milliseconds: .min), offsetMinutes: 0) == nil)
        #expect(ZonedTime(Timestamp(milliseconds: 0), offsetMinutes: 841) == nil)
        #expect(ZonedTime(Timestamp(milliseconds: 0), offsetMinutes: -1)?.iso == "1969-12-31T23:59:00-00:01")
    }

    @Test(arguments: [
        ("4006381333931", true), ("4006381333932", false), ("96385074", true), ("400638133393A", false), ("", false),
    ])
    func `a trade number's check digit is checked`(number: String, isValid: Bool) {
        #expect(CheckDigit.isTradeNumber(number) == isValid)
    }

    @Test(arguments: [
        ("2024-02-28", 1, "2024-02-29"), ("2025-12-31", 1, "2026-01-01"), ("2025-03-01", -1, "2025-02-28"),
        ("2025-03-01", 0, "2025-03-01"), ("9999-12-31", 1, nil), ("0001-01-01", -1, nil), ("2025-03-01", Int.max, nil),
        ("2025-03-01", Int.min, nil),
    ])
    func `days are counted within the calendar`(day: String, count: Int, sum: String?) throws {
        #expect(try #require(CalendarDate(iso: day)).adding(days: count)?.iso == sum)
    }
}
