import Engine
import Ledger
import OrderFlow
import Orders
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

    /// Nobody sets it, but a thread that looks at it is held up for a second behind every third look.
    private final class BusyClock: Timekeeper {
        private let state = Mutex((start: SystemTimekeeper().millisecondsSince1970, passed: Int64(0), looks: 0))

        var millisecondsSince1970: Int64 { state.withLock { $0.start + $0.passed } }
        var uptime: Uptime {
            state.withLock { state in
                defer {
                    state.looks += 1
                    if state.looks % 3 == 0 { state.passed += 1000 }
                }
                return Uptime(bootID: "this boot", milliseconds: state.passed)
            }
        }
        func sleep(milliseconds: Int64) async throws { state.withLock { $0.passed += milliseconds } }
    }

    @Test func `a thread that is held up between its looks at two clocks takes none for set`() async throws {
        let clock = BusyClock()
        let bench = try await Workbench(orders: 1, timekeeper: clock)
        let known = ClockRecord(
            bootID: "this boot", offsetMilliseconds: clock.millisecondsSince1970, setAt: Timestamp(milliseconds: 0))
        let ledger: any Ledger = bench.ledger
        try await ledger.remember(known)
        await bench.run()
        #expect(bench.shop.orderIDs(state: "processing") == [bench.orderID])
        #expect(try await ledger.clock(bootID: "this boot") == known)
        await bench.stop()
    }
}
