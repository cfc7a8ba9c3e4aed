package import Ledger
import OrderFlow
import Orders
import Simulators
import Transport

/// A shop, an ERP, a disk, a clock and the processes between them: everything that one schedule happens in.
///
/// All of it runs on the schedule's own executor, on one thread.
package final class World: @unchecked Sendable {
    let schedule: Schedule
    let executor: SimulationExecutor
    let shop: CloudSuiteSimulator
    let erp: ERPSimulator
    let direct: DirectERP
    /// What is on the disk.
    let disk: any Ledger
    let plant: PlantedBug?
    let referee: Referee
    var draw: SeededDraw
    package private(set) var trace: Trace
    package private(set) var tally = Tally()
    /// Faults and people have gone.
    package internal(set) var isQuiet = false
    /// How far the machine's clock is from the truth, in milliseconds.
    var clockOffset: Int64 = 0
    var clockSetAt: Int64 = .min
    var workers: [Worker] = []
    var processesRunning = 0
    var runsAtOnce = 0
    var restartsPending = 0
    var endpointStates: [String: EndpointState] = [:]
    /// By flow, the number of the worker that holds the pull lock.
    var pullHolders: [String: Int] = [:]
    /// Messages that the ERP has yet to send, or to send again.
    var messagesUnderWay = 0
    /// So many readings of messages fail.
    var messagesUnreadable = 0
    private var outages: [(remote: Remote, until: Int64, kind: Disturbance.OutageKind)] = []
    private var pending: [Disturbance]
    private var callCounts = [Int](repeating: 0, count: Effect.allCases.count)
    /// Points reached so far before the quiet, over all processes.
    package private(set) var pointsPassed: [Point] = []

    package init(_ schedule: Schedule, disk: (any Ledger)? = nil, plant: PlantedBug? = nil, keepsTrace: Bool = false) {
        self.schedule = schedule
        self.plant = plant
        let executor = SimulationExecutor(seed: schedule.seed)
        self.executor = executor
        draw = SeededDraw(seed: schedule.seed, stream: 2)
        trace = Trace(isKept: keepsTrace)
        let origin = schedule.startsAt.milliseconds
        let clock = SimulatorClock { (origin + executor.now) * 1000 }
        shop = Self.makeShop(schedule, clock)
        erp = Self.makeERP(schedule, clock)
        direct = DirectERP(schedule)
        self.disk = disk ?? InMemoryLedger(identity: Self.identity(schedule))
        referee = Referee(schedule)
        pending = schedule.disturbances
        referee.world = self
        direct.onMade = { [unowned self] made in tell(of: made) }
    }

    package static func identity(_ schedule: Schedule) -> LedgerIdentity {
        // Older than every order: with class N, an order that is older than the ledger needs a person.
        LedgerIdentity(id: "simulated", createdAt: schedule.startsAt - .seconds(30 * 86_400))
    }

    // MARK: Time

    /// What the machine's clock shows, in milliseconds since 1970.
    var wallNow: Int64 { schedule.startsAt.milliseconds + executor.now + clockOffset }

    /// - Returns: whether the worker lives to see the end of the wait.
    func wait(_ worker: Worker, _ milliseconds: Int64) async -> Bool {
        guard worker.isAlive else { return false }
        var until = executor.now + max(0, milliseconds)
        repeat {
            let length = until - executor.now
            await withUnsafeContinuation { continuation in
                let number = worker.wait(continuation)
                executor.after(length) { worker.endWait(number) }
            }
            // A process that the system has stopped comes back late.
            until = worker.frozenUntil
        } while worker.isAlive && until > executor.now
        return worker.isAlive
    }

    func setClock(by milliseconds: Int64) {
        clockOffset += milliseconds
        clockSetAt = executor.now
    }

    // MARK: Points

    enum Reached { case on, dead, crashed(Disturbance.Crash) }

    /// Says that a process came to a place where it could die.
    func reach(_ effect: Effect, _ moment: Point.Moment, _ worker: Worker) -> Reached {
        guard worker.isAlive else { return .dead }
        let point = Point(effect: effect, moment: moment)
        let index = pointsPassed.count
        tally.points[point.number] += 1
        trace.note(Int64(point.number), Int64(worker.number), executor.now)
        trace.say("\(executor.now) ms  worker \(worker.number)  \(point)")
        guard !isQuiet else { return .on }
        pointsPassed.append(point)
        for (place, disturbance) in pending.enumerated() {
            switch disturbance {
            case .crash(index, let crash):
                pending.remove(at: place)
                count(disturbance)
                if crash == .powerLoss, !worker.isRemote { losePower() } else { kill(worker) }
                return .crashed(crash)
            case .freeze(index, let milliseconds):
                // Frozen with a create in its hands, a process wakes up past its lease and sends it: DESIGN promises that for class
                // K only.
                if effect == .create || effect == .buy, moment == .before, schedule.letter != .key { continue }
                pending.remove(at: place)
                count(disturbance)
                worker.frozenUntil = executor.now + milliseconds
                return .on
            default: continue
            }
        }
        return .on
    }

    func kill(_ worker: Worker) {
        trace.say("\(executor.now) ms  worker \(worker.number) dies")
        referee.workerDied(worker)
        for holder in pullHolders where holder.value == worker.number { pullHolders[holder.key] = nil }
        for flight in worker.flights where !flight.isDelivered && !flight.isCut {
            // What is on its way when its sender dies gets lost, or arrives within the time that the ERP declares.
            let isLost = !draw.oneIn(2)
            flight.isCut = isLost || flight.isAwaited
            if !isLost, flight.isAwaited { arriveLate(flight.effect, flight.deliver) }
        }
        worker.die()
        if let wait = schedule.restartsAfter { restart(after: wait) }
    }

    /// Everything on the machine dies at once.
    package func losePower() {
        for worker in workers where worker.isAlive && !worker.isRemote { kill(worker) }
    }

    /// A request whose sender died gets through all the same. What a dead process wrote to the shop is there before the next one
    /// looks: the shop declares no T, and a PUT that comes later still would undo what was written since.
    func arriveLate(_ effect: Effect, _ deliver: @escaping () -> Void) {
        executor.after(draw.between(0, effect.remote == .erp ? lateMax(of: effect) : 4), deliver)
    }

    /// How late a request whose answer was lost may take effect.
    func lateMax(of effect: Effect) -> Int64 { effect.remote == .erp ? schedule.latestEffect / 2 : Self.shopLateMax }

    /// Less than the first wait after an unanswered write.
    static let shopLateMax: Int64 = 3000

    // MARK: Disturbances

    func count(_ disturbance: Disturbance) {
        tally.disturbances[disturbance.kind, default: 0] += 1
        if case .wire(let effect, _, let fault) = disturbance {
            tally.struck[effect.rawValue, default: [:]][fault.name, default: 0] += 1
        }
        trace.say("\(executor.now) ms  \(disturbance)")
    }

    /// What strikes the next call of that kind.
    func fault(of effect: Effect) -> WireFault? {
        let nth = callCounts[effect.ordinal]
        callCounts[effect.ordinal] += 1
        guard !isQuiet else { return nil }
        for (place, disturbance) in pending.enumerated() {
            guard case .wire(effect, nth, let fault) = disturbance else { continue }
            pending.remove(at: place)
            count(disturbance)
            return fault
        }
        return nil
    }

    /// What will strike the next call of that kind, without striking.
    func upcomingFault(of effect: Effect) -> WireFault? {
        guard !isQuiet else { return nil }
        let nth = callCounts[effect.ordinal]
        for case .wire(effect, nth, let fault) in pending { return fault }
        return nil
    }

    /// Takes those of the disturbances that `isMeant` says of, and counts them.
    func takePending(_ isMeant: (Disturbance) -> Bool) {
        guard !isQuiet else { return }
        let meant = pending.filter(isMeant)
        pending.removeAll { meant.contains($0) }
        for disturbance in meant { count(disturbance) }
    }

    func beginOutage(_ remote: Remote, _ milliseconds: Int64, _ kind: Disturbance.OutageKind) {
        outages.append((remote, executor.now + milliseconds, kind))
    }

    func outage(of remote: Remote?) -> Disturbance.OutageKind? {
        isQuiet ? nil : outages.first { $0.remote == remote && $0.until > executor.now }?.kind
    }

    func latency() -> Int64 { draw.between(1, 20) }

    func note(_ numbers: Int64...) { for number in numbers { trace.note(number) } }
    func note(_ bytes: [UInt8]) { trace.note(bytes) }
    func say(_ line: @autoclosure () -> String) { trace.say("\(executor.now) ms  \(line())") }
    func countDecision(_ name: String) { tally.decisions[name, default: 0] += 1 }
    func count(_ event: Event) { tally.events[event.rawValue, default: 0] += 1 }
    func countWindowOverwrite() { tally.windowOverwrites += 1 }
    func countRun() { tally.runs += 1 }
    func noteSteps() { tally.steps = executor.steps }
}
