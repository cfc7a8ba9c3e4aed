import OrderFlow
import Orders
import SinkKit
import TestSupport

/// A shop with one order, an ERP that answers badly, people who step in, and an engine that dies: one random path through them.
///
/// The engine has no memory but its journal: ``Story`` folds it anew for every decision.
struct WalkModel {
    private(set) var story: Story
    private var random: SeededGenerator
    private var shop: OrderReading
    /// What the ERP did, by the key's generation and the content it was told; and what it may still do.
    private(set) var erpOrders: [ERPOrder] = []
    private var late: [(at: Timestamp, order: ERPOrder)] = []
    /// Creates that a person ordered although the outcome of an earlier one wasn't known.
    private(set) var createsOrdered = 0
    private(set) var violations: [String] = []
    private(set) var isAtRest = false
    private(set) var decisions = 0
    private(set) var tailsLost = 0
    private(set) var draftsCarriedOn = 0

    struct ERPOrder: Equatable {
        var generation: Int
        var content: String
        /// The ERP takes creating and confirming as two calls, and the second never came.
        var isDraft = false
    }

    private let hasTwoSteps: Bool

    static let latestEffect: Duration = .seconds(60)

    init(_ sinkClass: SinkClass, seed: UInt64) {
        random = SeededGenerator(seed: seed)
        story = Story(sinkClass) { $0.failuresMax = 4 }
        let takesTwoSteps = random.oneIn(3)
        hasTwoSteps = sinkClass.canFind && takesTwoSteps
        shop = Story.reading(at: Story.start)
        story.policy.merge = random.pick(WriteMerge.allCases)
        story.policy.partial = random.pick(PartialAcceptance.allCases)
    }

    mutating func run() {
        while !isAtRest, decisions < 600 {
            decisions += 1
            pass(.milliseconds(random.pick([1, 50, 400, 3000])))
            disturb()
            let decision = story.next
            if decision != story.next { violations.append("two answers to one question") }
            perform(decision)
        }
        pass(Self.latestEffect)
    }

    /// Time goes by, and requests that were on their way arrive.
    private mutating func pass(_ duration: Duration) {
        story.after(duration)
        for arrival in late where arrival.at <= story.now { takeEffect(arrival.order) }
        late.removeAll { $0.at <= story.now }
    }

    private mutating func takeEffect(_ order: ERPOrder) {
        // A draft of the same content is carried on, by every class; of other content it is left to a person.
        if hasTwoSteps, let index = erpOrders.firstIndex(where: { $0.generation == order.generation && $0.isDraft }) {
            if erpOrders[index].content == order.content, !order.isDraft {
                erpOrders[index].isDraft = false
                draftsCarriedOn += 1
            }
            return
        }
        // Only class K has an ERP that enforces the key.
        if case .key = story.policy.sinkClass, erpOrders.contains(where: { $0.generation == order.generation }) { return }
        erpOrders.append(order)
    }

