import CloudSuite
package import Ledger
import Logging
import OrderFlow
package import Orders
import SinkKit
import Transport

/// One pass over everything that is due in one flow: list, then work, each order under its claim.
package struct FlowRun: Sendable {
    let flow: Flow
    let surroundings: Surroundings

    /// ``RunRecord/outcome`` of a run that did all that was due.
    static let doneOutcome = "done"
    /// Orders in a row that met an outage before the run gives the remote up.
    private static let outagesMax = 3
    /// How long a run stays for orders that go on by themselves within seconds.
    private static let lingerMax: Duration = .seconds(20)
    /// How long a lingering run waits before it looks again at an order that another process is working on.
    private static let pauseForOthers: Duration = .milliseconds(500)
    /// It doesn't stay for them past that: somebody else looks after them from then on.
    package var lingersUntil: Timestamp?

    package init(_ flow: Flow, surroundings: Surroundings) {
        self.flow = flow
        self.surroundings = surroundings
    }

    /// What one run of one flow came to.
    package struct Report: Sendable {
        package var flow: String
        package var counts = RunCounts()
        /// Why it ended early; `nil`: it did everything that was due.
        package var stop: FlowStop?
        /// Orders left as they were because a remote was out of reach.
        package var deferred = 0
        /// Messages of the ERP's that were done with.
        package var messages = 0
        /// The references of orders that the shop listed without an id: nothing can be read or recorded of them, so only a person can help,
        /// in every run.
        package var withoutID: [String] = []

        package init(flow: String, stop: FlowStop? = nil) {
            self.flow = flow
            self.stop = stop
        }
    }

    /// - Parameter id: names the run over all of its flows.
    package func run(id: String) async -> Report {
        surroundings.observer.runBegan(flow: flow.name)
        var report = Report(flow: flow.name)
        do throws(FlowStop) {
            guard
                let lock = try await surroundings.ledger({ ledger throws(LedgerError) in
                    try await ledger.tryLockPull(flow: flow.name)
                })
            else { throw .busy }
            try await surroundings.ledger { ledger throws(LedgerError) in try await surroundings.clock.join(ledger) }
            try await locked(id, &report)
            withExtendedLifetime(lock) {}
        } catch {
            report.stop = error
        }
        return report
    }

    private func locked(_ id: String, _ report: inout Report) async throws(FlowStop) {
        try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.register(flow.registration) }
        var run = RunRecord(id: id, flow: flow.name, startedAt: surroundings.now, counts: report.counts)
        // Also shows, before any call is made, whether what happens can be recorded.
        try await surroundings.ledger { [run] ledger throws(LedgerError) in try await ledger.record(run) }
        do throws(FlowStop) {
            try await handleMessages(&report)
            try await list(&report)
            try await wake()
            try await work(&report)
        } catch { report.stop = error }
        run.endedAt = surroundings.now
        run.outcome =
            report.stop?.description ?? report.withoutIDWords
            ?? (surroundings.stop.isRequested ? "stopped by a signal" : Self.doneOutcome)
        run.counts = report.counts
        if case .ledger? = report.stop { return }
        try await surroundings.ledger { [run] ledger throws(LedgerError) in try await ledger.record(run) }
    }

    private func list(_ report: inout Report) async throws(FlowStop) {
        // First: a shop that ignores the filter would have them among the others too.
        let offline =
            flow.policy.offline == .markSent
            ? try await OfflineListing(flow: flow, surroundings: surroundings).run() : Listing.Result()
        let listing = try await Listing(flow: flow, surroundings: surroundings).run()
        report.counts.listed = offline.total + listing.total
        report.counts.new = offline.new + listing.new
        report.withoutID = offline.withoutID + listing.withoutID.filter { !offline.withoutID.contains($0) }
        surroundings.observer.listed(flow: flow.name, total: report.counts.listed, new: report.counts.new)
    }

    private static let wokenAtOnce = 500

    /// Orders that lacked something are looked at again where they would be made ready otherwise now.
    private func wake() async throws(FlowStop) {
        var woken = Self.wokenAtOnce
        while woken == Self.wokenAtOnce {
            woken = try await surroundings.ledger { ledger throws(LedgerError) in
                try await ledger.wake(
                    flow: flow.name, preparedWith: flow.preparation.digest, limit: Self.wokenAtOnce, at: surroundings.now)
            }
        }
    }

    private func handleMessages(_ report: inout Report) async throws(FlowStop) {
        let messages = try await MessageDesk(flow: flow, surroundings: surroundings).handle()
        report.messages += messages.settled
        report.counts.pushed += messages.accepted
    }

    // MARK: Between the runs

    /// Handles the messages that wait, then works on every order that is due: what a schedule does between its runs. Nothing is
    /// listed and no run recorded.
    ///
    /// Needs no lock and is safe beside a run and beside itself: each order is worked on under its claim.
    package func tend() async -> Report {
        var report = Report(flow: flow.name)
        do throws(FlowStop) {
            try await surroundings.ledger { ledger throws(LedgerError) in try await surroundings.clock.join(ledger) }
            try await handleMessages(&report)
            try await work(&report)
        } catch { report.stop = error }
        return report
    }

    /// When there is something to tend next; `nil`: not before the next run.
    package func nextDue() async throws(FlowStop) -> Timestamp? {
        let order = try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.nextWaiting(flow: flow.name) }
        guard flow.sink.capabilities.receivesMessages else { return order }
        let message = try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.nextMessage(flow: flow.name)
        }
        return [order, message].compactMap(\.self).min()
    }

    // MARK: Work

    /// Keeps `concurrency` orders in flight until none is due; memory holds those in flight and one claimed batch.
    private func work(_ report: inout Report) async throws(FlowStop) {
        let dueBy = surroundings.now
        let lingerMax = dueBy + Self.lingerMax
        let lingerUntil = lingersUntil.map { min($0, lingerMax) } ?? lingerMax
        var lingered: Duration = .zero
        var tally = Tally(beganAt: dueBy)
        while true {
            await workThrough(dueBy: dueBy, &report, &tally)
            guard tally.stop == nil, !surroundings.stop.isRequested, !surroundings.isDryRun else { break }
            try await handleMessages(&report)
            let next = try await nextDue()
            // Counted as well: a clock that is set back must not keep the run, and its lock, for as long as it was set back by.
            guard let next, next <= lingerUntil, lingered < Self.lingerMax else { break }
            // What is due and wasn't handed out is in somebody else's hands.
            let wait = next > surroundings.now ? next - surroundings.now : Self.pauseForOthers
            await sleep(for: min(wait, Self.lingerMax - lingered))
            lingered += wait
        }
        if let stop = tally.stop { throw stop }
    }

    /// Returns early when the run is asked to stop.
    private func sleep(for duration: Duration) async {
        var left = duration
        while left > .zero, !surroundings.stop.isRequested {
            let slice = min(left, .milliseconds(200))
            do { try await surroundings.timekeeper.sleep(milliseconds: slice.inMilliseconds) } catch { return }
            left -= slice
        }
    }

    private struct Tally {
        let beganAt: Timestamp
        var stop: FlowStop?
        var outagesInARow = 0

        /// Whether the run left the order waiting itself. Told from its row, since as many may wait as there are.
        func hadBefore(_ order: OrderRow) -> Bool { order.state.standing == .waiting && order.updatedAt > beganAt }
    }

    private struct EndedWork {
        let orderID: Int64
        /// Each order counts as looked at once.
        let isAgain: Bool
        let ending: Result<OrderWork.Ending, FlowStop>
    }

    private func workThrough(dueBy: Timestamp, _ report: inout Report, _ tally: inout Tally) async {
        (report, tally) = await withTaskGroup(of: EndedWork.self) { [report, tally] group in
            var (report, tally) = (report, tally)
            // In reverse, so that the next is the last.
            var queue: [ClaimedOrder] = []
            var inHand: [Int64] = []
            while true {
                while inHand.count < flow.concurrency, tally.stop == nil, !surroundings.stop.isRequested {
                    if queue.isEmpty {
                        do throws(FlowStop) { queue = try await claim(dueBy: dueBy, inHand).reversed() } catch {
                            tally.stop = error
                        }
                    }
                    guard let claimed = queue.popLast() else { break }
                    let (orderID, isAgain) = (claimed.row.key.orderID, tally.hadBefore(claimed.row))
                    inHand.append(orderID)
                    group.addTask {
                        var work = OrderWork(claimed, flow: flow, surroundings: surroundings)
                        let ending: Result<OrderWork.Ending, FlowStop>
                        do throws(FlowStop) { ending = .success(try await work.run()) } catch { ending = .failure(error) }
                        return EndedWork(orderID: orderID, isAgain: isAgain, ending: ending)
                    }
                }
                guard let ended = await group.next() else { break }
                inHand.removeAll { $0 == ended.orderID }
                count(ended, &report, &tally)
            }
            await giveBack(queue.map(\.claim), &tally)
            return (report, tally)
        }
    }

    /// What was claimed and not begun is free for the next run at once.
    private func giveBack(_ claims: [Claim], _ tally: inout Tally) async {
        guard !claims.isEmpty else { return }
        do throws(FlowStop) {
            try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.release(claims) }
        } catch { tally.stop = tally.stop ?? error }
    }

    /// - Parameter inHand: ids of orders that this run is at work on. Where the process was stopped for longer than its lease, it would
    ///   otherwise take what it is sending for what a dead one left behind.
    private func claim(dueBy: Timestamp, _ inHand: [Int64]) async throws(FlowStop) -> [ClaimedOrder] {
        let now = surroundings.now
        let request = ClaimRequest(
            flow: flow.name, limit: flow.concurrency * 2, holder: surroundings.holder, now: now, until: now + surroundings.lease,
            // By a clock that was set back, what has just been put off would be due at once, again and again.
            dueBy: min(dueBy, now), leasesEndBy: surroundings.leasesEndBy(now), inHand: inHand)
        return try await surroundings.ledger { ledger throws(LedgerError) in try await ledger.claimDue(request) }
    }

    private func count(_ ended: EndedWork, _ report: inout Report, _ tally: inout Tally) {
        switch ended.ending {
        case .success(.settled(let outcome)):
            tally.outagesInARow = 0
            report.counts.lookedAt += ended.isAgain ? 0 : 1
            report.deferred += outcome.metOutage ? 1 : 0
            report.counts.pushed += outcome.wasPushed ? 1 : 0
            report.counts.finished += outcome.verdict.standing == .finished ? 1 : 0
            report.counts.newlyQuarantined += outcome.isNewlyQuarantined ? 1 : 0
            report.counts.writes += outcome.writes
            surroundings.observer.settled(outcome)
            surroundings.logger.info(
                "Order settled",
                metadata: [
                    "flow": "\(flow.name)", "order": "\(outcome.key)", "standing": "\(outcome.verdict.standing.rawValue)",
                    "reason": "\(outcome.verdict.reason.rawValue)",
                ])
        case .success(.deferred(let why)):
            surroundings.logger.warning("A remote is out of reach", metadata: ["flow": "\(flow.name)", "why": "\(why)"])
            report.deferred += 1
            tally.outagesInARow += 1
            if tally.outagesInARow >= Self.outagesMax { tally.stop = tally.stop ?? .outage(why) }
        case .success(.lost): break
        case .failure(let stop): tally.stop = tally.stop ?? stop
        }
    }
}

extension FlowRun.Report {
    /// What is told of orders without an id; `nil`: there are none.
    package var withoutIDWords: String? {
        if withoutID.isEmpty { return nil }
        let names = withoutID.map { $0.isEmpty ? "one without a reference" : $0 }.joined(separator: ", ")
        return "the shop lists orders without an id, which can't be read: \(names); whoever runs the shop must look at them"
    }
}
