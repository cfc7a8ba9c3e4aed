import OrderFlow
import Orders
import SinkKit
import Testing

@Suite struct GateTests {
    /// What the gate says of a reading, in one word: `go`, `look up`, or the standing and the reason.
    static func judge(
        _ story: Story = Story(Story.k), _ progress: OrderProgress = OrderProgress(), _ change: (inout OrderReading) -> Void
    ) -> String {
        switch Gate(policy: story.policy).judge(Story.reading(at: story.now, change), progress, at: story.now) {
        case .go: "go"
        case .onlyIfTheERPHasIt: "look up"
        case .stop(let verdict): "\(verdict.standing.rawValue) \(verdict.reason.rawValue)"
        }
    }

    static let payments: [(PaymentStatus?, String)] = [
        (.closedSuccess, "go"), (.paid, "go"), (.account, "go"), (.started, "held payment_started"),
        (.closedCancelled, "held payment_cancelled"), (PaymentStatus.none, "held unpaid"), (nil, "held payment_missing"),
        (PaymentStatus(rawValue: "refunded"), "held payment_unknown"), (PaymentStatus(rawValue: ""), "held payment_unknown"),
        (PaymentStatus(rawValue: "PAID"), "held payment_unknown"),
    ]

    static let states: [(OrderState, String?)] = [
        (.confirmed, nil), (.draft, "held not_confirmed"), (.quotation, "held not_confirmed"), (.processing, "look up"),
        (.done, "look up"),
        (.cancelled, "dismissed cancelled_before_push"), (OrderState(rawValue: "cancelled"), "quarantined unknown_state"),
        (OrderState(rawValue: ""), "quarantined unknown_state"),
    ]

