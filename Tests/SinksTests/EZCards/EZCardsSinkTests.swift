import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Testing

/// Buying, and what comes of it.
@Suite struct EZCardsSinkTests {
    private static let mixed = [(sku: "8PX-UF-Y5U", quantity: "7"), (sku: "4TR-GH-K2M", quantity: "5")]

    @Test(arguments: EZCardsSinkSettings.Ordering.allCases)
    func `twelve units come over many polls, each code once and with its unit`(_ ordering: EZCardsSinkSettings.Ordering)
        async throws
    {
        try await RemoteEZCards.run(ordering, simulator: { $0.codesPerRequestMax = 2 }) { remote in
            let order = try RemoteEZCards.order(Self.mixed)
            let (receipt, polls) = try await remote.receipt(try await remote.ticket(order))
            #expect(polls > 1)
            #expect(receipt.state == .confirmed && receipt.isWhole && receipt.lines.map(\.lineKey) == ["id:100", "id:101"])
            #expect(receipt.erpOrderNumber == remote.simulator.purchases.first?.transactionID)
            let codes = receipt.deliverables.filter { $0.label == "code" }
            #expect(
                codes.map(\.secret).map { $0.reveal() }.sorted() == remote.simulator.purchases.flatMap(\.redeemCodes).sorted())
            #expect(Set(codes.map { "\($0.lineKey) \($0.unit)" }).count == 12)
            #expect(codes.count { $0.lineKey == "id:100" && (1...7).contains($0.unit) } == 7)
            #expect(receipt.deliverables.count { $0.label == "pin" && $0.lineKey == "id:101" } == 5)
            #expect(remote.simulator.spent == ["EUR": try ExactDecimal("188.75")])
            #expect(remote.simulator.purchases.count == (ordering == .instant ? 12 : 1))
        }
    }

    @Test func `a code stays with its unit whatever came first`() async throws {
        try await RemoteEZCards.run(.bulk, simulator: { $0.codesPerRequestMax = 1 }) { remote in
            var ticket = try await remote.ticket(try RemoteEZCards.order([("4TR-GH-K2M", "2"), ("4TR-GH-K2M", "3")]))
            var seen: [String: String] = [:]
            while true {
                let deliverables: [SinkDeliverable]
                let answer = try await remote.sink.poll(ticket, remote.context)
                switch answer {
                case .pending(let next): (deliverables, ticket) = (next.deliverables, SinkTicket(next.text))
                case .accepted(let receipt): deliverables = receipt.deliverables
                case .rejected: deliverables = []
                }
                for one in deliverables {
                    let place = "\(one.lineKey) \(one.unit) \(one.label)"
                    #expect(seen[place] == nil || seen[place] == one.secret.reveal())
                    #expect(!ticket.text.contains(one.secret.reveal()))
                    seen[place] = one.secret.reveal()
                }
                if case .pending = answer { continue }
                break
            }
            #expect(seen.count == 10 && Set(seen.values).count == 10)
        }
    }

    @Test(arguments: EZCardsSinkSettings.Ordering.allCases)
    func `a lost ledger buys nothing twice`(_ ordering: EZCardsSinkSettings.Ordering) async throws {
        try await RemoteEZCards.run(ordering) { remote in
            let order = try RemoteEZCards.order(Self.mixed)
            let first = try await remote.receipt(try await remote.ticket(order)).receipt
            let spent = remote.simulator.spent
            let again = try await remote.receipt(try await remote.ticket(order)).receipt
            #expect(again.json == first.json && again.deliverables.count == first.deliverables.count)
            #expect(remote.simulator.spent == spent)
            #expect(try await remote.sink.find(order.key, remote.context)?.erpOrderNumber == first.erpOrderNumber)
        }
    }

    @Test(arguments: [400, 409])
    func `a duplicate is recognised by servers of either age`(_ status: Int) async throws {
        try await RemoteEZCards.run(simulator: { $0.duplicateStatus = status }) { remote in
            let order = try RemoteEZCards.order([("8PX-UF-Y5U", "2")])
            let first = try await remote.ticket(order)
            #expect(try await remote.ticket(order) == first)
            #expect(remote.simulator.purchases.count == 2)
        }
    }

    @Test(arguments: [FaultAction.applyThenDrop, .applyThenStatus(502), .html200(applied: true), .halfBody], [0, 4, 11])
    func `an answer lost after acceptance is looked up, never sent again`(_ action: FaultAction, _ skip: Int) async throws {
        try await RemoteEZCards.run { remote in
            let order = try RemoteEZCards.order(Self.mixed)
            remote.simulator.addFault(FaultRule(method: "POST", skip: skip, times: 1, action: action))
            let context = SinkContext(timeLimit: .seconds(20), attempts: TransientAttempts())
            let error = await sinkError { () throws(SinkError) in try await remote.sink.create(order, context) }
            #expect(error?.code == .unknownOutcome)
            _ = try await remote.receipt(try await remote.ticket(order, context))
            #expect(remote.simulator.spent == ["EUR": try ExactDecimal("188.75")])
            #expect(remote.simulator.requestCounts["POST instant-orders"] == 12)
        }
    }

    @Test func `other content under our number is a conflict`() async throws {
        try await RemoteEZCards.run(.bulk) { remote in
            _ = try await remote.ticket(try RemoteEZCards.order([("8PX-UF-Y5U", "2")]))
            let changed = try RemoteEZCards.order([("8PX-UF-Y5U", "3")])
            let error = await sinkError { () throws(SinkError) in try await remote.sink.create(changed, remote.context) }
            #expect(error?.code == .conflict)
            #expect(remote.simulator.purchases.count == 1)
        }
    }

    @Test func `units that were bought before the order became smaller are a conflict`() async throws {
        try await RemoteEZCards.run { remote in
            _ = try await remote.ticket(try RemoteEZCards.order([("8PX-UF-Y5U", "3")]), remote.context)
            let smaller = try RemoteEZCards.order([("8PX-UF-Y5U", "2")])
            let error = await sinkError { () throws(SinkError) in try await remote.sink.create(smaller, remote.context) }
            #expect(error?.code == .conflict)
        }
    }

    @Test(arguments: EZCardsSinkSettings.Ordering.allCases)
    func `cancelled units make their line changed or rejected, and the rest is kept`(
        _ ordering: EZCardsSinkSettings.Ordering
    ) async throws {
        try await RemoteEZCards.run(ordering) { remote in
            let order = try RemoteEZCards.order([("8PX-UF-Y5U", "1"), ("6CA-NC-EL1", "2"), ("4TR-GH-K2M", "1")])
            let receipt = try await remote.receipt(try await remote.ticket(order)).receipt
            #expect(receipt.lines.map(\.outcome) == [.accepted, .rejected, .accepted] && receipt.state == .confirmed)
            #expect(receipt.deliverables.count { $0.label == "code" } == 2)
            let scarce = try RemoteEZCards.order([("5SH-RT-AGE", "3")], id: 2)
            let part = try await remote.receipt(try await remote.ticket(scarce)).receipt
            #expect(part.lines.map(\.outcome) == (ordering == .bulk ? [.changed] : [.accepted]))
            let nothing = try RemoteEZCards.order([("6CA-NC-EL1", "2")], id: 3)
            #expect(try await remote.receipt(try await remote.ticket(nothing)).receipt.state == .cancelled)
        }
    }

    @Test func `a wallet that runs dry refuses the rest of the order, and all of the next`() async throws {
        try await RemoteEZCards.run(simulator: { $0.balances = ["EUR": ExactDecimal(20)] }) { remote in
            let first = try await remote.receipt(try await remote.ticket(try RemoteEZCards.order([("8PX-UF-Y5U", "3")]))).receipt
            #expect(first.lines.map(\.outcome) == [.changed] && first.deliverables.count == 2)
            #expect(first.lines.first?.message?.contains("INSUFFICIENT_BALANCE") == true)
            let next = try await remote.sink.create(try RemoteEZCards.order([("8PX-UF-Y5U", "1")], id: 2), remote.context)
            guard case .rejected(let faults) = next else { return #expect(Bool(false), "\(next)") }
            #expect(faults.count == 1)
        }
    }

    @Test(arguments: ["0.5", "-1", "0", "10001", "2.50", "123456789012345678901234567890"])
    func `what isn't a whole number of units is refused`(_ quantity: String) async throws {
        try await RemoteEZCards.run { remote in
            let answer = try await remote.sink.create(try RemoteEZCards.order([("8PX-UF-Y5U", quantity)]), remote.context)
            guard case .rejected(let faults) = answer else { return #expect(Bool(false), "\(answer)") }
            #expect(faults.map(\.path) == ["lines[0].quantity"])
            #expect(remote.simulator.purchases.isEmpty)
        }
    }
}

/// What is refused beforehand, and currencies.
@Suite struct EZCardsRuleTests {
    private func faults(_ remote: RemoteEZCards, _ lines: [(sku: String, quantity: String)]) async throws -> [String] {
        try await remote.sink.validate(try RemoteEZCards.order(lines), remote.context).map(\.path)
    }

    @Test func `every fault is told at once, and nothing is bought`() async throws {
        try await RemoteEZCards.run { remote in
            let lines = [("8PX-UF-Y5U", "1"), ("NO-SU-CH", "1"), ("2WS-QA-Z9X", "1"), ("7US-DD-C3C", "1"), ("8PX-UF-Y5U", "1.5")]
            let paths = try await faults(remote, lines)
            #expect(paths.sorted() == ["lines[1].product", "lines[2].product", "lines[3].product", "lines[4].quantity"])
            #expect(remote.simulator.requestCounts.keys.allSatisfy { $0.hasPrefix("GET") })
        }
    }

    @Test func `a product that can't be ordered instantly is bought in bulk`() async throws {
        try await RemoteEZCards.run(.bulk) { remote in
            #expect(try await faults(remote, [("2WS-QA-Z9X", "3")]).isEmpty)
            let receipt = try await remote.receipt(try await remote.ticket(try RemoteEZCards.order([("2WS-QA-Z9X", "3")])))
                .receipt
            #expect(receipt.deliverables.count == 3)
        }
    }

    @Test(arguments: EZCardsSinkSettings.Ordering.allCases)
    func `a currency without a balance is paid with the one that the settings name`(
        _ ordering: EZCardsSinkSettings.Ordering
    ) async throws {
        try await RemoteEZCards.run(ordering, sink: { $0.payWithCurrency = "EUR" }) { remote in
            let order = try RemoteEZCards.order([("8PX-UF-Y5U", "1"), ("7US-DD-C3C", "1")])
            let receipt = try await remote.receipt(try await remote.ticket(order)).receipt
            #expect(receipt.isWhole && receipt.deliverables.count == 2)
            #expect(remote.simulator.spent == ["EUR": try ExactDecimal("18.582")])
            #expect(remote.simulator.purchases.count == 2)
        }
    }

    @Test func `more than a hundred units are not bought one by one`() async throws {
        try await RemoteEZCards.run { remote in
            let paths = try await faults(remote, [("8PX-UF-Y5U", "60"), ("4TR-GH-K2M", "41")])
            #expect(paths == [""])
        }
    }

    @Test func `check tells the balance, and refuses settings that don't fit it`() async throws {
        try await RemoteEZCards.run { remote in
            let lines = try await remote.sink.check(remote.context)
            #expect(lines == ["EZ Cards answers; the balance is 100000 EUR"])
        }
        try await RemoteEZCards.run(sink: { $0.payWithCurrency = "GBP" }) { remote in
            let error = await sinkError { () throws(SinkError) in try await remote.sink.check(remote.context) }
            #expect(error?.code == .misconfigured)
        }
        try await RemoteEZCards.run(token: "wrong") { remote in
            let error = await sinkError { () throws(SinkError) in try await remote.sink.check(remote.context) }
            #expect(error?.code == .unauthorized)
        }
    }

    @Test func `a completed transaction whose codes don't come is a person's after a few polls`() async throws {
        try await RemoteEZCards.run { remote in
            var ticket = try await remote.ticket(try RemoteEZCards.order([("8PX-UF-Y5U", "1")]))
            remote.simulator.addFault(FaultRule(kind: "codes", action: .status(404, retryAfterSeconds: nil)))
            for _ in 1...5 {
                guard case .pending(let next) = try await remote.sink.poll(ticket, remote.context) else {
                    return #expect(Bool(false), "no ticket")
                }
                ticket = SinkTicket(next.text)
            }
            let error = await sinkError { () throws(SinkError) in try await remote.sink.poll(ticket, remote.context) }
            #expect(error?.code == .conflict)
        }
    }

    @Test func `a ticket of another sink is no ticket`() async throws {
        try await RemoteEZCards.run { remote in
            for text in ["", "{}", #"{"key": "a", "transactions": [{}]}"#] {
                let error = await sinkError { () throws(SinkError) in try await remote.sink.poll(SinkTicket(text), remote.context)
                }
                #expect(error?.code == .conflict)
            }
        }
    }
}
