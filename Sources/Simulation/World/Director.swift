import Engine
import Ledger
import OrderFlow
import Orders
import Transport

/// Lets a schedule happen: starts processes, people and faults at their times, then lets quiet return.
extension World {
    private static let quietRunsMax = 14
    /// A message that names nobody's order is looked up again for an hour.
    private static let quietRunsWithMessagesMax = 40
    /// In milliseconds.
    private static let messageWaitMax: Int64 = 2 * 3_600_000

    /// Runs the schedule to its end.
    ///
    /// - Parameter stepsMax: jobs that it may take before it counts as going round in circles.
    package func play(stepsMax: Int = 400_000) {
        let director = Worker(number: 0, startedAt: 0, isRemote: true)
        placeOrders()
        for start in schedule.starts { executor.after(start.at) { [self] in begin(isRemote: start.isRemote) } }
        for disturbance in schedule.disturbances { arrange(disturbance) }
        let ending = Ending()
        let task = Task(executorPreference: executor) { [self] in
            await settle(director)
            ending.isReached = true
        }
        if !executor.run(stepsMax: stepsMax, until: { ending.isReached }) {
            referee.violate("liveness", "the schedule came to no end: no progress")
        }
        // Whatever is still waiting ends now, without effect.
        isQuiet = true
        for worker in workers where worker.isAlive { worker.die() }
        director.die()
        _ = executor.run(stepsMax: .max, until: { false })
        _ = task
        noteSteps()
    }

    private final class Ending: @unchecked Sendable {
        var isReached = false
    }

    private func arrange(_ disturbance: Disturbance) {
        func at(_ milliseconds: Int64, _ action: @escaping () -> Void) {
            executor.after(milliseconds) { [self] in
                guard !isQuiet else { return }
                count(disturbance)
                action()
            }
        }
        switch disturbance {
        case .wire, .crash, .freeze, .message: break
        case .outage(let remote, let start, let length, let kind): at(start) { [self] in beginOutage(remote, length, kind) }
        case .kill(let instant): at(instant) { [self] in losePower() }
        case .clock(let instant, let milliseconds): at(instant) { [self] in setClock(by: milliseconds) }
        case .shopPerson(let instant, let order, let act): at(instant) { [self] in actInShop(act, order) }
        case .desk(let instant, let order, let act): at(instant) { [self] in actAtDesk(act, order) }
        case .resend(let instant, let order, let releases):
            at(instant) { [self] in askReceiver(order, releases: releases) }
        }
    }

    // MARK: Processes

    private func begin(isRemote: Bool) {
        guard !isQuiet else { return }
        let worker = hire(isRemote: isRemote)
        processesRunning += 1
        Task(executorPreference: executor) { [self] in
            await run(worker)
            processesRunning -= 1
        }
    }

    func restart(after milliseconds: Int64) {
        restartsPending += 1
        executor.after(milliseconds) { [self] in
            restartsPending -= 1
            begin(isRemote: false)
        }
    }

    func hire(isRemote: Bool) -> Worker {
        let worker = Worker(number: workers.count + 1, startedAt: executor.now, isRemote: isRemote)
        workers.append(worker)
        return worker
    }

    private func run(_ worker: Worker) async {
        countRun()
        runsAtOnce += 1
        defer { runsAtOnce -= 1 }
        if runsAtOnce == 2 { count(.twoRuns) } else if runsAtOnce == 3 { count(.threeRuns) }
        say("worker \(worker.number) starts")
        let office = Office(self, worker)
        if let naive = plant?.client {
            await naive(office)
        } else {
            let report = await FlowRun(office.flow, surroundings: office.surroundings).run(id: "run-\(worker.number)")
            say("worker \(worker.number) ends: \(report.stop?.description ?? "done")")
        }
        await office.close()
        worker.hasEnded = true
    }

    // MARK: The end

    /// Waits until everything that was to happen has, then lets quiet runs finish what there is to finish.
    private func settle(_ director: Worker) async {
        let last = (schedule.starts.map(\.at) + schedule.disturbances.map(\.at) + schedule.orders.map(\.confirmedAt)).max() ?? 0
        _ = await wait(director, last + 1)
        await idle(director)
        countClockChange()
        isQuiet = true
        // The leases of those who died unseen end, and so does every circuit's patience, and what remotes asked for.
        let diedUnseen = workers.contains { !$0.isAlive && $0.isRemote }
        let patience = max(10_000, leftAloneMilliseconds, longestOutageMilliseconds)
        _ = await wait(director, diedUnseen || clockOffset != 0 ? 400_000 + max(0, -clockOffset) : patience)
        for run in 1...(schedule.messages == nil ? Self.quietRunsMax : Self.quietRunsWithMessagesMax) {
            let before = await restlessUntil()
            if run > 2, before == nil { break }
            let wait = before.map { $0.milliseconds - wallNow } ?? 60_000
            // A machine that looks at its clock for the first time can't tell for how long it has gone right.
            let lease = run == 2 && diedUnseen ? Office.lease.inMilliseconds : 0
            _ = await self.wait(director, max(1000, wait, lease))
            await self.run(hire(isRemote: false))
            if schedule.messages != nil { await idle(director) }
        }
        await idle(director)
        await checkTheEnd()
    }

    /// A circuit that opened during an outage stays open for no longer than that outage lasted.
    private var longestOutageMilliseconds: Int64 {
        schedule.disturbances.map { if case .outage(_, _, let length, _) = $0 { length } else { 0 } }.max() ?? 0
    }

    /// How long a remote asks at most to be left alone, where that is longer than a call waits for it: then no process asks it.
    private var leftAloneMilliseconds: Int64 {
        let waited = CallMachine.Settings().retryAfterMax / .seconds(1)
        let asked = schedule.disturbances.compactMap { disturbance in
            if case .wire(_, _, .throttled(let seconds)) = disturbance, Double(seconds) > waited { seconds } else { nil }
        }
        return Int64(asked.max() ?? 0) * 1000
    }

    private func idle(_ director: Worker) async {
        while processesRunning + restartsPending + messagesUnderWay > 0 { guard await wait(director, 500) else { return } }
    }

    /// When the next order goes on by itself; `nil` where none does.
    private func restlessUntil() async -> Timestamp? {
        let rows = (try? await disk.rows(OrderFilter(standings: [.new, .waiting, .held]), after: 0, limit: 100)) ?? []
        // One that is put off for longer than any message has to wait is lost.
        let message = ((try? await disk.nextMessage(flow: "main")) ?? nil).flatMap { due in
            due.milliseconds <= wallNow + Self.messageWaitMax ? due : nil
        }
        let restless = rows.filter { $0.state.standing != .held || $0.state.reason == .awaitingShipment }
        return (restless.map { $0.state.dueAt ?? Timestamp(milliseconds: wallNow) } + [message].compactMap(\.self)).min()
    }
}

extension Disturbance {
    /// When it happens, where it has a time.
    fileprivate var at: Int64 {
        switch self {
        case .wire, .crash, .freeze, .message: 0
        case .outage(_, let at, let length, _): at + length
        case .clock(let at, _), .kill(let at), .shopPerson(let at, _, _), .desk(let at, _, _), .resend(let at, _, _): at
        }
    }
}
