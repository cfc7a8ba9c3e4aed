import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import Synchronization
import TestSupport
import Testing
import Transport

@Suite struct FlowServiceTests {
    /// Jumps to the end of every sleep, so that a minute of ticks takes next to no time.
    private final class JumpingClock: Timekeeper {
        private let now: Mutex<Int64>

        init(_ start: Int64) { now = Mutex(start) }

        var millisecondsSince1970: Int64 { now.withLock { $0 } }

        func sleep(milliseconds: Int64) async throws {
            // A moment all the same: a loop that never rests would take the threads from the tests beside it.
            try await SystemTimekeeper().sleep(milliseconds: 1)
            now.withLock { $0 += max(0, milliseconds) }
        }
    }

    private final class Events: Sendable {
        private let all = Mutex<[FlowService.Event]>([])

        func note(_ event: FlowService.Event) { all.withLock { $0.append(event) } }
        var runs: [FlowRun.Report] { all.withLock { $0.compactMap { if case .ran(let report, _) = $0 { report } else { nil } } } }
        var tended: [FlowRun.Report] {
            all.withLock { $0.compactMap { if case .tended(let report) = $0 { report } else { nil } } }
        }
    }

    /// Serves until the condition holds. - Returns: what happened.
    private func serve(
        _ bench: Workbench, _ schedule: FlowSchedule, board: ServiceBoard = ServiceBoard(),
        fails: @escaping @Sendable () -> FlowStop? = { nil }, until condition: @escaping @Sendable (Events) -> Bool
    ) async throws -> Events {
        let events = Events()
        let number = Mutex(0)
        let surroundings = bench.surroundings
        let service = FlowService(
            name: "main", schedule: schedule, surroundings: surroundings, board: board,
            makeRunID: {
                number.withLock { number in
                    number += 1
                    return "run \(number)"
                }
            }, tell: { events.note($0) },
            assemble: { () async throws(FlowStop) in
                if let stop = fails() { throw stop }
                return bench.flow
            })
        // Also where the wait below fails: a clock that jumps lets the service spin.
        defer { surroundings.stop.request() }
        async let ended: Void = service.run()
        try await Waiting.until { condition(events) }
        surroundings.stop.request()
        await ended
        return events
    }

    // Monday, 19 January 2026, 12:00Z.
    private static let noon: Int64 = 1_768_824_000_000

    @Test func `a retry that is due between two ticks doesn't wait for the next`() async throws {
        let clock = JumpingClock(Self.noon)
        let bench = try await Workbench(timekeeper: clock) { _ in
        } configureShop: { _ in
        } policy: {
            $0.retry = OrderBackoff(initial: .seconds(60), max: .seconds(60))
        }
        bench.erp.addFault(
            FaultRule(method: "POST", pathPrefix: "/orders", times: 1, action: .status(503, retryAfterSeconds: nil)))
        let id = bench.orderID
        let events = try await serve(bench, .every(.seconds(86_400))) { _ in bench.reason(id) == .finished }
        #expect(events.runs.count == 1 && events.runs[0].counts.finished == 0)
        #expect(events.tended.contains { $0.counts.finished == 1 })
        #expect(bench.ledger.runs(limit: 10).count == 1, "a look between two ticks is no run")
        #expect(bench.erp.orders.count == 1)
        await bench.stop()
    }

    @Test func `a retry that is due after the next tick doesn't keep that waiting`() async throws {
        let bench = try await Workbench(timekeeper: JumpingClock(Self.noon)) { _ in
        } configureShop: { _ in
        } policy: {
            $0.retry = OrderBackoff(initial: .seconds(12), max: .seconds(12))
        }
        bench.erp.addFault(
            FaultRule(method: "POST", pathPrefix: "/orders", times: 1, action: .status(503, retryAfterSeconds: nil)))
        let id = bench.orderID
        let board = ServiceBoard()
        let events = try await serve(bench, .every(.seconds(5)), board: board) { _ in bench.reason(id) == .finished }
        #expect(board.flow("main").skippedTicks == 0)
        #expect(events.runs.count >= 3, "12 s have two ticks in them, and one came before")
        await bench.stop()
    }

    @Test func `a flow that can't be put together is tried again at its next tick`() async throws {
        let clock = JumpingClock(Self.noon)
        let bench = try await Workbench(timekeeper: clock)
        let tries = Mutex<[Int64]>([])
        let board = ServiceBoard()
        let events = try await serve(bench, .every(.seconds(20)), board: board) {
            let count = tries.withLock { tries in
                tries.append(clock.millisecondsSince1970)
                return tries.count
            }
            return count < 3 ? .misconfigured("no such program") : nil
        } until: { events in
            events.runs.contains { $0.stop == nil }
        }
        #expect(events.runs.prefix(3).map { $0.stop == nil } == [false, false, true])
        let times = tries.withLock { $0 }
        #expect(times.count == 3 && times[2] - times[1] >= 19_000 && times[2] - times[1] <= 21_000, "\(times)")
        #expect(board.flow("main").lastRun?.outcome == .done)
        await bench.stop()
    }

    @Test func `another process's run is a skipped tick, not a run`() async throws {
        let bench = try await Workbench(timekeeper: JumpingClock(Self.noon))
        let board = ServiceBoard()
        let held = Mutex(bench.ledger.tryLockPull(flow: "main"))
        let events = try await serve(bench, .every(.seconds(5)), board: board) { events in
            if board.flow("main").skippedTicks >= 3 { held.withLock { $0 = nil } }
            return !events.runs.isEmpty
        }
        #expect(board.flow("main").skippedTicks >= 3)
        #expect(events.runs.allSatisfy { $0.stop != .busy })
        await bench.stop()
    }

    @Test func `a run that was interrupted is done again at once`() async throws {
        let bench = try await Workbench(timekeeper: JumpingClock(Self.noon))
        let board = ServiceBoard()
        board.update("main") {
            $0.lastRun = ServiceBoard.LastRun(
                beganAt: Timestamp(milliseconds: Self.noon - 60_000), endedAt: nil, outcome: .interrupted)
        }
        let events = try await serve(bench, .every(.seconds(86_400)), board: board) { !$0.runs.isEmpty }
        #expect(events.runs.first?.counts.finished == 1)
        await bench.stop()
    }
}