    @Test func `an order in another state is told which states are taken`() {
        let story = Story(Story.k) { $0.selectedStates = [.confirmed, .quotation] }
        let reading = Story.reading(at: story.now) { $0.state = .draft }
        guard case .stop(let verdict) = Gate(policy: story.policy).judge(reading, OrderProgress(), at: story.now) else {
            Issue.record("it may not go")
            return
        }
        #expect(
            verdict.sentence == "Its state in the shop is 'draft'; this flow takes orders that are 'confirmed' or 'quotation'.")
    }

    @Test(arguments: payments, states)
    func `state first, then payment`(
        _ payment: (status: PaymentStatus?, word: String), _ state: (state: OrderState, word: String?)
    ) {
        let word = Self.judge {
            $0.payment = payment.status
            $0.state = state.state
        }
        #expect(word == state.word ?? payment.word)
    }

    @Test(arguments: payments, states)
    func `an offline order and one of another webshop are left alone, whatever else they show`(
        _ payment: (status: PaymentStatus?, word: String), _ state: (state: OrderState, word: String?)
    ) {
        let story = Story(Story.k) { $0.webshop = 1 }
        func change(_ reading: inout OrderReading) { (reading.payment, reading.state) = (payment.status, state.state) }
        let offline = Self.judge(story) {
            change(&$0)
            $0.isOffline = true
            $0.faults = [SinkFault(message: "bad")]
        }
        #expect(offline == "dismissed offline")
        let other = Self.judge(story) {
            change(&$0)
            $0.webshop = 2
        }
        #expect(other == "dismissed other_webshop")
    }

    @Test func `an order that doesn't say its webshop or whether it is offline goes`() {
        let story = Story(Story.k) { $0.webshop = 1 }
        #expect(Self.judge(story) { ($0.webshop, $0.isOffline) = (nil, nil) } == "go")
        #expect(Self.judge(story) { $0.isOffline = false } == "go")
    }

    @Test func `a flow decides which payments and states it takes`() {
        let story = Story(Story.k) {
            $0.acceptedPayments = [.paid, PaymentStatus.none]
            $0.selectedStates = [.confirmed, .processing, OrderState(rawValue: "approved")]
        }
        #expect(Self.judge(story) { $0.payment = PaymentStatus.none } == "go")
        #expect(Self.judge(story) { $0.payment = .account } == "held payment_unknown")
        #expect(Self.judge(story) { $0.state = .processing } == "go")
        #expect(Self.judge(story) { $0.state = OrderState(rawValue: "approved") } == "go", "selected by name, so known")
        #expect(Self.judge(story) { $0.state = .done } == "look up")
    }

    @Test func `data that can't be used names every fault`() {
        let faults = [
            SinkFault(path: "order_lines[0].quantity", message: "is missing"), SinkFault(path: "id", message: "is missing"),
        ]
        let story = Story(Story.k)
        let judgement = Gate(policy: story.policy).judge(
            Story.reading(at: story.now) { $0.faults = faults }, OrderProgress(), at: story.now)
        guard case .stop(let verdict) = judgement else { return #expect(Bool(false), "it must not go") }
        #expect(
            verdict.standing == .quarantined && verdict.reason == .malformed && verdict.faults == faults && verdict.until == nil)
    }

    @Test(arguments: [
        ("100.00", "100", "0", "go"), ("100.00", "100.01", "0", "quarantined total_mismatch"), ("100.00", "100.01", "0.01", "go"),
        ("100.01", "100.00", "0.01", "go"), ("100.011", "100.00", "0.01", "quarantined total_mismatch"),
        ("-5", "5", "1", "quarantined total_mismatch"),
        // A difference that can't be reckoned is none that is tolerated.
        ("1e100", "1e-100", "1e100", "quarantined total_mismatch"),
    ])
    func `totals may differ by the tolerance`(_ stated: String, _ summed: String, _ tolerance: String, _ word: String) throws {
        let tolerance = try ExactDecimal(tolerance)
        let totals = OrderReading.Totals(stated: try ExactDecimal(stated), summed: try ExactDecimal(summed))
        #expect(Self.judge(Story(Story.k) { $0.totalsTolerance = tolerance }) { $0.totals = totals } == word)
    }

    @Test func `totals matter to nobody before the order may go`() throws {
        let totals = OrderReading.Totals(stated: ExactDecimal(1), summed: ExactDecimal(2))
        #expect(Self.judge { ($0.totals, $0.payment) = (totals, .started) } == "held payment_started")
        #expect(Self.judge { ($0.totals, $0.state) = (totals, .draft) } == "held not_confirmed")
    }

    @Test(arguments: [(59_999, "held settling"), (60_000, "go"), (60_001, "go"), (-5000, "held settling")] as [(Int64, String)])
    func `a fresh order is left to settle until exactly its delay is over`(_ age: Int64, _ word: String) {
        let story = Story(Story.k) { $0.settlingDelay = .seconds(60) }
        let confirmedAt = story.now - .milliseconds(age)
        #expect(Self.judge(story) { $0.confirmedAt = confirmedAt } == word)
        let judgement = Gate(policy: story.policy).judge(
            Story.reading(at: story.now) { $0.confirmedAt = confirmedAt }, OrderProgress(), at: story.now)
        if case .stop(let verdict) = judgement { #expect(verdict.until == confirmedAt + .seconds(60)) }
    }

    @Test func `an order that doesn't say when it was confirmed settles from when it was first held`() {
        var story = Story(Story.k) { $0.settlingDelay = .seconds(60) }
        let firstSeenAt = story.now
        story.read { $0.confirmedAt = nil }
        story.settle()
        #expect(story.reason == .settling && story.rest?.until == firstSeenAt + .seconds(60))
        story.after(.seconds(59))
        story.read { $0.confirmedAt = nil }
        story.settle()
        #expect(story.reason == .settling && story.rest?.until == firstSeenAt + .seconds(60))
        story.after(.seconds(1))
        story.read { $0.confirmedAt = nil }
        #expect(story.reason != .settling)
    }
}
