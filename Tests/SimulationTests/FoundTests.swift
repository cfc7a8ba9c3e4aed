import OrderFlow
import Orders
import Simulation
import Testing

/// What the simulation found, as the short schedules that showed it.
@Suite struct FoundTests {
    private func schedule(_ sink: Schedule.SinkKind, _ letter: Schedule.Letter) -> Schedule {
        var schedule = Schedule(
            seed: 4, sink: sink, letter: letter, latestEffect: 4000, startsAt: Timestamp(milliseconds: 1_772_182_800_000))
        schedule.orders = [OrderPlan(id: 101)]
        schedule.starts = [ProcessStart(at: 5)]
        return schedule
    }

    @Test func `a clock set back by an hour doesn't make a run read held orders over and over`() {
        var schedule = schedule(.rest, .key)
        schedule.orders[0].flavour = .unpaid
        schedule.disturbances = [.clock(at: 40, by: -3_600_000)]
        let outcome = Outcome(schedule)
        #expect(outcome.violations.isEmpty)
        #expect(outcome.tally.decisions["read", default: 0] < 10)
    }

    @Test func `a create that waits for a refused connection isn't sent on a read older than five seconds`() {
        var schedule = schedule(.rest, .lookUp)
        schedule.disturbances = [
            .wire(.readOrder, nth: 0, .slow(milliseconds: 4900)), .wire(.create, nth: 0, .refused),
            .wire(.create, nth: 1, .refused),
        ]
        #expect(Outcome(schedule).violations == [])
    }

    @Test func `a write that had to wait for a new token isn't sent on an old read`() {
        var schedule = schedule(.rest, .key)
        schedule.disturbances = [
            .wire(.patch, nth: 0, .tokensExpire), .wire(.token, nth: 1, .throttled(seconds: 23)),
        ]
        #expect(Outcome(schedule).violations == [])
    }

    @Test func `an order on a page that the walk drops has a row, though it leaves the list before the walk is back`() {
        var schedule = schedule(.rest, .key)
        schedule.orders = (1...8).map { OrderPlan(id: 100 + $0) }
        for number in 0..<12 {
            schedule.disturbances.append(.shopPerson(at: Int64(40 + number * 15), order: number % 8, .cancel))
        }
        #expect(Outcome(schedule).violations == [])
    }

    /// Found as seeds: a create of unknown end is waited out by a clock that is set forward meanwhile.
    @Test(arguments: [111_706, 121_173, 6_914_514] as [UInt64])
    func `a clock set forward makes no wait for late effects shorter, and no lease`(seed: UInt64) {
        #expect(Outcome(ScheduleDraw.random(seed: seed)).violations == [])
    }

    /// Found as seeds: a process stopped between its look at the clock and a purchase; a draft carried on by other bytes, or after a try that
    /// had no effect; a purchase of unknown end in an order that was cancelled.
    @Test(arguments: [506_336, 506_836, 509_847, 511_424, 525_076] as [UInt64])
    func `creates of several calls hold what one call holds`(seed: UInt64) {
        #expect(Outcome(ScheduleDraw.random(seed: seed)).violations == [])
    }

    /// Found as seeds: a person orders another create by what was known before the command got the order.
    @Test(arguments: [30_940, 168_476, 189_026, 208_992] as [UInt64])
    func `another create is ordered only by somebody who knows of the last`(seed: UInt64) {
        #expect(Outcome(ScheduleDraw.random(seed: seed)).violations == [])
    }

    /// Found as seeds: all units bought, the last one unanswered, and then the order was unpaid.
    @Test(arguments: [40_933, 61_850, 97_340, 143_836] as [UInt64])
    func `an order that must wait says what of it is in the ERP`(seed: UInt64) {
        #expect(Outcome(ScheduleDraw.random(seed: seed)).violations == [])
    }

    /// Found as seeds: a remote asks to be left alone for longer than a call waits.
    @Test(arguments: [19_816, 200_520] as [UInt64])
    func `a remote that asks to be left alone costs no order an attempt, and is asked in the end`(seed: UInt64) {
        #expect(Outcome(ScheduleDraw.random(seed: seed)).violations == [])
    }

    /// Found as a seed: a person had it asked to cancel once more, which it throttled, before its message about the first time came.
    @Test func `a message answers the request to cancel that reached the ERP`() {
        #expect(Outcome(ScheduleDraw.random(seed: 2_425_222)).violations == [])
    }

    /// Found as a seed: the ERP refused by message, and then accepted, the one try that reached it; another had been throttled.
    @Test func `a throttled repeat doesn't hide that the ERP contradicts itself`() {
        #expect(Outcome(ScheduleDraw.random(seed: 2_720_805)).violations == [])
    }

    /// Found as a seed: a read that took six seconds, during which the clock was set back by seven.
    @Test func `a read doesn't grow younger by a clock that is set back`() {
        #expect(Outcome(ScheduleDraw.random(seed: 9_106_588)).violations == [])
    }

    /// Found as seeds: the referee took for broken what held.
    @Test(
        arguments: [
            22_097, 24_799, 96_677, 111_635, 112_768, 125_287, 132_432, 161_727, 199_933, 254_795, 1_000_480, 1_132_067,
            1_195_135,
            1_311_005, 1_492_532, 1_541_580, 1_566_505, 1_638_780, 1_716_548, 1_790_141, 2_173_519, 2_910_441, 3_714_065,
            5_390_623, 6_318_004, 6_800_333, 7_191_242, 11_376_460,
        ] as [UInt64])
    func `the referee knows what people and stopped processes may leave`(seed: UInt64) {
        #expect(Outcome(ScheduleDraw.random(seed: seed)).violations == [])
    }

    @Test func `a person can't order another create while the ERP still works on the first`() {
        var schedule = schedule(.direct(isAsynchronous: true), .neither)
        schedule.disturbances = [.desk(at: 400, order: 0, .createAgain)]
        #expect(Outcome(schedule).violations == [])
    }
}
