import Simulation
import Testing

/// A short budget of what `make simulate` does at length.
@Suite struct CampaignTests {
    @Test(arguments: [1, 100_001, 200_001, 300_001] as [UInt64])
    func `random schedules break no rule`(from: UInt64) {
        var campaign = Campaign()
        campaign.run(from..<from + 1000)
        #expect(campaign.failures.map { "seed \($0.seed): \($0.violations)" } == [])
        #expect(campaign.tally.schedules == 1000)
        #expect(campaign.tally.decisions["write mark_sent", default: 0] > 50, "orders placed elsewhere must come up")
    }

    @Test func `on SQLite the same schedules end the same way`() {
        var values = Campaign(), sqlite = Campaign()
        values.run(500_001..<500_101)
        sqlite.run(500_001..<500_101, on: .sqlite)
        #expect(sqlite.failures.map { "seed \($0.seed): \($0.violations)" } == [])
        #expect(sqlite.digest == values.digest)
    }

    @Test func `a crash at any single point of any path breaks no rule, and every point there is lies on a path`() {
        var report = CrashSearch.Report()
        for path in CrashPath.all { CrashSearch(path, depth: 1).run(into: &report) }
        #expect(report.failures.map { "\($0.path), \($0.schedule.disturbances): \($0.violations)" } == [])
        #expect(report.schedules[1] > 1500)
        #expect(Point.all.filter { report.tally.points[$0.number] == 0 } == [])
    }

    @Test func `of crashes that leave the same behind one is searched further, and all are made`() {
        var all = CrashSearch.Report(), distinct = CrashSearch.Report()
        let path = CrashPath.all[0]
        CrashSearch(path, depth: 1).run(into: &all)
        for share in 0..<2 { CrashSearch(path, depth: 2, onlyDistinct: true).run(share: share, of: 2, into: &distinct) }
        #expect(distinct.failures.isEmpty)
        #expect(distinct.schedules[..<2] == all.schedules[..<2], "every single crash is made once, by whichever share")
        #expect(distinct.alikeCount * 2 > distinct.schedules[1], "\(distinct.alikeCount) of \(distinct.schedules)")
        #expect(distinct.schedules[2] > distinct.schedules[1] * 5, "\(distinct.schedules)")
    }

    @Test func `a pair of crashes breaks no rule, shown on one eighth of one path`() {
        var report = CrashSearch.Report()
        CrashSearch(CrashPath.all[2], depth: 2).run(share: 3, of: 8, into: &report)
        #expect(report.failures.map { "\($0.schedule.disturbances): \($0.violations)" } == [])
        #expect(report.schedules[2] > 300)
    }
}
