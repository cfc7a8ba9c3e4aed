import OrderFlow
import Orders
import TestSupport
import Testing

@Suite struct FlowScheduleTests {
    /// Three days around a change of clocks, or none, each beginning at 00:00Z.
    private static let places: [(zone: String, start: Int64)] = [
        ("Europe/Brussels", 1_774_656_000), ("Europe/Brussels", 1_792_800_000),  // 29 March, 25 October 2026
        ("America/New_York", 1_772_841_600), ("America/New_York", 1_793_404_800),  // 8 March, 1 November 2026
        ("Australia/Lord_Howe", 1_775_174_400), ("Australia/Lord_Howe", 1_790_899_200),  // 5 April, 4 October 2026: half an hour
        ("Africa/Cairo", 1_776_902_400),  // 24 April 2026: at midnight
        ("Atlantic/Azores", 1_792_800_000),  // 25 October 2026: at 01:00
        ("America/St_Johns", 1_162_080_000),  // 29 October 2006: at 00:01, back over midnight
        ("Asia/Tokyo", 1_774_656_000), ("UTC", 1_774_656_000),
    ]

    @Test(arguments: places) func `cron expressions are due when a clock that is looked at every minute says so`(
        zone: String, start: Int64
    ) throws {
        var random = SeededGenerator(seed: UInt64(start))
        let clock = try #require(ZoneClock(zone))
        let days = WallClockDays(zone: zone, from: start, days: 3)
        let end = Timestamp(milliseconds: (start + 3 * 86_400) * 1000)
        var ticks = 0
        for _ in 0..<60 {
            let model = CronModel(&random)
            guard let expression = try? CronExpression(model.text) else { continue }
            let schedule = FlowSchedule.cron(expression, clock)
            var found: [Int64] = []
            var tick = schedule.next(after: Timestamp(milliseconds: start * 1000 - 1))
            while tick < end {
                found.append(tick.milliseconds / 1000)
                tick = schedule.next(after: tick)
            }
            #expect(found == model.due(in: days), "\(model.text) in \(zone)")
            ticks += found.count
        }
        #expect(ticks > 1000, "the expressions say too little")
    }

    /// Pacific/Apia went from ten hours behind UTC to fourteen ahead and had no 30 December 2011.
    @Test func `a job of a day that is skipped runs when the next one begins, and then as ever`() throws {
        let clock = try #require(ZoneClock("Pacific/Apia"))
        let noon = FlowSchedule.cron(try CronExpression("0 12 * * *"), clock)
        var tick = Timestamp(milliseconds: 1_325_156_400_000)
        for second in [1_325_196_000, 1_325_239_200, 1_325_282_400, 1_325_368_800] as [Int64] {
            tick = noon.next(after: tick)
            #expect(tick.milliseconds == second * 1000)
        }
        let halves = FlowSchedule.cron(try CronExpression("*/30 * * * *"), clock)
        tick = Timestamp(milliseconds: 1_325_235_600_000)
        for _ in 0..<8 {
            let next = halves.next(after: tick)
            #expect(next - tick == .seconds(1800))
            tick = next
        }
    }

    @Test(
        arguments: [
            // 2026-03-29: 02:00 to 03:00 is left out; 01:00Z is 03:00.
            ("30 2 * * *", 1_774_656_000, [1_774_661_400, 1_774_746_000, 1_774_830_600]),
            ("*/30 2 * * *", 1_774_738_800, [1_774_828_800, 1_774_830_600]),
            // 2026-10-25: 02:00 to 03:00 comes twice, from 00:00Z and from 01:00Z.
            ("30 2 * * *", 1_792_879_200, [1_792_888_200, 1_792_978_200]),
            ("30 * * * *", 1_792_886_400, [1_792_888_200, 1_792_891_800, 1_792_895_400]),
        ] as [(String, Int64, [Int64])])
    func `a skipped hour is made up, a repeated one counts once, unless the expression follows the clock's face`(
        text: String, start: Int64, expected: [Int64]
    ) throws {
        let schedule = try FlowSchedule.cron(CronExpression(text), #require(ZoneClock("Europe/Brussels")))
        var tick = Timestamp(milliseconds: start * 1000)
        for second in expected {
            tick = schedule.next(after: tick)
            #expect(tick.milliseconds == second * 1000)
        }
    }

    @Test func `intervals go by whole multiples, whenever they are asked`() {
        let schedule = FlowSchedule.every(.seconds(300))
        #expect(schedule.next(after: Timestamp(milliseconds: 0)).milliseconds == 300_000)
        #expect(schedule.next(after: Timestamp(milliseconds: 299_999)).milliseconds == 300_000)
        #expect(schedule.next(after: Timestamp(milliseconds: -1)).milliseconds == 0)
        #expect(schedule.ticks(after: Timestamp(milliseconds: 0), through: Timestamp(milliseconds: 900_000)) == 3)
        #expect(schedule.ticks(after: Timestamp(milliseconds: 1), through: Timestamp(milliseconds: 299_999)) == 0)
        #expect(schedule.ticks(after: Timestamp(milliseconds: 900_000), through: Timestamp(milliseconds: 0)) == 0)
    }

    @Test func `ticks of a cron expression are counted as next finds them, up to the limit`() throws {
        let schedule = try FlowSchedule.cron(CronExpression("*/10 * * * *"), #require(ZoneClock("UTC")))
        let (start, end) = (Timestamp(milliseconds: 600_000), Timestamp(milliseconds: 3_600_000))
        #expect(schedule.ticks(after: start, through: end) == 5)
        #expect(schedule.ticks(after: start, through: end, limit: 2) == 2)
    }
}
