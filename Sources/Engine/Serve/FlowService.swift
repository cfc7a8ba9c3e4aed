import Ledger
package import OrderFlow
import Orders
import Transport

/// Runs one flow for as long as the process is up: on its schedule as `sync` would, and between two ticks whatever falls due.
///
/// A flow that fails is told of and tried again at its next tick; the others know nothing of it.
package struct FlowService: Sendable {
    /// What happens, as it happens. Told from many tasks.
    package enum Event: Sendable {
        /// - Parameter missed: ticks made up by this run besides its own.
        case ran(FlowRun.Report, missed: Int)
        case tended(FlowRun.Report)
        /// - Parameter ticks: that passed during the run, or because another process was running the flow.
        case skipped(flow: String, ticks: Int, byOther: Bool)
    }

    private let name: String
    private let schedule: FlowSchedule
    private let surroundings: Surroundings
    private let board: ServiceBoard
    private let tell: @Sendable (Event) -> Void
    private let makeRunID: @Sendable () -> String
    private let assemble: @Sendable () async throws(FlowStop) -> Flow

    /// - Parameters:
    ///   - board: has the flow's last run, if there was one.
    ///   - makeRunID: names a run; never the same twice.
    ///   - assemble: puts the flow together; is called again at the next tick after it has thrown.
    package init(
        name: String, schedule: FlowSchedule, surroundings: Surroundings, board: ServiceBoard,
        makeRunID: @escaping @Sendable () -> String,
        tell: @escaping @Sendable (Event) -> Void, assemble: @escaping @Sendable () async throws(FlowStop) -> Flow
    ) {
        self.name = name
        self.schedule = schedule
        self.surroundings = surroundings
        self.board = board
        self.makeRunID = makeRunID
        self.tell = tell
        self.assemble = assemble
    }

    /// Returns when a stop is asked for, or the task is cancelled, and the orders in flight have been brought to a standstill.
    package func run() async {
        let lastRun = board.flow(name).lastRun
        // One whose process died is done again, and so is one that never was.
        let isWhole = lastRun?.endedAt != nil
        var attendance = Attendance(
            service: self, ticker: Ticker(schedule, lastRunBegan: isWhole ? lastRun?.beganAt : nil))
        while !surroundings.stop.isRequested, !Task.isCancelled { await attendance.step() }
    }

    private func rest(until end: Timestamp) async {
        // No longer than that, for what another process does to the flow's orders rings no bell here.
        var left = min(end - surroundings.now, .seconds(1))
        while left > .zero, !surroundings.stop.isRequested, !board.hasRung(name) {
            let slice = min(left, .milliseconds(200))
            do { try await surroundings.timekeeper.sleep(milliseconds: slice.inMilliseconds) } catch { return }
            left -= slice
        }
    }

    /// The loop's state.
    private struct Attendance {
        let service: FlowService
        var ticker: Ticker
        var flow: Flow?
        var pace = TendingPace()
        /// What an earlier process was asked to leave is looked at once, however new it is.
        var hasTended = false

        mutating func step() async {
            switch ticker.action(at: now) {
            case .run(let missed): await tick(missed)
            case .wait(let until):
                service.board.update(service.name) { $0.nextTick = until }
                await tend()
                await service.rest(until: until)
            }
        }

        private var now: Timestamp { service.surroundings.now }

        private mutating func tick(_ missed: Int) async {
            let began = now
            service.board.update(service.name) { $0.isRunning = true }
            let report = await runOnce()
            let ended = now
            let skippedBefore = ticker.skipped
            if report.stop == .busy { ticker.foundAnotherRun() }
            ticker.ran(until: ended)
            pace.looked(report.ending, at: ended)
            hasTended = true
            service.board.update(service.name) { state in
                state.isRunning = false
                if report.stop != .busy {
                    state.lastRun = ServiceBoard.LastRun(
                        beganAt: began, endedAt: ended, outcome: ServiceBoard.Outcome(report.stop))
                }
                (state.skippedTicks, state.missedTicks) = (ticker.skipped, ticker.missed)
                state.nextTick = ticker.next(after: ended)
            }
            if report.stop != .busy { service.tell(.ran(report, missed: missed)) }
            if ticker.skipped > skippedBefore {
                service.tell(
                    .skipped(flow: service.name, ticks: ticker.skipped - skippedBefore, byOther: report.stop == .busy))
            }
            service.endIfLedgerFailed(report)
        }

        private mutating func runOnce() async -> FlowRun.Report {
            do throws(FlowStop) {
                return await flowRun(try await assembled()).run(id: service.makeRunID())
            } catch { return FlowRun.Report(flow: service.name, stop: error) }
        }

        /// What is due later than the next tick is that one's, or is tended after it.
        private func flowRun(_ flow: Flow) -> FlowRun {
            var run = FlowRun(flow, surroundings: service.surroundings)
            run.lingersUntil = ticker.next(after: now) - .milliseconds(1)
            return run
        }

        private mutating func assembled() async throws(FlowStop) -> Flow {
            if let flow { return flow }
            let flow = try await service.assemble()
            self.flow = flow
            return flow
        }

        /// Between two ticks: orders that wait for the ERP or for a retry, and what the bell was rung for.
        private mutating func tend() async {
            let wasRung = service.board.answer(service.name)
            guard !service.surroundings.stop.isRequested, wasRung || pace.allows(at: now) else { return }
            let report: FlowRun.Report
            do throws(FlowStop) {
                if flow == nil, hasTended, !wasRung { return }
                let run = flowRun(try await assembled())
                if hasTended, !wasRung {
                    guard let due = try await run.nextDue(), due <= now else { return }
                }
                report = await run.tend()
            } catch { report = FlowRun.Report(flow: service.name, stop: error) }
            hasTended = true
            pace.looked(report.ending, at: now)
            service.tell(.tended(report))
            service.endIfLedgerFailed(report)
        }
    }

    private func endIfLedgerFailed(_ report: FlowRun.Report) {
        guard case .ledger(let fault)? = report.stop else { return }
        board.note(fatal: fault.description)
        surroundings.stop.request()
    }
}

extension FlowRun.Report {
    fileprivate var ending: TendingPace.Ending {
        switch stop {
        case .outage: .outage
        case .unauthorized, .misconfigured: .refused
        case .busy, .ledger: .nothing
        case nil: deferred > 0 ? .outage : counts.lookedAt + messages > 0 ? .progress : .nothing
        }
    }
}
