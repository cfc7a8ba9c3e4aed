import Ledger
import OrderFlow
import Orders
import SinkKit
import Transport

/// Watches everything that passes between processes, disk and remotes, and says which rule of DESIGN §4 was broken, and where.
///
/// It decides by what happened alone: nothing of the engine's or the planner's is asked.
package final class Referee: @unchecked Sendable {
    unowned var world: World!
    let schedule: Schedule
    private(set) var cases: [OrderCase]
    package private(set) var violations: [Violation] = []
    /// What each worker's listing has seen so far, and which orders were there all the time.
    var walks: [Int: Walk] = [:]
    var circuits: [String: (until: Int64, savedAt: Int64)] = [:]

    package struct Violation: Sendable, Equatable, CustomStringConvertible {
        package var rule: String
        package var text: String
        package var at: Int64

        package var description: String { "\(rule): \(text) (at \(at) ms)" }
    }

    struct Walk {
        var listed: [Int64] = []
        var present: [OrderCase] = []
    }

    init(_ schedule: Schedule) {
        self.schedule = schedule
        cases = schedule.orders.map { OrderCase($0) }
    }

    var now: Int64 { world.executor.now }

    func violate(_ rule: String, _ text: String) {
        guard violations.count < 20 else { return }
        violations.append(Violation(rule: rule, text: text, at: now))
        world.say("VIOLATION \(rule): \(text)")
    }

    func orderCase(_ id: Int64?) -> OrderCase? { id.flatMap { id in cases.first { Int64($0.plan.id) == id } } }

    // MARK: The ledger

    func recorded(_ listed: [ListedOrder]) { for order in listed { orderCase(order.orderID)?.isRecorded = true } }

    func claimed(_ claim: Claim, by worker: Worker) {
        guard let order = orderCase(claim.key.orderID) else { return }
        order.token = claim.token
        order.claimant = worker.number
        for document in order.documents { document.wasClaimed() }
    }

    func appended(_ change: LedgerChange, by worker: Worker) {
        guard let order = orderCase(change.claim.key.orderID) else { return }
        if change.claim.token != order.token || order.claimant != worker.number {
            violate(
                "1 fencing", "order \(order.plan.id): a change under token \(change.claim.token) got in, \(order.token) is valid")
        }
        for payload in change.payloads { order.payloads[payload.digest] = payload.bytes }
        if change.state?.sentence.isEmpty == true { violate("9 reason", "order \(order.plan.id) has no reason in words") }
        for entry in change.entries { entered(entry.event, order, worker) }
        world.note(change.claim.key.orderID, Int64(change.entries.count))
    }

    private func entered(_ event: JournalEvent, _ order: OrderCase, _ worker: Worker) {
        world.say("order \(order.plan.id): \(event.kind.rawValue) \(event.summary)")
        switch event {
        case .createIntended(let intent):
            order.openIntent = intent
            order.triesPossiblySent += 1
            order.wasTicketKept = false
            order.wasIntended = true
        case .sought(.found(let receipt)) where receipt.state == .draft: order.draftNumber = receipt.erpOrderNumber
        case .attemptBegun(let attempt): order.openAttempts[attempt.key, default: 0] += 1
        case .attemptEnded(_, .unknown): break
        case .attemptEnded(let attempt, .notApplied): order.endTry(of: attempt.key)
        case .attemptEnded(let attempt, .finished): order.openAttempts[attempt.key] = nil
        case .draftKept:
            if let number = order.draftNumber { order.receiptNumbers.append(number) }
            order.openIntent = nil
        case .createEnded(_, .accepted(let receipt)), .sought(.found(let receipt)):
            order.receiptNumbers.append(receipt.erpOrderNumber)
            order.openIntent = nil
        case .createEnded(let attempt, .rejected):
            order.openIntent = nil
            if attempt > 0 { order.posts.last?.wasRefused() }
        case .createEnded(_, .pending): order.wasTicketKept = true
        case .createEnded(_, .lacking): break
        case .createEnded(_, .notApplied):
            order.openIntent = nil
            order.triesPossiblySent -= 1
        case .failed(let failure): failed(failure, order, worker)
        case .person(let decision): decided(decision, order)
        case .message(let entry): entered(entry, order)
        case .documentRendered(let record): rendered(record, order)
        case .documentSending(let ordinal): order.document(ordinal)?.isSending()
        case .documentEnded(let ordinal, let end): order.document(ordinal)?.ended(end)
        case .cancelAsked: order.isCancelAsked = true
        case .cancelEnded: order.isCancelAsked = false
        case .codesStored, .codesRevealed, .listedOffline, .read, .verdict, .createEnded, .interrupted, .sought, .wrote,
            .restored, .shipped,
            .documentImpossible:
            break
        }
    }

    private func failed(_ failure: Failure, _ order: OrderCase, _ worker: Worker) {
        order.failures += 1
        // A document's receiver that is out of reach is written down, and costs the order no attempt.
        let isCounted = failure.failureClass == .outage && !failure.activity.hasPrefix("sending of")
        // One that isn't sent, since the remote asked to be left alone, is written down and costs no attempt either.
        let wasSent = failure.failureClass != .throttled
        if isCounted || failure.activity == "read" && wasSent && order.read(by: worker)?.wasOutage == true {
            violate("10 outage", "order \(order.plan.id): an outage was counted as its failure: \(failure.message)")
        }
        if failure.message.contains(World.secretMarker) {
            violate("12 secrets", "order \(order.plan.id): personal data in the journal: \(failure.message)")
        }
    }

    private func decided(_ decision: PersonDecision, _ order: OrderCase) {
        order.decisions.append(decision.name)
        if let lostAt = order.lastLostWriteAt, now <= lostAt + World.shopLateMax { order.wasHurried = true }
        switch decision.kind {
        case .hold: order.isHeldByPerson = true
        case .release:
            order.isHeldByPerson = false
            order.wasReleased = true
        case .skip: order.isSkipped = true
        case .adopt(let receipt):
            order.isSkipped = false
            order.wasAdopted = true
            order.receiptNumbers.append(receipt.erpOrderNumber)
        case .rerun: order.isSkipped = false
        case .createAgain, .newKey: order.createsOrdered += 1
        case .resend(let ordinal): order.document(ordinal)?.resendsOrdered += 1
        }
    }

    /// A person was told that the decision is taken.
    func acknowledged(_ decision: PersonDecision, _ order: OrderCase, _ count: Int) {
        guard order.decisions.count(where: { $0 == decision.name }) < count else { return }
        violate("5 person", "order \(order.plan.id): the decision '\(decision.name)' was acknowledged and is not in the journal")
    }

    // MARK: Listing

    func walkBegan(_ worker: Worker) {
        walks[worker.number] = Walk(present: cases.filter(isListable))
    }

    func isListable(_ order: OrderCase) -> Bool {
        order.isInShop && order.state == "confirmed" && order.plan.flavour != .offline && order.plan.flavour != .otherWebshop
    }

    /// The watermark moves: everything that was listed must be on the disk, and everything that was there all the time listed.
    func remembered(_ memory: FlowMemory, by worker: Worker) {
        guard let walk = walks[worker.number] else { return }
        for id in walk.listed where orderCase(id)?.isRecorded == false {
            violate("9 rows", "the watermark moved past order \(id), which was listed and has no row")
        }
        for order in walk.present where isListable(order) && !order.isRecorded {
            violate(
                "9 rows", "the watermark moved past order \(order.plan.id), which was in the list all the time and has no row")
        }
        guard let watermark = memory.watermark, watermark.milliseconds > schedule.startsAt.milliseconds + now + 1000 else {
            return
        }
        violate("9 watermark", "the watermark lies in the future of the shop's clock")
    }

    // MARK: Circuits

    func savedCircuit(_ circuit: CircuitBreaker, origin: String) {
        switch circuit.state {
        case .open(let until, _):
            circuits[origin] = (until, now)
            world.count(.circuitOpened)
        case .closed, .halfOpen: circuits[origin] = nil
        }
    }

    func checkCircuit(_ sent: SentRequest, by worker: Worker) {
        guard sent.effect != .token, let circuit = circuits["http://\(sent.host):80"] ?? circuits["http://\(sent.host)"],
            worker.startedAt > circuit.savedAt, world.clockSetAt < circuit.savedAt, world.wallNow < circuit.until
        else { return }
        violate("10 outage", "a new process calls \(sent.host) although its circuit is open")
    }

    func workerDied(_ worker: Worker) {
        for order in cases {
            for post in order.posts where post.worker === worker { post.end(.unknown, at: now) }
        }
    }
}

