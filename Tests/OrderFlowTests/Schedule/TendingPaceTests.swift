import OrderFlow
import Orders
import Testing

@Suite struct TendingPaceTests {
    private func at(_ second: Int64) -> Timestamp { Timestamp(milliseconds: second * 1000) }

    /// How long nobody looks again after so many of those in a row.
    private func pause(after ending: TendingPace.Ending, times: Int) -> Int64? {
        var pace = TendingPace()
        for _ in 0..<times { pace.looked(ending, at: at(1000)) }
        return (0...1000).first { pace.allows(at: at(1000 + $0)) }
    }

    @Test func `what goes on is looked at every second, what doesn't ever more seldom`() {
        #expect(TendingPace().allows(at: at(0)))
        #expect(pause(after: .progress, times: 5) == 1)
        #expect(pause(after: .nothing, times: 1) == 2 && pause(after: .nothing, times: 4) == 16)
        #expect(pause(after: .nothing, times: 50) == 300)
        #expect(pause(after: .outage, times: 1) == 10 && pause(after: .outage, times: 50) == 300)
    }

    @Test func `what somebody has to mend waits for a run`() {
        #expect(pause(after: .refused, times: 1) == nil)
        var pace = TendingPace()
        pace.looked(.refused, at: at(0))
        pace.looked(.progress, at: at(1))
        #expect(pace.allows(at: at(2)))
    }

    @Test func `a clock that is set back doesn't keep anybody from looking`() {
        var pace = TendingPace()
        pace.looked(.outage, at: at(5000))
        #expect(pace.allows(at: at(1000)))
    }
}
