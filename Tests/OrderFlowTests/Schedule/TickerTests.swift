import OrderFlow
import Orders
import Testing

@Suite struct TickerTests {
    /// Every minute; instants in seconds.
    private func ticker(lastRun second: Int64?) -> Ticker { Ticker(.every(.seconds(60)), lastRunBegan: second.map(at)) }

    private func at(_ second: Int64) -> Timestamp { Timestamp(milliseconds: second * 1000) }

    @Test func `a flow that never ran runs at once, then on its ticks`() {
        var ticker = ticker(lastRun: nil)
        #expect(ticker.action(at: at(1007)) == .run(missed: 0))
        ticker.ran(until: at(1010))
        #expect(ticker.action(at: at(1010)) == .wait(until: at(1020)))
        #expect(ticker.action(at: at(1019)) == .wait(until: at(1020)))
        #expect(ticker.action(at: at(1020)) == .run(missed: 0))
        #expect(ticker.skipped == 0 && ticker.missed == 0)
    }

    @Test func `ticks that nobody was there for are made up by one run`() {
        var ticker = ticker(lastRun: 1021)
        #expect(ticker.action(at: at(1330)) == .run(missed: 4))
        ticker.ran(until: at(1331))
        #expect(ticker.action(at: at(1331)) == .wait(until: at(1380)))
        #expect(ticker.missed == 4 && ticker.skipped == 0)
    }

    @Test func `a start between two ticks makes nothing up`() {
        var ticker = ticker(lastRun: 1021)
        #expect(ticker.action(at: at(1079)) == .wait(until: at(1080)))
    }

    @Test func `ticks during a run are skipped and counted, not made up after it`() {
        var ticker = ticker(lastRun: 1021)
        #expect(ticker.action(at: at(1080)) == .run(missed: 0))
        ticker.ran(until: at(1265))
        #expect(ticker.skipped == 3)
        #expect(ticker.action(at: at(1265)) == .wait(until: at(1320)))
    }

    @Test func `a tick that finds another process running is counted`() {
        var ticker = ticker(lastRun: 1021)
        #expect(ticker.action(at: at(1080)) == .run(missed: 0))
        ticker.ran(until: at(1080))
        ticker.foundAnotherRun()
        #expect(ticker.skipped == 1)
        #expect(ticker.action(at: at(1081)) == .wait(until: at(1140)))
    }

    @Test func `a clock that is set back doesn't stop the flow until it has caught up`() {
        var ticker = ticker(lastRun: 9000)
        #expect(ticker.action(at: at(1021)) == .wait(until: at(1080)))
        #expect(ticker.action(at: at(1080)) == .run(missed: 0))
        ticker.ran(until: at(1021))
        #expect(ticker.action(at: at(1079)) == .wait(until: at(1080)))
        #expect(ticker.action(at: at(1080)) == .run(missed: 0))
    }
}