extension JournalEvent {
    /// In a few words, for a trace.
    fileprivate var summary: String {
        switch self {
        case .listedOffline: "placed elsewhere"
        case .read(let reading): "\(reading.state.rawValue) \(reading.payment?.rawValue ?? "-")"
        case .verdict(let verdict): "\(verdict.standing.rawValue) \(verdict.reason.rawValue)"
        case .createIntended(let intent): "attempt \(intent.attempt)"
        case .createEnded(let attempt, let end): "attempt \(attempt): \(end)".prefix(90).description
        case .attemptBegun(let attempt): attempt.description
        case .attemptEnded(let attempt, let end): "\(attempt): \(end)".prefix(90).description
        case .codesStored(let names): "\(names.count) codes"
        case .codesRevealed(let person, _): "to \(person)"
        case .draftKept: "as it is"
        case .interrupted(let attempt): "attempt \(attempt)"
        case .sought(let finding): "\(finding)".prefix(60).description
        case .wrote(let steps, _): steps.map(\.rawValue).joined(separator: "+")
        case .failed(let failure): "\(failure.activity) \(failure.failureClass.rawValue): \(failure.message)"
        case .person(let decision): decision.name
        case .message(let entry): "\(entry.effect)".prefix(90).description
        case .cancelAsked: "in the ERP"
        case .cancelEnded(let end): "\(end)".prefix(90).description
        case .restored(let restoration): restoration.doubt ?? "in full"
        case .shipped(let known): "\(known.shipments.map(\.id).joined(separator: " ")); closed \(known.closedLines.count)"
        case .documentRendered(let record): "\(record.ordinal) \(record.number)"
        case .documentImpossible(_, let faults): faults.map(\.message).joined(separator: "; ")
        case .documentSending(let ordinal): "\(ordinal)"
        case .documentEnded(let ordinal, let end): "\(ordinal): \(end)".prefix(90).description
        }
    }
}
