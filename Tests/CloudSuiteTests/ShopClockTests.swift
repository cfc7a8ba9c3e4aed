import CloudSuite
import Foundation
import Orders
import TestSupport
import Testing

@Suite struct ShopClockTests {
    private static let amsterdam = ShopUnderTest.clock

    private static func milliseconds(_ text: String, _ clock: ShopClock = amsterdam) -> Int64? {
        clock.instant(text)?.milliseconds
    }

    @Test(arguments: [
        // 2025-01-15T12:00:00Z is 1736942400.
        ("2025-01-15T13:00:00", 1_736_942_400_000), ("2025-01-15 13:00:00", 1_736_942_400_000),
        ("2025-01-15T13:00:00.5", 1_736_942_400_500), ("2025-01-15T13:00:00.123456", 1_736_942_400_123),
        ("2025-01-15T13:00:00.000999", 1_736_942_400_000), ("2025-01-15T12:00:00Z", 1_736_942_400_000),
        ("2025-01-15T12:00:00.25Z", 1_736_942_400_250), ("2025-01-15T14:30:00+02:30", 1_736_942_400_000),
        ("2025-01-15T14:30:00+0230", 1_736_942_400_000), ("2025-01-15T07:00:00-05", 1_736_942_400_000),
        ("2025-07-15T14:00:00", 1_752_580_800_000), ("2024-02-29T00:00:00", 1_709_161_200_000),
        ("1969-12-31T23:59:59", -3_601_000),
    ])
    func `a date-time is read in the shop's zone unless it states its own`(text: String, expected: Int64) {
        #expect(Self.milliseconds(text) == expected)
    }

    @Test(arguments: [
        "", "2025-01-15", "2025-01-15T13:00", "2025-02-30T10:00:00", "2025-02-29T10:00:00", "2025-13-01T10:00:00",
        "2025-00-10T10:00:00",
        "2025-01-00T10:00:00", "2025-01-15T24:00:00", "2025-01-15T10:60:00", "2025-01-15T10x00x00", "2025/01/15T10:00:00",
        "2025-01-15T10:00:00.", "2025-01-15T10:00:00 ", "2025-01-15T10:00:00+2", "2025-01-15T10:00:00+02x00",
        "2025-01-15T10:00:00+25:00",
        "2025-01-15T10:00:00.5x", "tomorrow at ten o'clock", "２０２５-01-15T10:00:00",
    ])
    func `anything else is no date-time`(text: String) {
        #expect(Self.amsterdam.instant(text) == nil)
    }

    @Test func `the hour that summer time skips is read by the offset before it`() {
        // On 30 March 2025 the clock goes from 02:00 to 03:00 at 01:00Z.
        #expect(Self.milliseconds("2025-03-30T01:59:59") == 1_743_296_399_000)
        #expect(Self.milliseconds("2025-03-30T02:30:00") == 1_743_298_200_000)
        #expect(Self.milliseconds("2025-03-30T03:00:00") == 1_743_296_400_000)
        #expect(Self.amsterdam.text(Timestamp(milliseconds: 1_743_296_400_000)) == "2025-03-30T03:00:00")
    }

    @Test func `the hour that comes twice in autumn is its first time`() {
        // On 26 October 2025 the clock goes from 03:00 back to 02:00 at 01:00Z.
        #expect(Self.milliseconds("2025-10-26T02:30:00") == 1_761_438_600_000)
        #expect(Self.milliseconds("2025-10-26T03:00:00") == 1_761_444_000_000)
        #expect(Self.amsterdam.text(Timestamp(milliseconds: 1_761_442_200_000)) == "2025-10-26T02:30:00")
        #expect(Self.amsterdam.text(Timestamp(milliseconds: 1_761_438_600_999)) == "2025-10-26T02:30:00")
    }

    @Test func `far dates keep four digits a year, also in UTC`() throws {
        let utc = try #require(ShopClock(zone: "UTC"))
        #expect(utc.text(Timestamp(milliseconds: 253_402_300_799_999)) == "9999-12-31T23:59:59")
        #expect(utc.text(Timestamp(milliseconds: -62_135_596_800_000)) == "0001-01-01T00:00:00")
        #expect(utc.text(Timestamp(milliseconds: -1)) == "1969-12-31T23:59:59")
        #expect(utc.instant("9999-12-31T23:59:59.999") == Timestamp(milliseconds: 253_402_300_799_999))
        #expect(utc.instant("0001-01-01T00:00:00") == Timestamp(milliseconds: -62_135_596_800_000))
        #expect(utc.zoneName == "UTC" || utc.zoneName == "GMT")
    }

    @Test func `a zone that nobody knows is refused`() {
        #expect(ShopClock(zone: "Europe/Houten") == nil)
        #expect(ShopClock(zone: "") == nil)
    }

    @Test(arguments: [
        "Europe/Amsterdam", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Chatham",
        "UTC",
    ])
    func `Foundation's calendar agrees on every instant and every clock time`(name: String) throws {
        let clock = try #require(ShopClock(zone: name))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: name))
        var random = SeededGenerator(seed: 20)
        let transitions = Self.transitions(calendar.timeZone)
        for number in 0..<2000 {
            let near = transitions.randomElement(using: &random).map { $0 + Int64.random(in: -10_000...10_000, using: &random) }
            let second = number % 2 == 0 ? near ?? 0 : Int64.random(in: 0...4_000_000_000, using: &random)
            let instant = Date(timeIntervalSince1970: Double(second))
            let text = clock.text(Timestamp(milliseconds: second * 1000))
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: instant)
            #expect(text == Self.text(parts), "\(second)")
            let again = try #require(clock.instant(text))
            #expect(
                again == Timestamp(milliseconds: second * 1000) || clock.text(again) == text && again.milliseconds < second * 1000
            )
            // Any clock time, those that were skipped and those that came twice too.
            let shifted = DateComponents(
                year: parts.year, month: parts.month, day: parts.day, hour: Int.random(in: 0...4, using: &random),
                minute: Int.random(in: 0...59, using: &random), second: 0)
            let expected = try #require(calendar.date(from: shifted))
            #expect(
                clock.instant(Self.text(shifted))?.milliseconds == Int64(expected.timeIntervalSince1970) * 1000,
                "\(Self.text(shifted))")
        }
    }

    private static func transitions(_ zone: TimeZone) -> [Int64] {
        var dates: [Int64] = []
        var date = Date(timeIntervalSince1970: 0)
        while let next = zone.nextDaylightSavingTimeTransition(after: date), next.timeIntervalSince1970 < 2_000_000_000 {
            dates.append(Int64(next.timeIntervalSince1970))
            date = next
        }
        return dates
    }

    private static func text(_ parts: DateComponents) -> String {
        String(
            format: "%04d-%02d-%02dT%02d:%02d:%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0, parts.hour ?? 0,
            parts.minute ?? 0,
            parts.second ?? 0)
    }

    @Test(arguments: [
        ("Europe/Amsterdam", "2025-07-01T00:00:00Z", 120), ("Europe/Amsterdam", "2025-10-26T00:59:59Z", 120),
        ("Europe/Amsterdam", "2025-10-26T01:00:00Z", 60), ("Asia/Kolkata", "2025-10-26T01:00:00Z", 330),
        ("America/St_Johns", "2025-01-01T00:00:00Z", -210),
    ])
    func `an instant has its zone's offset`(zone: String, instant: String, minutes: Int) throws {
        let clock = try #require(ShopClock(zone: zone))
        #expect(clock.offsetMinutes(at: try #require(clock.instant(instant))) == minutes)
    }
}