    private mutating func disturb() {
        if tailsLost < 3, random.oneIn(40) { loseTail() }
        guard random.oneIn(40) else { return }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: shop.contentDigest = random.pick(["content-1", "content-2", "content-3"])
        case 1: shop.payment = random.pick([.paid, .started])
        case 2: shop.state = random.pick([.cancelled, .confirmed])
        default: shop.modifiedDate = "\(decisions)"
        }
    }

    /// What people decided is lost with the tail it stands in, and can't be known again; so the tail begins after it.
    private mutating func loseTail() {
        let kept = story.entries.lastIndex { if case .person = $0.event { true } else { false } }.map { $0 + 1 } ?? 0
        let count = Int.random(in: 0...(story.entries.count - kept), using: &random)
        if count > 0 { tailsLost += 1 }
        story.loseTail(count)
    }

    private mutating func perform(_ decision: Decision) {
        switch decision {
        case .read:
            if random.oneIn(12) { return story.fail("read", .transient, after: .seconds(5)) }
            shop.beganAt = story.now
            story.note(.read(shop))
            pass(.milliseconds(random.pick([5, 100, 6000])))
        case .recordInterruption: story.note(.interrupted(attempt: story.progress.attempts))
        case .seek: seek()
        case .create(let attempt): create(Story.intent(attempt: attempt, content: story.progress.reading?.contentDigest ?? ""))
        case .repeatCreate(let intent): create(intent, isRepeat: true)
        case .keepDraft: story.note(.draftKept)
        case .poll: violations.append("there are no tickets here")
        case .write(let steps): write(steps)
        case .cancel: violations.append("the policy doesn't cancel")
        case .askShipments, .render, .send, .settle, .recordEvidence, .doubt: violations.append("there are no documents here")
        case .rest(let verdict): rest(verdict)
        }
    }

    private mutating func seek() {
        if random.oneIn(4) { return story.fail("look-up in the ERP", .transient, after: .seconds(5)) }
        let found = erpOrders.firstIndex { $0.generation == story.progress.generation }
        story.note(.sought(found.map { .found(receipt($0)) } ?? .absent))
    }

    private mutating func create(_ intent: CreateIntent, isRepeat: Bool = false) {
        let progress = story.progress
        if let reading = progress.reading,
            reading.payment != .paid || reading.state != .confirmed || !reading.isFresh(at: story.now)
        {
            violations.append("a create that no fresh read allows")
        }
        if isRepeat, intent != progress.openIntent?.intent { violations.append("a repeat with other bytes") }
        var order = ERPOrder(generation: intent.generation, content: intent.contentDigest)
        story.note(.createIntended(intent))
        let fate = Int.random(in: 0..<8, using: &random)
        if hasTwoSteps {
            // The sink looks before it creates: a draft that isn't what it was told to make is none that it may carry on.
            if erpOrders.contains(where: { $0.generation == order.generation && $0.isDraft && $0.content != order.content }) {
                return story.fail("create", .conflict)
            }
            order.isDraft = fate >= 2 && random.oneIn(2)
        }
        switch fate {
        case 0...2: takeEffect(order)
        case 3: late.append((story.now + .milliseconds(Int.random(in: 0...60_000, using: &random)), order))
        default: break
        }
        answer(fate, intent.attempt)
    }

    /// The process may die before it has heard or written down anything.
    private mutating func answer(_ fate: Int, _ attempt: Int) {
        if random.oneIn(6) { return pass(.milliseconds(random.pick([1, 1000, 100_000]))) }
        switch fate {
        case 0, 1: story.end(.accepted(receipt(erpOrders.count - 1)), attempt: attempt)
        case 5: story.end(.notApplied("503"), attempt: attempt)
        case 6: story.end(.rejected([SinkFault(message: "no")]), attempt: attempt)
        default:
            story.end(.unknown("cut off"), attempt: attempt)
            story.fail("create", .unknown, after: .seconds(5))
        }
    }

    private func receipt(_ index: Int) -> SinkReceipt {
        var receipt = decisions.isMultiple(of: 5) ? Story.partialReceipt : Story.receipt
        receipt.erpOrderNumber = "E\(index + 1)"
        if erpOrders[index].isDraft { receipt.state = .draft }
        return receipt
    }

    private mutating func write(_ steps: [WriteStep]) {
        guard let receipt = story.progress.receipt else {
            return violations.append("a write to the shop before the ERP accepted")
        }
        if story.progress.reading?.state == .cancelled { violations.append("a write over a cancellation") }
        if random.oneIn(10) { return story.fail("write", .transient, after: .seconds(5)) }
        if !random.oneIn(10) {
            for step in steps {
                switch step {
                case .mark: shop.state = .processing
                case .number: shop.erpOrderNumber = receipt.erpOrderNumber
                case .lines:
                    for (index, line) in shop.lines.enumerated() {
                        shop.lines[index].erpLineNumber = receipt.lines.first { $0.lineKey == line.key }?.erpLineNumber
                    }
                case .close: shop.shipment = .sent
                case .markSent: violations.append("there are no offline orders here")
                }
            }
        }
        if random.oneIn(10) { return story.fail("write", .unknown, after: .seconds(5)) }
        shop.beganAt = story.now
        story.note(.wrote(steps, shop))
    }

    private mutating func rest(_ verdict: Verdict) {
        if verdict.sentence.isEmpty { violations.append("no reason in words") }
        story.settle()
        if verdict.standing == .finished || verdict.standing == .dismissed { return isAtRest = true }
        if let until = verdict.until {
            if until <= story.now { violations.append("waits for the past") }
            return pass(until - story.now)
        }
        if verdict.standing != .quarantined { violations.append("rests without a time and without a person") }
        guard random.oneIn(2) else { return isAtRest = true }
        pass(.seconds(3600))
        stepIn(verdict)
    }

    /// What somebody with sense does about it.
    private mutating func stepIn(_ verdict: Verdict) {
        if verdict.reason == .outcomeUnknown, random.oneIn(2) {
            if let index = erpOrders.indices.last { return story.decide(.adopt(receipt(index))) }
            createsOrdered += 1
            return story.decide(.createAgain)
        }
        story.decide(
            verdict.reason.canBeReleased && random.oneIn(2) ? .release : random.pick([.rerun, .rerun, .createAgain, .skip]))
        if case .person(let decision)? = story.entries.last?.event, decision.kind == .createAgain { createsOrdered += 1 }
    }
}
