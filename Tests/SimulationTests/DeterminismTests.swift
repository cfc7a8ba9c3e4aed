import Simulation
import Testing

@Suite struct DeterminismTests {
    @Test func `an effect's and a moment's number is its place in the list`() {
        #expect(Effect.allCases.map(\.ordinal) == Array(Effect.allCases.indices))
        #expect(Set(Point.all.map(\.number)).count == Point.all.count && Point.all.allSatisfy { $0.number < Point.numberMax })
    }

    @Test func `the same seed gives the same digest and the same trace`() {
        for seed in 1...60 as ClosedRange<UInt64> {
            let first = Outcome(ScheduleDraw.random(seed: seed), keepsTrace: true)
            let second = Outcome(ScheduleDraw.random(seed: seed), keepsTrace: true)
            #expect(first.digest == second.digest)
            #expect(first.trace == second.trace)
        }
    }

    @Test func `schedules dealt out to two processes sum up to the same digest as in one`() {
        var whole = Campaign(), even = Campaign(), odd = Campaign()
        whole.run(1...100)
        even.run(stride(from: 2, through: 100, by: 2))
        odd.run(stride(from: 1, through: 100, by: 2))
        even.add(odd)
        #expect(whole.digest == even.digest)
        #expect(whole.tally.schedules == even.tally.schedules)
    }
}
