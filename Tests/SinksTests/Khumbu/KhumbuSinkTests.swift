import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Testing

/// From an order to the POS's final word.
@Suite struct KhumbuSinkTests {
    private static let unknownItem = [(code: "101000001||2||1", quantity: "1"), (code: "9||9||9", quantity: "1")]

    @Test(arguments: KhumbuSinkSettings.Sending.allCases)
    func `success comes by webhook, and never with the create`(_ sending: KhumbuSinkSettings.Sending) async throws {
        try await RemoteKhumbu.run(sink: { $0.sending = sending }) { remote in
            let order = try RemoteKhumbu.order()
            let ticket = try await remote.ticket(order)
            #expect(ticket.text.contains(#""ks_order_id":"1000001""#))
            #expect(try await remote.sink.poll(ticket, remote.context) == .pending(ticket))
            let id = try remote.id(order)
            let receipt = SinkReceipt(erpOrderNumber: id, lines: [])
            let fire = sending == .holdAndFire ? SinkAttemptName("fire") : nil
            #expect(try await remote.events() == [SinkEvent(.key(order.key), .answer(.accepted(receipt)), concludes: fire)])
            #expect(receipt.covering(order).lines.map(\.lineKey) == ["id:4819300", "id:4819301"])
            let audit = remote.simulator.audit(id)
            #expect(audit.creates == 1 && audit.ordersAtPOS == 1 && audit.fires == (sending == .holdAndFire ? 1 : 0))
        }
    }

    @Test func `the shop gets the provider's order number where it is set so`() async throws {
        try await RemoteKhumbu.run(sink: { $0.orderNumber = .providerOrderNumber }) { remote in
            let order = try RemoteKhumbu.order()
            _ = try await remote.ticket(order)
            let receipt = SinkReceipt(erpOrderNumber: "1000001", lines: [])
            #expect(try await remote.events() == [SinkEvent(.key(order.key), .answer(.accepted(receipt)))])
        }
    }

    @Test func `the POS's refusal comes by webhook, with code and reason`() async throws {
        try await RemoteKhumbu.run { remote in
            let order = try RemoteKhumbu.order(Self.unknownItem)
            _ = try await remote.ticket(order)
            let events = try await remote.events()
            guard case .answer(.rejected(let faults))? = events.first?.kind else { return #expect(Bool(false), "\(events)") }
            #expect(events.map(\.subject) == [.key(order.key)] && faults.count == 1)
            #expect(faults[0].message.contains("KS-0010") && faults[0].message.contains("9||9||9"))
        }
    }

    @Test func `an id that is taken is a conflict on a first attempt, and ours on a repeated one`() async throws {
        try await RemoteKhumbu.run { remote in
            let order = try RemoteKhumbu.order()
            _ = try await remote.ticket(order)
            #expect(await remote.createError(order)?.code == .conflict)
            let again = try await remote.ticket(order, attempt: 2)
            #expect(again.text.contains("repeated"))
            #expect(remote.simulator.audit(try remote.id(order)).ordersAtPOS == 1)
            var other = remote.context
            (other.attempt, other.keyMayHoldOther) = (3, true)
            await #expect(throws: SinkError.self, "what it has may be what it refused") {
                try await remote.sink.create(order, other)
            }
            // A person ordered another key, which is another order.
            _ = try await remote.ticket(try RemoteKhumbu.order(generation: 2))
            #expect(remote.simulator.orders.count == 2)
        }
    }

    @Test(arguments: [FaultAction.applyThenDrop, .applyThenStatus(502), .html200(applied: true), .halfBody])
    func `an order whose create wasn't answered is known by its webhook`(_ action: FaultAction) async throws {
        try await RemoteKhumbu.run { remote in
            let order = try RemoteKhumbu.order()
            remote.simulator.addFault(FaultRule(kind: "orders", times: 1, action: action))
            #expect(await remote.createError(order)?.code == .unknownOutcome)
            let events = try await remote.events()
            #expect(events.map(\.subject) == [.key(order.key)])
            #expect(remote.simulator.audit(try remote.id(order)).creates == 1)
        }
    }

