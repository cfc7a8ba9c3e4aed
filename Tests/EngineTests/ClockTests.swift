import Engine
import OrderFlow
import Simulators
import Synchronization
import Testing
import Transport

/// What a clock that is set does to a run.
@Suite struct ClockTests {
    /// Loses an hour after so many looks at it, and goes on by its waits alone.
    private final class SetBackClock: Timekeeper {
        private let looks = Mutex(0)
        private let start = SystemTimekeeper().millisecondsSince1970
        private let slept = Mutex<Int64>(0)
        let looksBefore: Int

        init(looksBefore: Int) { self.looksBefore = looksBefore }

        var millisecondsSince1970: Int64 {
            let count = looks.withLock { looks in
                looks += 1
                return looks
            }
            return start + slept.withLock { $0 } - (count > looksBefore ? 3_600_000 : 0)
        }

        var sleptMilliseconds: Int64 { slept.withLock { $0 } }

        func sleep(milliseconds: Int64) async throws { slept.withLock { $0 += milliseconds } }
    }

    @Test(arguments: [5, 10, 15, 20, 30, 50])
    func `a run ends soon though the clock is set back by an hour, and reads held orders once`(looksBefore: Int) async throws {
        let clock = SetBackClock(looksBefore: looksBefore)
        let bench = try await Workbench(
            orders: 1, timekeeper: clock, configureShop: { $0.generated.unpaidPerThousand = 1000 })
        await bench.run()
        let reads = bench.shop.requestCounts["GET order", default: 0]
        #expect(reads < 12, "\(reads) reads")
        #expect(clock.sleptMilliseconds <= 30_000)
        await bench.stop()
    }
}