    @Test func `a webhook may come before the create's answer`() async throws {
        try await RemoteKhumbu.run { remote in
            let order = try RemoteKhumbu.order()
            remote.simulator.addFault(.early)
            remote.simulator.addFault(FaultRule(kind: "orders", times: 1, action: .delay(milliseconds: 300, .after)))
            async let ticket = remote.ticket(order)
            var events: [SinkEvent] = []
            while events.isEmpty {
                events = try await remote.events()
                // The courier has no bell; a short pause leaves the core to it.
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(events.map(\.subject) == [.key(order.key)])
            _ = try await ticket
        }
    }

    @Test(arguments: [KhumbuMessageFault.twice, .unknownOrder, .outOfOrder])
    func `webhooks that come twice, of strangers or out of order name their own order each`(
        _ fault: KhumbuMessageFault
    ) async throws {
        try await RemoteKhumbu.run { remote in
            remote.simulator.addFault(fault)
            let (first, second) = (try RemoteKhumbu.order(id: 1), try RemoteKhumbu.order(id: 2))
            _ = try await remote.ticket(first)
            _ = try await remote.ticket(second)
            let events = try await remote.events() + remote.events()
            let expected =
                switch fault {
                case .twice: [first.key, first.key, second.key]
                case .outOfOrder: [second.key, first.key]
                default: [first.key, second.key]
                }
            #expect(events.map(\.subject) == expected.map { .key($0) })
            #expect(events.first == events.first { $0.subject == .key(expected[0]) })
        }
    }

    @Test func `without a webhook it is a person's once the wait is over, and nothing is sent again`() async throws {
        try await RemoteKhumbu.run { remote in
            remote.simulator.addFault(.never)
            let order = try RemoteKhumbu.order()
            let ticket = try await remote.ticket(order)
            #expect(try await remote.events().isEmpty)
            remote.clock.advance(.seconds(1790))
            #expect(try await remote.sink.poll(ticket, remote.context) == .pending(ticket))
            remote.clock.advance(.seconds(20))
            let error = await sinkError { () throws(SinkError) in try await remote.sink.poll(ticket, remote.context) }
            let id = try remote.id(order)
            #expect(error?.code == .unknownOutcome && error?.message.contains(id) == true)
            #expect(remote.simulator.audit(id).creates == 1)
        }
    }

    // MARK: Hold and fire

    @Test(arguments: [FaultAction.applyThenDrop, .dropBeforeApplying])
    func `what was parked is fired later, and nothing is parked twice`(_ action: FaultAction) async throws {
        try await RemoteKhumbu.run(sink: { $0.sending = .holdAndFire }) { remote in
            let order = try RemoteKhumbu.order()
            let attempts = OrderedAttempts()
            let context = SinkContext(timeLimit: .seconds(20), attempts: attempts)
            remote.simulator.addFault(FaultRule(kind: "fire", times: 1, action: action))
            #expect(await remote.createError(order, context)?.code == .unknownOutcome)
            // Nobody ordered it: it isn't fired again.
            #expect(await remote.createError(order, context)?.code == .unknownOutcome)
            let id = try remote.id(order)
            #expect(remote.simulator.audit(id).fires == 1)
            await attempts.order()
            let wasFired = action == .applyThenDrop
            let again = await remote.createError(order, context)
            // Khumbu refuses to fire it a second time, which says nothing of the first.
            #expect(again?.code == (wasFired ? .unknownOutcome : nil))
            let audit = remote.simulator.audit(id)
            #expect(audit.creates == 1 && audit.fires == 2 && audit.ordersAtPOS == 1)
        }
    }

    @Test func `an order that changed since it was parked isn't fired`() async throws {
        try await RemoteKhumbu.run(sink: { $0.sending = .holdAndFire }) { remote in
            let attempts = TransientAttempts()
            remote.simulator.addFault(FaultRule(kind: "fire", times: 1, action: .status(429, retryAfterSeconds: nil)))
            let context = SinkContext(timeLimit: .seconds(20), attempts: attempts)
            #expect(await remote.createError(try RemoteKhumbu.order(), context)?.code == .throttled)
            let changed = try RemoteKhumbu.order([("101000001||2||1", "5")])
            #expect(await remote.createError(changed, context)?.code == .conflict)
            #expect(remote.simulator.orders.map(\.state) == [.hold])
            _ = try await remote.ticket(try RemoteKhumbu.order(), attempts: attempts)
        }
    }

    // MARK: Cancelling

    @Test func `a cancellation is told by webhook, and known when asked again`() async throws {
        try await RemoteKhumbu.run { remote in
            let (order, receipt) = try await Self.accepted(remote)
            let first = await sinkError { () throws(SinkError) in
                try await remote.sink.cancel(receipt, key: order.key, remote.context)
            }
            #expect(first?.code == .unknownOutcome)
            guard case .cancelled? = try await remote.events().first?.kind else { return #expect(Bool(false), "no event") }
            #expect(try await remote.sink.cancel(receipt, key: order.key, remote.context) == .cancelled)
        }
    }

    @Test func `a refused cancellation leaves the order, and its refusal is told`() async throws {
        try await RemoteKhumbu.run(simulator: { $0.pos.cancels = false }) { remote in
            let (order, receipt) = try await Self.accepted(remote)
            _ = await sinkError { () throws(SinkError) in
                try await remote.sink.cancel(receipt, key: order.key, remote.context)
            }
            guard case .answer(.rejected(let faults))? = try await remote.events().first?.kind else {
                return #expect(Bool(false), "no event")
            }
            #expect(faults.first?.message.contains("being prepared") == true)
            #expect(remote.simulator.orders.map(\.state) == [.succeeded])
        }
    }

    @Test func `an order that never went isn't cancelled`() async throws {
        try await RemoteKhumbu.run { remote in
            let receipt = SinkReceipt(erpOrderNumber: "x", lines: [])
            let key = try RemoteKhumbu.order(id: 9).key
            guard case .refused(let why) = try await remote.sink.cancel(receipt, key: key, remote.context) else {
                return #expect(Bool(false), "cancelled")
            }
            #expect(why.contains("KS-0020"))
        }
    }

    @Test func `somebody at the POS cancels by themselves`() async throws {
        try await RemoteKhumbu.run { remote in
            let (order, receipt) = try await Self.accepted(remote)
            #expect(remote.simulator.cancelAtPOS(receipt.erpOrderNumber))
            let events = try await remote.events()
            #expect(events.map(\.subject) == [.key(order.key)])
            guard case .cancelled? = events.first?.kind else { return #expect(Bool(false), "\(events)") }
        }
    }

    private static func accepted(_ remote: RemoteKhumbu) async throws -> (SinkOrder, SinkReceipt) {
        let order = try RemoteKhumbu.order()
        _ = try await remote.ticket(order)
        guard case .answer(.accepted(let receipt))? = try await remote.events().first?.kind else {
            throw RemoteKhumbu.NoTicket(answer: "no success")
        }
        return (order, receipt)
    }

    // MARK: Carts and credentials

    @Test(arguments: [KhumbuAnswers.CartAnswer.direct, .accepted])
    func `a cart is asked before the create only where it is set so, and then once`(
        _ answer: KhumbuAnswers.CartAnswer
    ) async throws {
        for validation in KhumbuSinkSettings.Validation.allCases {
            for sending in KhumbuSinkSettings.Sending.allCases {
                try await RemoteKhumbu.run(
                    simulator: { $0.answers.cart = answer }, sink: { ($0.validation, $0.sending) = (validation, sending) }
                ) { remote in
                    let made = try await remote.sink.create(try RemoteKhumbu.order(Self.unknownItem), remote.context)
                    #expect(remote.simulator.requestCounts["POST cart"] ?? 0 == (validation == .cart ? 1 : 0))
                    let isRefused = remote.simulator.orders.isEmpty
                    #expect(isRefused == (validation == .cart && answer == .direct))
                    if case .rejected(let faults) = made { #expect(isRefused && faults.count == 1) } else { #expect(!isRefused) }
                }
            }
        }
    }

    @Test func `a cart that can't be asked holds no order up, and what may be there already isn't put into one`() async throws {
        try await RemoteKhumbu.run(sink: { $0.validation = .cart }) { remote in
            remote.simulator.addFault(FaultRule(kind: "cart", times: 1, action: .status(503, retryAfterSeconds: nil)))
            let order = try RemoteKhumbu.order()
            _ = try await remote.ticket(order)
            _ = try await remote.ticket(order, attempt: 2)
            #expect(remote.simulator.requestCounts["POST cart"] == 1)
            #expect(remote.simulator.orders.map(\.timesAtPOS) == [1])
        }
    }

    @Test(arguments: [KhumbuAnswers.CartAnswer.direct, .accepted])
    func `to validate asks the cart, and makes no order`(_ answer: KhumbuAnswers.CartAnswer) async throws {
        try await RemoteKhumbu.run(simulator: { $0.answers.cart = answer }) { remote in
            let faults = try await remote.sink.validate(try RemoteKhumbu.order(Self.unknownItem), remote.context)
            #expect(faults.isEmpty == (answer == .accepted))
            #expect(try await remote.sink.validate(try RemoteKhumbu.order(), remote.context).isEmpty)
            #expect(remote.simulator.requestCounts["POST cart"] == 2 && remote.simulator.orders.isEmpty)
        }
    }

    @Test func `check asks for a token, and wrong credentials are told as such`() async throws {
        try await RemoteKhumbu.run { remote in
            let lines = try await remote.sink.check(remote.context)
            #expect(lines.count == 1 && lines[0].contains("token"))
            #expect(remote.simulator.requestCounts == ["POST token": 1])
        }
        try await RemoteKhumbu.run(secret: "wrong") { remote in
            let error = await sinkError { () throws(SinkError) in try await remote.sink.check(remote.context) }
            #expect(error?.code == .unauthorized)
            let order = try RemoteKhumbu.order()
            #expect(await remote.createError(order)?.code == .unauthorized)
        }
        try await RemoteKhumbu.run(sink: { $0.apiKey = Secret("wrong") }) { remote in
            let order = try RemoteKhumbu.order()
            #expect(await remote.createError(order)?.code == .unauthorized)
            #expect(remote.simulator.orders.isEmpty)
        }
    }

    @Test func `a token that has ended is renewed, and the order goes once`() async throws {
        try await RemoteKhumbu.run { remote in
            _ = try await remote.ticket(try RemoteKhumbu.order(id: 1))
            remote.simulator.addFault(FaultRule(kind: "orders", times: 1, action: .expireTokens))
            let second = try RemoteKhumbu.order(id: 2)
            _ = try await remote.ticket(second)
            #expect(remote.simulator.requestCounts["POST token"] == 2)
            #expect(remote.simulator.audit(try remote.id(second)).accepted == 1)
        }
    }
}

/// Attempts of an order that a person may order to be made once more.
private actor OrderedAttempts: SinkAttemptJournal {
    private let base = TransientAttempts()
    private var isOrdered = false

    func order() { isOrdered = true }

    func state(of attempt: SinkAttemptName) async -> SinkAttemptState {
        guard case .unanswered(let silence, let since, _) = await base.state(of: attempt) else {
            return await base.state(of: attempt)
        }
        return .unanswered(for: silence, sinceFirst: since, isOrdered: isOrdered)
    }

    func begin(_ attempt: SinkAttemptName) async { await base.begin(attempt) }
    func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) async { await base.end(attempt, end) }
}
